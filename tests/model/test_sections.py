"""Headings, sections and links of a body."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.diagnostics import Span
from kb_builder.model.sections import (
    Section,
    headings,
    links,
    relative_target,
    sections,
    target_path,
)

BODY = """---
x: y
---
开头
## 记录
一

### 小标题
二
## 处理 ##

```
## 不是标题
[x](y.md)
```
~~~~ markdown
```
## 也不是
~~~~
##总结
####### 不是
#\t甲
""".split("\n")  # noqa: SIM905  a body reads better as one


def split(lines: list[str]) -> tuple[Section, ...]:
    return sections(tuple(lines), tuple(headings(tuple(lines), 3)))


def test_headings_have_level_text_and_place() -> None:
    found = list(headings(tuple(BODY), 3))
    assert [(each.level, each.text) for each in found] == [
        (2, "记录"),
        (3, "小标题"),
        (2, "处理"),
        (2, "总结"),
        (1, "甲"),
    ]
    assert found[0].span == Span(5, 4, 2)
    assert found[3].span == Span(20, 3, 2)
    assert found[4].span == Span(22, 3, 1)


def test_a_section_goes_up_to_the_next_one() -> None:
    found = split(BODY)
    assert [each.title for each in found] == ["记录", "处理", "总结"]
    assert found[0].text == "一\n\n### 小标题\n二"
    assert found[2].text == "####### 不是\n#\t甲"
    assert split(BODY[:4]) == ()


@pytest.mark.parametrize(
    ("lines", "empty"),
    [
        ([], True),
        (["", "  "], True),
        (["### 甲", ""], True),
        (["甲"], False),
        (["### 甲", "乙"], False),
    ],
)
def test_a_section_is_empty_without_a_line_of_text(lines: list[str], empty: bool) -> None:
    assert split(["---", "---", "", "## 记录", *lines])[0].empty == empty


@pytest.mark.parametrize(
    ("line", "targets"),
    [
        ('见[a](b.md)和[c](d.md "题")。', ["b.md", "d.md"]),
        ("见[a](<b.md>)。", ["b.md"]),
        ("[名字]: ../b.md", ["../b.md"]),
        ("[^1]: 脚注 a.md", []),
        ('<a class="x" HREF="b.md">那里</a>', ["b.md"]),
        ("<a href=b.md>那里</a>", ["b.md"]),
        ("![图](p.png)", []),
        ("- [ ] 待办，甲=乙", []),
        ("见[a [b] c](d.md)。", ["d.md"]),
        ("[![图](p.png)](d.md)", ["d.md"]),
        ("见[a](b.md (题))和[c](d.md)。", ["b.md", "d.md"]),
        ('<a href  =  "b.md">那里</a>', ["b.md"]),
    ],
)
def test_a_link_is_found_however_it_is_written(line: str, targets: list[str]) -> None:
    found = list(links(("", line), 0))
    assert [link.target for link in found] == targets
    for link in found:
        start = link.span.column - 1
        assert link.span.line == 2
        assert line[start : start + link.span.length] == link.target


def test_a_link_may_go_over_lines_of_one_block() -> None:
    lines = (
        "[甲",
        "乙](a.md)和[丙](b.md)",
        "",
        "[丁",
        "",
        "戊](c.md)",
        "<a href=",
        '"d.md">己</a>',
    )
    found = [(each.target, each.span) for each in links(lines, 0)]
    assert found == [("a.md", Span(2, 4, 4)), ("b.md", Span(2, 14, 4)), ("d.md", Span(8, 2, 4))]


def test_many_brackets_take_no_time() -> None:
    """As long as there are no more than a file may hold; the time grows with the length only."""
    for text in (
        "[" * 50_000,
        "[a" * 50_000,
        "[a]" * 50_000,
        "[a](b " * 20_000,
        "[a](b (" * 20_000,
    ):
        assert list(links((text,), 0)) == []


def test_links_are_found_outside_code() -> None:
    lines = (
        "见[甲](a.md)和[乙](b.md#c)。",
        "![图](c.png)",
        "```",
        "[丙](d.md)",
        "```",
        "[丁] (e.md)",
    )
    found = list(links(lines, 0))
    assert [(each.target, each.span) for each in found] == [
        ("a.md", Span(1, 6, 4)),
        ("b.md#c", Span(1, 16, 6)),
    ]


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("PB-002.md", "cases/playbooks/PB-002.md"),
        ("./PB-002.md?x#y", "cases/playbooks/PB-002.md"),
        ("../lessons/LS-001.md", "cases/lessons/LS-001.md"),
        ("../../README.md", "README.md"),
        ("../../../x.md", "../x.md"),
        ("../../../../x.md", "../../x.md"),
        ("PB%2D002.md", "cases/playbooks/PB-002.md"),
        ("#甲", None),
        ("", None),
        ("https://example.org/x.md", None),
        ("mailto:x", None),
        ("/c/CASE-2024-0001/", None),
        ("//example.org/x.md", None),
        ("C:\\x.md", None),
    ],
)
def test_where_a_link_leads(target: str, path: str | None) -> None:
    assert target_path("cases/playbooks/PB-001.md", target) == path


PATHS = st.lists(st.sampled_from(["a", "b", "c.md"]), min_size=1, max_size=4).map("/".join)


@given(PATHS, PATHS)
def test_a_relative_link_leads_back(page: str, path: str) -> None:
    assert target_path(page, relative_target(page, path)) == path


@given(st.lists(st.text(st.sampled_from("# ab`~\t甲")), max_size=12))
def test_sections_hold_the_body_in_order(lines: list[str]) -> None:
    found = sections(tuple(lines), tuple(headings(tuple(lines), 0)))
    assert [each.span.line for each in found] == sorted({each.span.line for each in found})
    for section in found:
        assert section.text in "\n".join(lines)
