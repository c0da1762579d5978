"""Reports for GitLab, code scanning, test dashboards and GitHub's summary."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from kb_builder import reporters
from kb_builder.diagnostics import Diagnostic, Level, Span

ERROR = Diagnostic(
    path="cases/案例.md",
    span=Span(4, 11, 3),
    rule="KB203",
    name="unknown-value",
    level=Level.ERROR,
    message="类别“快递慢”不在词表中",
    hint="改为“物流延迟”",
    source="category: 快递慢",
)
WARNING = replace(ERROR, level=Level.WARNING, rule="KB308", hint="", span=Span(9, 1))
HINT = replace(ERROR, level=Level.HINT, rule="KB430", path="cases/b.md")
TITLES = {
    "KB001": "没有文头",
    "KB203": "值不在词表中",
    "KB308": "未发布的引用",
    "KB430": "行尾空格",
}


def test_gitlab_has_a_place_a_severity_and_a_name_that_moves_with_the_line() -> None:
    (found,) = json.loads(reporters.gitlab([ERROR]))
    assert found["location"] == {"path": "cases/案例.md", "lines": {"begin": 4}}
    assert found["severity"] == "major"
    assert found["check_name"] == "KB203 unknown-value"
    assert found["description"] == "类别“快递慢”不在词表中；改为“物流延迟”"
    (moved,) = json.loads(reporters.gitlab([replace(ERROR, span=Span(40, 11, 3))]))
    assert moved["fingerprint"] == found["fingerprint"]


def test_gitlab_names_equal_findings_apart() -> None:
    found = json.loads(reporters.gitlab([ERROR, ERROR, WARNING]))
    assert len({each["fingerprint"] for each in found}) == 3
    assert [each["severity"] for each in found] == ["major", "major", "minor"]


def test_sarif_points_at_characters_and_at_the_rule() -> None:
    log = json.loads(reporters.sarif([ERROR, HINT], titles=TITLES, version="1.2"))
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == ["KB203", "KB430"]
    assert [each["level"] for each in run["results"]] == ["error", "note"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 4, "startColumn": 11, "endColumn": 14}
    assert place["artifactLocation"]["uri"] == "cases/%E6%A1%88%E4%BE%8B.md"
    assert run["columnKind"] == "unicodeCodePoints"


def test_junit_counts_files_and_fails_those_with_errors() -> None:
    paths = ["cases/a.md", "cases/b.md", "cases/案例.md"]
    suites = ElementTree.fromstring(reporters.junit([ERROR, WARNING, HINT], paths=paths))
    assert suites.attrib == {"name": "kb check", "tests": "3", "failures": "1"}
    cases = {case.get("name"): case for case in suites.iter("testcase")}
    assert list(cases) == paths
    failure = cases["cases/案例.md"].find("failure")
    assert failure is not None
    assert failure.get("type") == "KB203"
    assert len(cases["cases/a.md"]) == 0
    assert [part.tag for part in cases["cases/b.md"]] == ["system-out"]


def test_github_shows_the_errors_first_and_ten_of_each() -> None:
    many = [replace(HINT, span=Span(line, 1)) for line in range(1, 13)] + [ERROR] * 11 + [WARNING]
    lines = reporters.github(many).split("\n")
    kinds = [line.split(" ")[0] for line in lines]
    assert kinds == ["::error"] * 10 + ["::warning"] + ["::notice"] * 10


def test_the_summary_lists_what_the_annotations_leave_out() -> None:
    many = [replace(ERROR, span=Span(line, 1)) for line in range(1, 31)]
    text = reporters.github_summary(many, "1 个文件里有 30 个错误")
    assert text.startswith("### 1 个文件里有 30 个错误\n")
    assert sum(line.startswith("| 错误 |") for line in text.split("\n")) == 30
    assert "还有" not in text
    long = reporters.github_summary(many * 40, "很多")
    assert "还有 200 个没有列出" in long


def test_the_summary_makes_nothing_of_what_a_document_says() -> None:
    hostile = replace(ERROR, message="a|b <img src=x> [l](http://x) `c`\n# h")
    row = reporters.github_summary([hostile], "h").split("\n")[4]
    assert "\\<img" in row
    assert "\\|" in row
    assert "\\[l\\]" in row
    assert row.count("\n") == 0


DIAGNOSTICS = st.lists(
    st.builds(
        replace,
        st.just(ERROR),
        path=st.text(min_size=1, max_size=20),
        message=st.text(max_size=40),
        level=st.sampled_from(Level),
    ),
    max_size=12,
)


@given(DIAGNOSTICS)
def test_any_text_gives_reports_that_can_be_read_back(found: Sequence[Diagnostic]) -> None:
    assert len(json.loads(reporters.gitlab(found))) == len(found)
    log = json.loads(reporters.sarif(found, titles=TITLES, version="1"))
    assert len(log["runs"][0]["results"]) == len(found)
    suites = ElementTree.fromstring(reporters.junit(found, paths=[]))
    assert len(list(suites.iter("testcase"))) == len({each.path for each in found})
    assert len(reporters.github(found).splitlines()) <= 30
