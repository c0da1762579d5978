"""The normal form of a file: what changes, and that what it says never does."""

from __future__ import annotations

import re

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import CORPUS, REPOSITORY

from kb_builder import loader
from kb_builder.formatting import format_document
from kb_builder.model import document, front_matter

SETTINGS = loader.load_settings(REPOSITORY)
CASE = "cases/resolved/2024/CASE-2024-0001.md"
FILES = {path: (CORPUS / path).read_text("utf-8") for path in sorted(loader.document_paths(CORPUS))}


def formatted(text: str, path: str = CASE) -> str:
    found = document.build(path, text.encode(), SETTINGS.schema)
    return format_document(text.encode(), found).decode()


def front(*lines: str) -> list[str]:
    """The normal form of front matter with these lines."""
    text = formatted("\n".join(["---", *lines, "---", ""]))
    return text.removeprefix("---\n").partition("\n---\n")[0].split("\n")


def body(text: str) -> str:
    return formatted(f"---\nid: CASE-2024-0001\n---\n{text}").split("---\n", 2)[2]


def test_fields_are_in_the_order_of_the_schema_and_unknown_ones_last() -> None:
    assert front("status: 草稿", "mine: 1", "title: 漏下单", "id: CASE-2024-0001", "yours: 2") == [
        "id: CASE-2024-0001",
        "title: 漏下单",
        "status: 草稿",
        "mine: 1",
        "yours: 2",
    ]


def test_a_comment_goes_with_the_field_below_it() -> None:
    assert front("# 状态", "status: 草稿  # 还没审", "", "# 编号", "#", "id: A", "# 完") == [
        "# 编号",
        "#",
        "id: A",
        "# 状态",
        "status: 草稿  # 还没审",
        "# 完",
    ]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ('title: "漏下单"', "title: 漏下单"),
        ("title: '漏下单'", "title: 漏下单"),
        ('title:    "漏下单" ', "title: 漏下单"),
        ('"title": 漏下单', "title: 漏下单"),
        ("channel: [投诉电话,邮件 ,  '走访']", "channel: [投诉电话, 邮件, 走访]"),
        ("aliases:\n- 甲\n- '乙'", "aliases:\n  - 甲\n  - 乙"),
        ("aliases:\n    - 甲\n    # 俗称\n    - 乙", "aliases:\n  - 甲\n  # 俗称\n  - 乙"),
        (
            'timeline:\n- when: "次日"\n  what: 回访\n- {when: 周末, what: "上门" }',
            "timeline:\n  - when: 次日\n    what: 回访\n  - {when: 周末, what: 上门 }",
        ),
        (
            "aliases: [" + ", ".join(f"第{n:02}个别名" for n in range(20)) + "]",
            "aliases:\n" + "\n".join(f"  - 第{n:02}个别名" for n in range(20)),
        ),
    ],
)  # fmt: skip
def test_a_field_has_one_way_to_be_written(written: str, normal: str) -> None:
    assert front(*written.split("\n")) == normal.split("\n")


@pytest.mark.parametrize(
    "line",
    [
        'title: "先退款: 后补单"',
        'title: "漏下单 #2"',
        'title: "2024"',
        'title: 漏下单\nstatus: "yes"',
        "title: '- 漏下单'",
        'aliases: ["甲, 乙", "[丙]", "1:24"]',
        r'title: "漏\u3000下单"',
        'title: " 漏下单 "',
        "title: 漏下单，\n  第二天补上",
        'title: "漏下单，\n  第二天补上"',
        "root_cause: |\n    没有核对\n      # 不是注释\n\n    两周",
        "root_cause: >-\n  没有核对\n\n  两周",
        "aliases: [甲, # 俗称\n  乙]",
        "aliases: [甲, 乙] # 俗称",
        "lessons: []",
        "lessons:",
    ],
)
def test_what_is_needed_or_not_understood_stays(line: str) -> None:
    assert front(*line.split("\n")) == line.split("\n")


def test_front_matter_in_braces_stays() -> None:
    text = "---\n{title: '漏下单', id: CASE-2024-0001}\n---\n"
    assert formatted(text) == text.replace("'", "")


@pytest.mark.parametrize("text", ["", "没有信息头", "---\ntitle: [\n---\n\n\n", "---\ntitle: 甲\n"])
def test_what_cannot_be_read_stays(text: str) -> None:
    assert formatted(text) == text


def test_a_field_written_twice_leaves_all_fields_where_they_are() -> None:
    text = "---\ntitle: '甲'\nid: A\ntitle: 乙\n---\n"
    assert formatted(text) == text


def test_headings_have_one_blank_line_around_them() -> None:
    assert body("\n\n\n## 记录\n甲\n## 受理\n\n\n乙\n\n\n\n### 当场\n- 丙\n\n\n") == (
        "\n## 记录\n\n甲\n\n## 受理\n\n乙\n\n### 当场\n\n- 丙\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "\n甲\n\n\n乙\n",
        "\n```\n## 不是标题\n\n\n\n甲\n```\n",
        "\n- 甲\n## 在列表里\n乙\n",
        "\n> 甲\n## 乙\n",
        "\na | b\n---|---\n## 甲\n## 乙\n",
        "\n<div>\n## 甲\n</div>\n",
        "\n<!--\n## 甲\n乙\n-->\n",
    ],
)
def test_what_is_no_plain_heading_stays(text: str) -> None:
    assert body(text) == text


def test_an_empty_body_is_none() -> None:
    assert body("\n\n") == ""
    assert formatted("---\nid: A\n---") == "---\nid: A\n---\n"


def test_line_ends_and_mark_of_order_stay() -> None:
    text = "\ufeff---\r\nid: CASE-2024-0001\r\n---\r\n\r\n## 记录"
    assert formatted(text) == f"{text}\r\n"


def test_the_base_of_this_repository_is_in_normal_form() -> None:
    for found in loader.load(REPOSITORY).corpus.documents:
        data = (REPOSITORY / found.path).read_bytes()
        assert format_document(data, found) == data, found.path


LINES = st.sampled_from(
    ["# 注释", "  # 注释", "", "  ", "title: 甲", "title: '乙'", 'summary: "甲: 乙"', "status:", "aliases: [甲,'乙']",
     "aliases:", "- 甲", "  - 乙", "    - 丙", "  - 'x # y'", "steps: [{stage: 甲, action: '乙'}]", "timeline:",
     "  - when: 次日", "    what: '回访'", "    what: |", "      甲", "", "root_cause: |", "  甲", "  # 甲", "root_cause: >",
     'product: "甲', '  乙"', '# 丙"', "figures: {a: [1, '2']}", "lessons: [LS-001,LS-002] # 注", "'id': CASE-2024-0001",
     "owner: 店长 ", "mine: ~", "attempts: '3'", "redirect_from: ['1', 'a']"]
)  # fmt: skip
BODIES = st.lists(
    st.sampled_from(
        ["## 记录", "#甲", "### 乙 ##", "甲", "- 乙", "  丙", "", "", "```", "> 丁", "    码", "| a | b |", "|---|---|",
         "1. 戊", "!!! note", "    己", "<div>", "</div>", "<!-- x -->", "<!--", "-->", "***", "甲  ", ": 庚", "===", "---"]
    ),
    max_size=14,
)  # fmt: skip


@st.composite
def written(draw: st.DrawFn) -> str:
    """A file that an author may have written, from parts of front matter and of Markdown."""
    lines = draw(st.lists(LINES, max_size=10))
    return "\n".join(["---", "id: CASE-2024-0001", *lines, "---", *draw(BODIES)])


@settings(max_examples=400)
@given(text=written())
def test_it_says_the_same_and_is_its_own_normal_form(text: str) -> None:
    normal = formatted(text)
    assert formatted(normal) == normal
    before, after = (front_matter.read(each.encode()) for each in (text, normal))
    if before.root is None or after.root is None:
        assert text == normal
        return
    assert values(before) == values(after)
    assert sorted(comments(before)) == sorted(comments(after))
    assert rendered(before) == rendered(after)


@settings(max_examples=150)
@given(data=st.data())
def test_a_damaged_document_says_the_same(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(FILES)))
    text = FILES[path]
    place = data.draw(st.integers(0, len(text)))
    scrap = data.draw(
        st.sampled_from(["\n", " ", "#", "\n# 注\n", "'", '"', "- ", "## 甲\n", "|", "\t", ": "])
    )
    text = text[:place] + scrap + text[place:]
    normal = formatted(text, path)
    assert formatted(normal, path) == normal
    before, after = (
        document.build(path, each.encode(), SETTINGS.schema) for each in (text, normal)
    )
    assert {name: [item.text for item in items] for name, items in before.fields.items()} == {
        name: [item.text for item in items] for name, items in after.fields.items()
    }
    assert sorted(fault.rule for fault in before.faults) == sorted(
        fault.rule for fault in after.faults
    )


def values(source: front_matter.Source) -> dict[str, object]:
    assert source.root is not None
    return {key.text: value(node) for key, node in source.root.entries}


def value(node: front_matter.Node) -> object:
    if isinstance(node, front_matter.Scalar):
        return node.text
    if isinstance(node, front_matter.Sequence):
        return [value(each) for each in node.items]
    return [(key.text, value(each)) for key, each in node.entries]


def comments(source: front_matter.Source) -> list[str]:
    return re.findall(r"#.*", "\n".join(source.lines[: source.body_line]))


def rendered(source: front_matter.Source) -> str:
    html = markdown.markdown(
        "\n".join(source.lines[source.body_line :]),
        extensions=["tables", "fenced_code", "admonition", "def_list", "md_in_html"],
    )
    return re.sub(r"\n+", "\n", html)
