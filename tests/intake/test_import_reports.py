"""The report of an import, repeated rows, and rows that say nearly the same."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_import_privacy import SECRETS
from test_importing import Bench, actions, line

from kb_builder.intake.importing import Action, Step
from kb_builder.intake.reports import HEADER, guarded, open_report

LONG = "我在门店买的手机第二天屏幕就碎了，打了三次电话没有人管"


@pytest.fixture
def bench(base: Path, write_csv: Callable[..., Path]) -> Bench:
    return Bench(base, write_csv)


def written(path: Path, steps: list[Step]) -> list[list[str]]:
    with open_report(path) as add:
        for step in steps:
            add(step)
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_a_line_for_each_row_says_what_became_of_it_and_why(bench: Bench, tmp_path: Path) -> None:
    bench.run([line(1), line(2)])
    first = bench.root / "cases/resolved/2020/CASE-2020-0001.md"
    first.write_text(first.read_text(encoding="utf-8") + "补记。\n", encoding="utf-8")
    rows = [line(1), line(2, 答复="已退款。"), line(3, 标题="长" * 50), line(3, 标题="长" * 50)]
    rows += [line(4, 渠道="客户张伟 13800001234"), line(2)]
    path = tmp_path / "报告.csv"
    header, *lines = written(path, bench.run(rows))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert tuple(header) == HEADER
    assert [cells[:5] for cells in lines] == [
        ["", "2", "跳过", "CASE-2020-0001", "cases/resolved/2020/CASE-2020-0001.md"],
        ["", "3", "更新", "CASE-2020-0002", "cases/resolved/2020/CASE-2020-0002.md"],
        ["", "4", "新建", "CASE-2020-0003", "cases/resolved/2020/CASE-2020-0003.md"],
        ["", "5", "跳过", "", ""],
        ["", "6", "拒绝", "", ""],
        ["", "7", "拒绝", "", ""],
    ]
    reasons = [cells[5] for cells in lines]
    assert reasons[0] == "编辑改过，保留编辑的"
    assert reasons[2] == "标题过长，已截短，全文写在正文里"
    assert reasons[3] == "与第 4 行完全相同"
    assert "不在词表中" in reasons[4]
    assert "与第 3 行重复，内容不同；只收前面那一行" in reasons[5]
    assert not [secret for secret in SECRETS if secret in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@given(st.text())
def test_the_guard_only_adds_a_mark(cell: str) -> None:
    assert guarded(cell).removeprefix("'") == cell.removeprefix("'")
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_rows_that_say_nearly_the_same_are_taken_and_mentioned(bench: Bench) -> None:
    rows = [
        line(1, 详情=LONG),
        line(2, 详情=LONG.replace("，", " 。")),
        line(3, 详情=LONG.replace("三次", "四次")),
    ]
    steps = bench.run(rows)
    assert actions(steps) == [Action.CREATED] * 3
    assert [len(step.notes) for step in steps] == [0, 1, 0]
    assert steps[1].notes[0].startswith("与第 2 行几乎相同")
