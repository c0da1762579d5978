"""The strict reader: places are right, nothing is guessed, nothing is raised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.diagnostics import Span
from kb_builder.model import front_matter
from kb_builder.model.front_matter import Mapping, Scalar, Sequence, Source


def read(text: str) -> Source:
    return front_matter.read(text.encode())


def rules(source: Source) -> list[str]:
    return [fault.rule for fault in source.faults]


def root(source: Source) -> Mapping:
    assert source.root is not None, source.faults
    return source.root


DOCUMENT = """---
id: CASE-2024-0001
title: "预付座椅套: 漏下单"
channel: [投诉电话, 现场/上门]
timeline:
  - when: 次日
    what: 送货
---

正文
"""


def test_every_scalar_knows_its_place() -> None:
    found = root(read(DOCUMENT))
    title = found.get("title")
    assert title == Scalar("预付座椅套: 漏下单", Span(3, 8, 12))
    channel = found.get("channel")
    assert isinstance(channel, Sequence)
    assert channel.span == Span(4, 10, 13)
    assert channel.items[1] == Scalar("现场/上门", Span(4, 17, 5))
    timeline = found.get("timeline")
    assert isinstance(timeline, Sequence)
    entry = timeline.items[0]
    assert isinstance(entry, Mapping)
    assert entry.get("what") == Scalar("送货", Span(7, 11, 2))
    assert found.get("nothing") is None


def test_the_body_begins_after_the_front_matter() -> None:
    source = read(DOCUMENT)
    assert source.body_line == 8
    assert source.lines[source.body_line :] == ("", "正文", "")


def test_scalars_are_the_text_that_was_written() -> None:
    found = root(read("---\na: no\nb: 1.10\nc: 010\nd: 2024-01-01\ne: ~\nf:\ng: 12:30\n---"))
    texts = [node.text for _, node in found.entries if isinstance(node, Scalar)]
    assert texts == ["no", "1.10", "010", "2024-01-01", "~", "", "12:30"]


def test_lines_end_as_on_unix_windows_and_old_macs() -> None:
    for end in ("\n", "\r\n", "\r"):
        assert read(DOCUMENT.replace("\n", end)) == read(DOCUMENT)


def test_a_byte_order_mark_is_no_text() -> None:
    assert read("\ufeff" + DOCUMENT) == read(DOCUMENT)


def test_a_repeated_key_counts_once() -> None:
    source = read("---\nstatus: 草稿\nstatus: 已发布\n---")
    assert rules(source) == ["duplicate-key"]
    assert [node.text for _, node in root(source).entries if isinstance(node, Scalar)] == ["草稿"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "no-front-matter"),
        ("id: x", "no-front-matter"),
        ("---\nid: x", "unclosed-front-matter"),
        ("---\nid: [\n---", "invalid-yaml"),
        ("---\nx\n---", "invalid-yaml"),
        ("---\n---", "invalid-yaml"),
        ("---\n- x\n---", "invalid-yaml"),
        ("---\nx:\n\t- y\n---", "tab-indent"),
        ("---\nx: &a y\n---", "yaml-reference"),
        ("---\nx: &a [y]\n---", "yaml-reference"),
        ("---\nx: *a\n---", "yaml-reference"),
        ("---\nx: !t y\n---", "yaml-reference"),
        ("---\nx: !t {y: z}\n---", "yaml-reference"),
        ("---\nx: " + "[" * 11 + "]" * 11 + "\n---", "too-deep"),
        ("---\nx: y\n---\n\x00", "control-character"),
        ("---\nx: y\n---\n\u2029", "control-character"),
        ("---\nx: |\n" + ("  " + "y" * 99 + "\n") * 700 + "---", "file-too-large"),
        ("---\nx: y\n---\n" + ("y" * 99 + "\n") * 2_700, "file-too-large"),
    ],
)
def test_what_cannot_be_read_has_a_fault_and_no_root(text: str, rule: str) -> None:
    source = read(text)
    assert source.root is None
    assert set(rules(source)) == {rule}


def test_ten_levels_are_read() -> None:
    assert not read("---\nx: " + "[" * 9 + "y" + "]" * 9 + "\n---").faults


def test_an_exclamation_mark_alone_is_quoting() -> None:
    assert root(read("---\nx: ! y\n---")).get("x") is not None


def test_an_escape_may_not_write_a_control_character() -> None:
    assert rules(read('---\nx: "\\e[31m"\n---')) == ["control-character"]
    assert not read('---\nx: "\\u5ea7\\n"\n---').faults


def test_settings_files_are_read_by_the_same_rules() -> None:
    node, faults = front_matter.read_yaml("a: 1\nb: [x]\n")
    assert isinstance(node, Mapping)
    assert not faults
    assert node.entries[1][0].span.line == 2
    assert [fault.rule for fault in front_matter.read_yaml("a: *b")[1]] == ["yaml-reference"]
    assert [fault.rule for fault in front_matter.read_yaml("a: \x07")[1]] == ["control-character"]
    assert front_matter.read_yaml("") == (None, ())


WORDS = st.text(st.sampled_from("甲乙丙座椅套abc0 ，。“”"), min_size=1, max_size=12).map(str.strip)


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), WORDS.filter(bool), min_size=1)
)
def test_a_place_points_at_its_text(values: dict[str, str]) -> None:
    text = "---\n" + "".join(f"{key}:   {value}\n" for key, value in values.items()) + "---\n"
    source = read(text)
    for key, node in root(source).entries:
        assert isinstance(node, Scalar)
        for scalar in (key, node):
            span = scalar.span
            line = source.lines[span.line - 1]
            assert line[span.column - 1 : span.column - 1 + span.length] == scalar.text
    assert {key.text: node.text for key, node in root(source).entries} == values  # type: ignore[union-attr]


@given(st.text())
def test_any_text_is_read_or_has_a_fault(text: str) -> None:
    source = front_matter.read(text.encode("utf-8", "replace"))
    assert source.root is not None or source.faults
