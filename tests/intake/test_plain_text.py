"""Text of cells: clean, and shown as it is by the converter of the site."""

from __future__ import annotations

import html
import re

import markdown
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb_builder.intake.plain_text import clean, cut, escape, one_line, paragraphs
from kb_builder.model.sections import headings, links
from kb_builder.site.markdown import EXTENSIONS

CONVERTER = markdown.Markdown(extensions=list(EXTENSIONS))

MARKS = "\\`*_{}[]()<>#+-.!|~=:?/^\"'&; \n1甲aA"
HOSTILE = (
    st.text(MARKS, max_size=60)
    | st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["# ", "1. ", "- ", "> ", "***", "__", "`", "![a](b)", "[^1]", "[a]: b", "[TOC]", "!!! note",
             "<script>", "&lt;", "&#60;", "<![", "\n", "\n    ", "---", "===", "~~~", "| a | b |",
             ": a", "- [ ] ", "*[甲]: 乙", "甲", "http://a.b", "{: .c}", "\\", "a_b", "\t", "\x02", "1) "]
        ),
        max_size=12,
    ).map("".join)
)  # fmt: skip


def shown(text: str) -> list[str]:
    """What a reader sees, a line a paragraph."""
    CONVERTER.reset()
    found = CONVERTER.convert(text)
    assert re.fullmatch(r"(?:<p>[^<]*</p>\n?)*", found), found
    return [" ".join(html.unescape(line).split()) for line in re.findall(r"<p>([^<]*)</p>", found)]


@given(HOSTILE)
@example("\\_a_b_\\")
@example("__a_b__")
@example("1. a\n2. b")
@example("- - -\n===\n: a")
@example("a\n[x]: http://e\n[x][x]")
@example("#1楼")
@example("???+ note\n/// note\n=== tab")
def test_the_reader_sees_exactly_the_clean_text(text: str) -> None:
    cleaned = clean(text)
    assert shown(paragraphs(text)) == (cleaned.split("\n") if cleaned else [])


@given(HOSTILE)
def test_our_own_scanners_find_nothing_either(text: str) -> None:
    lines = tuple(paragraphs(text).split("\n"))
    assert list(headings(lines, 0)) == []
    assert list(links(lines, 0)) == []


@given(st.text())
def test_clean_text_has_no_invisible_characters_and_no_loose_space(text: str) -> None:
    cleaned = clean(text)
    assert (
        re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\ud800-\udfff]", cleaned)
        is None
    )
    assert all(
        line and line == line.strip() and "  " not in line
        for line in cleaned.split("\n")
        if cleaned
    )
    cleaned.encode()


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=40))
def test_clean_keeps_everything_that_can_be_seen(text: str) -> None:
    if "_x00" not in text:
        assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb\u3000c\xa0d", "a b c d"),
        ("一\r\n\r\n二\u2028三\x0b四", "一\n二\n三\n四"),
        ("客\u200b户\ufeff\u202e号\xad码", "客户号码"),
        ("_x000D_甲_x0009_乙_x5F20_", "甲 乙_x5F20_"),
        ("\ud800甲", "甲"),
        ("\x1b[31m红\x00", "[31m红"),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("买2-3件，约5.5折（不含税）!", "买2-3件，约5.5折（不含税）!"),
        ("snake_case 和 A&B", "snake_case 和 A&B"),
        ("-5度", "-5度"),
        ("1.5倍", "1.5倍"),
        ("# 标题", "\\# 标题"),
        ("- 一", "\\- 一"),
        ("12. 一", "12\\. 一"),
        ("价格<![5折]", "价格&lt;!\\[5折]"),
        ("A&amp;B", "A&amp;amp;B"),
    ],
)
def test_only_what_would_be_a_mark_is_escaped(line: str, expected: str) -> None:
    assert escape(line) == expected


def test_one_line_and_cut() -> None:
    assert one_line("甲\n 乙") == "甲 乙"
    assert cut("一二三四五", 5) == "一二三四五"
    assert cut("一二三 四五", 5) == "一二三…"
