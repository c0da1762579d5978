"""From Markdown to pieces of HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.site.markdown import ConversionError, Converter, Heading

CONVERTER = Converter()

_LINE = st.text("客户说3.-#> :`*_[]()!&<|~+=\\a“。　\t{}", min_size=0, max_size=14)
_HEADINGS = st.sampled_from(["## 记录", "## 受理", "##记录", "### 细节", "## 处理 ", "## a"])


@given(st.lists(_LINE | _HEADINGS | st.just(""), max_size=12))
def test_plain_texts_come_out_as_markdown_makes_them(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert CONVERTER.convert(text) == CONVERTER.convert_any(text)


@given(
    st.lists(st.sampled_from(["客户来电。", "他说：没货！", "## 记录", "## 受理", ""]), max_size=14)
)
def test_plain_sections_come_out_as_markdown_makes_them(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert CONVERTER.convert(text) == CONVERTER.convert_any(text)


def test_a_body_is_cut_at_its_second_level_headings() -> None:
    parts = CONVERTER.convert(
        "引言\n\n## 记录\n\n一[^1]\n\n### 细节\n\n二\n\n## 总结\n\n三\n\n[^1]: 注\n"
    )
    assert parts.lead == "<p>引言</p>"
    assert [part.heading for part in parts.sections] == [
        Heading("记录", "记录", (Heading("细节", "细节"),)),
        Heading("总结", "总结"),
    ]
    assert "<p>三</p>" in parts.sections[1].html
    assert "注" in parts.notes
    assert "注" not in parts.sections[1].html


def test_equal_headings_get_different_anchors() -> None:
    parts = CONVERTER.convert("## 记录\n\n一\n\n## 记录\n\n二\n")
    assert [part.heading.id for part in parts.sections] == ["记录", "记录_1"]


def test_headings_in_quotations_and_code_do_not_cut() -> None:
    parts = CONVERTER.convert("> ## 引\n\n```\n## 码\n```\n\n## 真\n\n文\n")
    assert [part.heading.title for part in parts.sections] == ["真"]


def test_a_first_level_heading_cuts_like_the_others() -> None:
    assert [part.heading.title for part in CONVERTER.convert("# 题\n\n文\n").sections] == ["题"]


def test_tables_carry_no_style() -> None:
    html = CONVERTER.convert("| 甲 |\n|---:|\n| 1 |\n").lead
    assert 'align="right"' in html
    assert "style" not in html


@pytest.mark.parametrize("text", ["![[]()" * 16000, "[" * 5000, "[a" * 3000])
def test_what_would_take_minutes_is_refused(text: str) -> None:
    with pytest.raises(ConversionError):
        CONVERTER.convert(text)


def test_one_body_does_not_leak_into_the_next() -> None:
    CONVERTER.convert("[甲]: https://example.com/\n\n## 记录\n\n文[^1]\n\n[^1]: 注\n")
    parts = CONVERTER.convert("[甲] 和 [^1]\n\n## 记录\n")
    assert "example.com" not in parts.lead
    assert parts.notes == ""
    assert parts.sections[0].heading.id == "记录"
