"""What reports look like: to people, to programs, to GitHub."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kb_builder import reporters
from kb_builder.diagnostics import Diagnostic, Level, Span

ONE = Diagnostic(
    path="cases/resolved/2024/CASE-2024-0001.md",
    span=Span(4, 11, 3),
    rule="KB203",
    name="unknown-value",
    level=Level.ERROR,
    message="类别“快递慢”不在词表中",
    hint="改为“物流延迟”",
    source="category: 快递慢",
)
TWO = replace(ONE, span=Span(12, 1, 2), level=Level.WARNING, rule="KB308", hint="", source="正文")


def cells(text: str) -> int:
    """What a terminal needs for printable text, told apart from the code under test."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def test_full_shows_the_line_the_place_and_the_correction() -> None:
    assert reporters.full([ONE]) == (
        "cases/resolved/2024/CASE-2024-0001.md:4:11: KB203 类别“快递慢”不在词表中\n"
        "   4 | category: 快递慢\n"
        "                 ^^^^^^\n"
        "     = 改为“物流延迟”"
    )


def test_full_separates_diagnostics_and_names_warnings() -> None:
    assert reporters.full([ONE, TWO]).split("\n\n")[1] == (
        "cases/resolved/2024/CASE-2024-0001.md:12:1: KB308 警告：类别“快递慢”不在词表中\n"
        "  12 | 正文\n"
        "       ^^^^"
    )


def test_full_without_a_line_shows_none() -> None:
    assert reporters.full([replace(ONE, source="", span=Span(1, 1))]).count("\n") == 1


def test_carets_stay_aligned_where_line_numbers_are_long() -> None:
    report = reporters.full([replace(ONE, span=Span(123_456, 11, 3))]).split("\n")
    assert report[1] == "123456 | category: 快递慢"
    assert report[2].index("^") == len("123456 | category: ")
    assert report[3].startswith("       = ")


def test_a_long_line_is_cut_around_the_place() -> None:
    source = "前" * 500 + "错误" + "后" * 500
    _, shown, carets = reporters.full([replace(ONE, hint="", source=source, span=Span(1, 501, 2))]).split(
        "\n"
    )  # fmt: skip
    assert shown.startswith("   1 | …前")
    assert shown.endswith("后…")
    assert "前错误后" in shown
    assert cells(shown) <= 7 + reporters.WIDTH + 2
    assert cells(shown[: shown.index("错")]) == carets.index("^")
    assert carets.count("^") == 4


def test_a_line_of_a_megabyte_is_cut() -> None:
    found = replace(ONE, source="x" * 1_000_000, span=Span(1, 900_000, 50_000))
    assert len(reporters.full([found])) < 500


def test_what_cannot_be_seen_is_shown_and_does_nothing() -> None:
    found = replace(
        ONE,
        path="cases/\x1b[31m\udcff.md",
        message="有\u202e字",
        hint="删\x07去",
        source="a\x1b]0;x\x07b\u200b\u00a0c\td\u3000e",
        span=Span(1, 2),
    )
    report = reporters.full([found])
    assert report == (
        "cases/␛[31m<0xFF>.md:1:2: KB203 有<U+202E>字\n"
        "   1 | a␛]0;x␇b<U+200B><U+00A0>c␉d\u3000e\n"
        "        ^\n"
        "     = 删␇去"
    )
    report.encode("utf-8")


def test_concise_is_one_line_each() -> None:
    assert reporters.concise([ONE, TWO]).splitlines() == [
        "cases/resolved/2024/CASE-2024-0001.md:4:11: KB203 类别“快递慢”不在词表中；改为“物流延迟”",
        "cases/resolved/2024/CASE-2024-0001.md:12:1: KB308 警告：类别“快递慢”不在词表中",
    ]


def test_json_has_the_documented_keys() -> None:
    assert json.loads(reporters.as_json([ONE, TWO], documents=58)) == {
        "version": 1,
        "documents": 58,
        "errors": 1,
        "warnings": 1,
        "diagnostics": [
            {
                "path": "cases/resolved/2024/CASE-2024-0001.md",
                "line": 4,
                "column": 11,
                "end_column": 14,
                "rule": "KB203",
                "name": "unknown-value",
                "level": "error",
                "message": "类别“快递慢”不在词表中",
                "hint": "改为“物流延迟”",
            },
            {
                "path": "cases/resolved/2024/CASE-2024-0001.md",
                "line": 12,
                "column": 1,
                "end_column": 3,
                "rule": "KB308",
                "name": "unknown-value",
                "level": "warning",
                "message": "类别“快递慢”不在词表中",
                "hint": "",
            },
        ],
    }


def test_json_keeps_a_file_name_that_is_no_utf8() -> None:
    text = reporters.as_json([replace(ONE, path="cases/\udcff.md")], documents=1)
    text.encode("utf-8")
    assert json.loads(text)["diagnostics"][0]["path"] == "cases/\udcff.md"


def test_github_escapes_what_its_commands_use() -> None:
    found = replace(ONE, path="cases/a:b,c%d.md", message="100%：\n一", hint="改")
    assert reporters.github([found, TWO]).splitlines() == [
        "::error file=cases/a%3Ab%2Cc%25d.md,line=4,endLine=4,col=11,endColumn=14,"
        "title=KB203 unknown-value::100%25：%0A一%0A改",
        "::warning file=cases/resolved/2024/CASE-2024-0001.md,line=12,endLine=12,col=1,endColumn=3,"
        "title=KB308 unknown-value::类别“快递慢”不在词表中",
    ]


def test_summary_counts() -> None:
    kinds = {"案例": 1_200, "预案": 18, "教训": 0}
    assert (
        reporters.summary([], kinds=kinds)
        == "没有发现问题，共检查 1,218 篇（案例 1,200、预案 18）。"
    )
    assert (
        reporters.summary([ONE, TWO], kinds=kinds)
        == "1 个文件里有 1 个错误、1 个警告，共检查 1,218 篇。"
    )
    assert (
        reporters.summary([TWO], kinds=kinds)
        == "1 个文件里有 1 个警告，共检查 1,218 篇；警告不影响发布。"
    )
    assert reporters.summary([], kinds={}) == "没有发现问题，共检查 0 篇。"


def test_a_style_dresses_the_parts() -> None:
    report = reporters.full([ONE, TWO], style=lambda part, text: f"<{part}>{text}</{part}>")
    assert "<path>cases/" in report
    assert "<error>KB203</error>" in report
    assert "<error>^^^^^^</error>" in report
    assert "<warning>KB308</warning>" in report
    assert "<hint>= 改为“物流延迟”</hint>" in report


PRINTABLE = st.text(
    st.sampled_from("aZ0 :-“”…，。前后错误字①é한😀")
    | st.characters(exclude_categories=["C", "M", "Z"]),
    max_size=200,
)


@given(before=PRINTABLE, marked=PRINTABLE.filter(bool), after=PRINTABLE)
def test_carets_line_up(before: str, marked: str, after: str) -> None:
    span = Span(1, len(before) + 1, len(marked))
    found = replace(ONE, hint="", source=before + marked + after, span=span)
    _, shown, carets = reporters.full([found], width=10_000).split("\n")
    assert shown == f"   1 | {before}{marked}{after}".rstrip()
    assert carets == " " * (7 + cells(before)) + "^" * cells(marked)


@given(
    before=PRINTABLE,
    marked=PRINTABLE.filter(bool),
    after=PRINTABLE,
    width=st.integers(min_value=10, max_value=120),
)
def test_a_cut_line_shows_the_place_within_the_width(
    before: str, marked: str, after: str, width: int
) -> None:
    span = Span(1, len(before) + 1, len(marked))
    found = replace(ONE, hint="", source=before + marked + after, span=span)
    _, shown, carets = reporters.full([found], width=width).split("\n")
    first = carets.index("^")
    # The cell above the first caret is where the place begins.
    above = next(index for index in range(len(shown) + 1) if cells(shown[:index]) == first)
    assert shown[above : above + 1] in (marked[0], "") or marked[0].isspace()
    assert cells(shown) <= 7 + width + 2


@given(st.text())
def test_nothing_reaches_the_terminal_that_it_would_obey(text: str) -> None:
    found = replace(ONE, path=text, message=text, hint=text, source=text, span=Span(1, 1, 5))
    for report in (reporters.full([found]), reporters.concise([found]), reporters.github([found])):
        assert all(char.isprintable() or char in "\n\u3000" for char in report)
        report.encode("utf-8")
    json.loads(reporters.as_json([found], documents=1).encode("utf-8"))
