"""The text of a draft: what is written reads back, reminders stay comments, ids are never reused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb_builder import loader
from kb_builder.diagnostics import KbError
from kb_builder.drafting import (
    Draft,
    FieldValue,
    Numbers,
    accept,
    explain,
    render,
    scalar,
    section_texts,
)
from kb_builder.model import document, front_matter
from kb_builder.model.schema import Needed

SCHEMA = loader.load_settings(Path(__file__).parent.parent).schema
CASE = SCHEMA.kinds["case"]

# The reader refuses control characters, however they are written.
READABLE = st.characters(
    exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff"
)
TEXT = st.text(READABLE) | st.text("-:# '\"[]{},&*!|>%@`\\\n\t甲a")


def read_back(lines: Sequence[str]) -> front_matter.Mapping:
    source = front_matter.read("\n".join(["---", *lines, "---", ""]).encode())
    assert not source.faults
    assert source.root is not None
    return source.root


@given(TEXT)
@example("甲 #乙")
@example("甲: 乙")
@example("甲:")
def test_a_scalar_reads_back(text: str) -> None:
    node = read_back([f"a: {scalar(text)}"]).get("a")
    assert isinstance(node, front_matter.Scalar)
    assert node.text == text


@given(st.lists(TEXT, min_size=1))
def test_a_flow_list_reads_back(texts: list[str]) -> None:
    node = read_back([f"a: [{', '.join(scalar(text, flow=True) for text in texts)}]"]).get("a")
    assert isinstance(node, front_matter.Sequence)
    assert [item.text for item in node.items if isinstance(item, front_matter.Scalar)] == texts


@pytest.mark.parametrize(
    "text", ["预付座椅套漏下单", "24小时", "重大(1)", "网站/App", "2016-03-01 09:30", "A: 甲"]
)
def test_ordinary_text_is_written_without_quotes(text: str) -> None:
    assert (scalar(text) == text) == (": " not in text)


def draft_of(fields: dict[str, FieldValue], **sections: str) -> document.Document:
    values = {"id": "CASE-2024-0001", "title": "四个字的", "status": "草稿", **fields}
    text = render(Draft(CASE, values, sections, reminders=True))
    return document.build("cases/resolved/2024/CASE-2024-0001.md", text.encode(), SCHEMA)


def test_fields_come_in_the_order_of_the_schema_and_read_back() -> None:
    fields: dict[str, FieldValue] = {
        "imported": {"key": "a: b", "digest": "0" * 64},
        "channel": ("投诉电话", "现场/上门"),
        "occurred_on": "2024",
        "precursors": tuple(f"前兆 {number}：" + "很长" * 10 for number in range(9)),
    }
    built = draft_of(fields, 记录="客户说：“碎了”。")
    assert built.faults == ()
    assert built.texts("channel") == ("phone", "onsite")
    assert len(built.texts("precursors")) == 9
    assert built.groups("imported")[0].text("key") == "a: b"
    order = [name for name in CASE.fields if name in built.keys]
    assert list(built.keys) == order
    assert [section.title for section in built.sections] == list(CASE.sections)
    assert built.sections[0].text == "客户说：“碎了”。"
    assert all(section.empty for section in built.sections[1:])


def test_reminders_name_what_publishing_still_needs_and_nothing_else() -> None:
    fields: dict[str, FieldValue] = {"occurred_on": "2024", "channel": ("走访",), "owner": "店长"}
    built = draft_of(fields)
    needed = [name for name, spec in CASE.fields.items() if spec.needed is Needed.PUBLISH]
    comments = [line for line in built.lines if line.startswith("# ")]
    reminded = [name for name in needed if any(c.startswith(f"# {name}:") for c in comments)]
    assert reminded == [name for name in needed if name != "owner"]
    assert set(built.keys) == {"id", "title", "status", *fields}


@pytest.mark.parametrize("kind", SCHEMA.kinds.values(), ids=lambda kind: kind.name)
def test_a_reminder_without_its_mark_is_a_field_to_fill(kind: object) -> None:
    """Whoever removes the marks gets “is empty” for each field, not a YAML error."""
    kind = SCHEMA.kinds[getattr(kind, "name")]  # noqa: B009  parametrize knows no type
    text = render(Draft(kind, {"id": kind.id_example}, {}, reminders=True))
    uncommented = [
        line.removeprefix("# ") if "：" not in line.partition("#")[2] else line
        for line in text.split("\n")
    ]
    built = document.build(f"cases/{kind.top_folder}/x.md", "\n".join(uncommented).encode(), SCHEMA)
    assert built.readable
    needed = {name for name, spec in kind.fields.items() if spec.needed is Needed.PUBLISH}
    assert needed <= set(built.keys)


def test_explanations_are_one_line_with_limits_and_choices() -> None:
    assert explain(CASE.fields["summary"]).endswith("；20–160 字")
    assert "可写：利益诉求、" in explain(CASE.fields["appeal"])
    assert all("\n" not in explain(spec) for spec in CASE.fields.values())


def test_accept_writes_labels_and_reports_what_it_cannot_read() -> None:
    assert accept(CASE.fields["channel"], ["phone", "微博"]) == (("投诉电话", "社交媒体"), ())
    assert accept(CASE.fields["occurred_on"], ["2024-03"]) == ("2024-03", ())
    value, findings = accept(CASE.fields["appeal"], ["要钱"])
    assert value == ""
    assert "要钱" in findings[0].message


def test_template_texts_by_section() -> None:
    assert section_texts(["前言", "## 记录", "", "甲", "", "## 总结", "乙"]) == {
        "记录": "甲",
        "总结": "乙",
    }


def noted(path: str, text: str) -> Numbers:
    numbers = Numbers(CASE)
    numbers.note(document.build(path, text.encode(), SCHEMA))
    return numbers


@pytest.mark.parametrize(
    "text",
    [
        "---\nid: CASE-2024-0007\n---\n",
        "not front matter at all",
        "---\nid: CASE-2023-0001\nredirect_from: [CASE-2024-0007]\n---\n",
        "---\nid: CASE-2023-0001\nrelated: [CASE-2024-0007]\n---\n",
    ],
    ids=["id", "file name", "old id", "reference"],
)
def test_an_id_that_was_ever_used_is_not_given_out(text: str) -> None:
    name = "CASE-2024-0007" if text.startswith("not") else "CASE-2023-0001"
    numbers = noted(f"cases/resolved/2024/{name}.md", text)
    assert numbers.next(2024) == "CASE-2024-0008"
    assert numbers.next(2024) == "CASE-2024-0009"
    assert numbers.next(2025) == "CASE-2025-0001"
    assert numbers.next(None) == "CASE-0000-0001"


def test_numbers_grow_beyond_four_digits_and_end_at_nine() -> None:
    numbers = Numbers(CASE)
    numbers.use("CASE-2024-9999")
    assert numbers.next(2024) == "CASE-2024-10000"
    numbers.use("CASE-2024-999999999")
    with pytest.raises(KbError, match="编号用完了"):
        numbers.next(2024)
