"""The report of an import: a table with one line for each row, written as the rows are taken."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kb_builder.diagnostics import KbError
from kb_builder.intake.importing import Action, Step

HEADER = ("工作表", "行", "结果", "编号", "文件", "原因")

_WORDS = {
    Action.CREATED: "新建",
    Action.UPDATED: "更新",
    Action.UNCHANGED: "未变",
    Action.KEPT: "跳过",
    Action.REPEATED: "跳过",
    Action.CONFLICT: "跳过",
    Action.REFUSED: "拒绝",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet program would calculate."""


@contextmanager
def open_report(path: Path) -> Iterator[Callable[[Step], None]]:
    """Write a new report at `path`; gives what adds a line to it. Raises KbError if it can't.

    UTF-8 with the mark by which spreadsheet programs know it. A line is written when its row is
    taken, so that the report of an interrupted run says how far it came.
    """
    try:
        file = path.open("w", encoding="utf-8-sig", newline="", buffering=1)
    except OSError as error:
        raise KbError(f"写不了 {path}：{error.strerror}") from error
    with file:
        table = csv.writer(file)

        def write(cells: tuple[str, ...]) -> None:
            try:
                table.writerow([guarded(cell) for cell in cells])
            except OSError as error:
                raise KbError(f"写不了 {path}：{error.strerror}") from error

        write(HEADER)
        yield lambda step: write(line(step))


def line(step: Step) -> tuple[str, ...]:
    """The cells of a row's line."""
    reasons = [step.reason] if step.reason else []
    if step.action is Action.KEPT:
        reasons.append("编辑改过，保留编辑的")
    reasons += [f"{label}过长，已截短，全文写在正文里" for label in step.cut]
    reasons += step.notes
    return (
        step.sheet,
        str(step.row),
        _WORDS[step.action],
        step.identity,
        step.path,
        "；".join(reasons),
    )


def guarded(cell: str) -> str:
    """The cell, with a mark that makes it text where a spreadsheet program would calculate it.

    >>> guarded("=1+1"), guarded("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
