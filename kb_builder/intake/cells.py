"""A table as the import sees it, whatever file it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

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
    """One row; `number` is the one a spreadsheet shows, `problem` concerns the row as a whole."""

    number: int
    cells: Mapping[str, Cell]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """An open table.

    `description` says what it was taken for (sheet or encoding), `columns` are the names in its
    header row (empty where a column has none), `count` is about how many rows follow, for a
    progress bar. `rows` reads the wanted columns row by row and leaves out blank rows; it can be
    called once.
    """

    description: str
    columns: tuple[str, ...]
    count: int
    rows: Callable[[Collection[str]], Iterator[Row]]
