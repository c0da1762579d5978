"""A table as the import sees it, whatever file it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

SHEET = "工作表"
"""The column that every row has by itself: the label of its sheet, unless the table has such a one."""

MAX_ROWS = 1_048_576
"""The most rows a spreadsheet can have; a file that claims more is damaged."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The content of one cell.

    `text` is what a person would read, not yet cleaned; `moment` is set where the spreadsheet
    itself holds a date; `problem` says why the content can't be relied on (“错误值 #N/A”).
    """

    text: str = ""
    moment: dt.datetime | None = None
    problem: str = ""


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` is the one a spreadsheet shows, `problem` concerns the row as a whole, `sheet`
    is the label of its sheet (empty in a file that has none).
    """

    number: int
    cells: Mapping[str, Cell]
    problem: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """An open table.

    `description` says what it was taken for (sheet or encoding), `sheet` is what reports call its
    sheet, without anybody's name, and `columns` are the names in its
    header row (empty where a column has none). `count` is about how many rows follow, for a
    progress bar. `rows` reads the wanted columns row by row and leaves out blank rows; it can be
    called once.
    """

    description: str
    sheet: str
    columns: tuple[str, ...]
    count: int
    rows: Callable[[Collection[str]], Iterator[Row]]


def gathered(sheet: str, named: Iterable[tuple[str, Cell]]) -> dict[str, Cell]:
    """The cells of a row by the names of their columns.

    Some exports repeat a column for each of its values; the filled ones of a name become the lines of one cell.
    """
    cells = {SHEET: Cell(sheet)}
    found: set[str] = set()
    for name, cell in named:
        before = cells[name] if name in found else EMPTY
        found.add(name)
        if before is EMPTY or not (before.text or before.problem):
            cells[name] = cell
        elif cell.text or cell.problem:
            problem = before.problem or cell.problem
            cells[name] = Cell(f"{before.text}\n{cell.text}", problem=problem)
    return cells
