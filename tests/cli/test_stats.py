"""`kb stats`: the same tables as on the site."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder.cli import main
from kb_builder.cli.stats import cells
from kb_builder.insight.reports import OFFERS


def _stats(root: Path, *words: str, columns: int = 100) -> Result:
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(
        main, ["--root", str(root), "stats", *words]
    )


def test_alone_it_lists_the_reports(tmp_path: Path) -> None:
    shown = _stats(tmp_path)  # without a base, too
    assert shown.exit_code == 0
    for offer in OFFERS:
        assert offer.key in shown.output
        assert offer.title in shown.output


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.key)
def test_by_key_and_by_title(root: Path, offer: object) -> None:
    key, title = offer.key, offer.title  # type: ignore[attr-defined]
    assert _stats(root, key).output == _stats(root, title).output
    assert _stats(root, key).output.startswith(title)


def test_the_numbers_of_the_small_base(root: Path) -> None:
    lines = _stats(root, "overview").output.split("\n")
    start = lines.index("■ 严重度")
    assert lines[start + 1].startswith("  n = 4 篇，其中能数的 2 篇。数每个严重度")
    assert [line.split() for line in lines[start + 2 : start + 6]] == [
        ["严重度", "案例数", "占比"],
        ["较重", "1", "50.0%"],
        ["重大(1)", "1", "50.0%"],
        ["未填写", "2", "—"],
    ]


def test_columns_line_up_in_a_terminal(root: Path) -> None:
    lines = _stats(root, "overview").output.split("\n")
    start = lines.index("■ 严重度")
    assert (
        len({cells(line) for line in lines[start + 2 : start + 6]}) == 1
    )  # numbers end in one column


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
@pytest.mark.parametrize("report", [offer.key for offer in OFFERS])
def test_no_line_is_wider_than_the_terminal(root: Path, report: str, columns: int) -> None:
    for line in _stats(root, report, "--drafts", columns=columns).output.split("\n"):
        assert cells(line) <= columns, line


def test_what_can_not_be_counted_says_what_to_write(root: Path) -> None:
    assert "在案例开头写 cost（处理成本，元）" in _stats(root, "overview", columns=200).output


def test_as_json(root: Path) -> None:
    found = json.loads(_stats(root, "overview", "--json").output)
    table = next(one for one in found["tables"] if one["key"] == "severity")
    assert (table["n"], table["known"], table["unit"]) == (4, 2, "篇")
    assert table["rows"][0] == {
        "key": "serious",
        "label": "较重",
        "unknown": False,
        "documents": ["CASE-2024-0001"],
        "values": {"count": 1, "share": 0.5},
    }
    assert table["rows"][-1]["values"] == {"count": 2, "share": None}


def test_as_csv(root: Path) -> None:
    text = _stats(root, "overview", "--csv").output
    assert text.startswith("\ufeff")  # or a spreadsheet misreads it
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    serious = [row for row in rows if row["表"] == "severity" and row["行"] == "serious"]
    assert [(row["列"], row["值"], row["样本数"], row["编号"]) for row in serious] == [
        ("count", "1", "4", "CASE-2024-0001"),
        ("share", "0.5", "4", "CASE-2024-0001"),
    ]


def test_a_formula_is_no_formula_in_a_spreadsheet(root: Path) -> None:
    path = root / "cases/resolved/2024/CASE-2024-0001.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("action: 派工单加上零件型号一栏", "action: =HYPERLINK(1)"), encoding="utf-8"
    )
    rows = csv.DictReader(io.StringIO(_stats(root, "actions", "--csv").output))
    labels = [row["行名"] for row in rows]
    assert "'=HYPERLINK(1)" in labels
    assert "=HYPERLINK(1)" not in labels


def test_drafts_count_when_asked(root: Path) -> None:
    found = json.loads(_stats(root, "overview", "--json", "--drafts").output)
    assert {table["n"] for table in found["tables"] if table["key"] == "severity"} == {5}


def test_searches_in_vain(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "kb-search-missed.json"
    path.write_text('{"format": 1, "queries": [{"text": "退定金", "count": 3}]}', encoding="utf-8")
    shown = _stats(root, "quality", "--missed", str(path))
    assert any(line.split() == ["退定金", "3"] for line in shown.output.split("\n"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing",), "没有“nothing”这份报表；可以写：overview（总览）"),
        (("overview", "--json", "--csv"), "只能选一个"),
        (("quality", "--missed", "nowhere.json"), "读不了 nowhere.json"),
    ],
)
def test_what_goes_wrong_is_said(root: Path, words: tuple[str, ...], said: str) -> None:
    shown = _stats(root, *words)
    assert shown.exit_code == 2
    assert said in shown.output


def test_it_loads_neither_mkdocs_nor_altair() -> None:
    code = "import sys, kb_builder.cli.stats; assert not {'mkdocs', 'altair', 'jieba'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
