"""The shape of every report: tables whose numbers say what they count and which documents they are.

A number that a page, a chart or the command line shows stands in a `Cell` here. Nothing else in the
program adds up, and nothing is left out in silence: what is not known is a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How the values of a column are to be read and written."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    """From 0 to 1, written as a percentage."""
    MINUTES = "minutes"
    MONEY = "money"
    """In yuan."""
    DAYS = "days"
    NUMBER = "number"
    """Not a whole one, written to one place."""


class Picture(StrEnum):
    """As which chart a table is drawn; each says which columns it reads.

    BARS the first column; TIMELINE the first, rows in the order of time; HEAT every column; INTERVALS
    the columns `share`, `low` and `high`; PAIRS `share` and `other`; SPREAD `low`, `middle`, `high`.
    """

    NONE = ""
    BARS = "bars"
    TIMELINE = "timeline"
    HEAT = "heat"
    INTERVALS = "intervals"
    PAIRS = "pairs"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Column:
    """One column beside the labels of the rows; `key` is its name in JSON and CSV."""

    key: str
    label: str
    form: Form = Form.COUNT


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, None where nothing can be said, and the ids of the documents behind it."""

    value: int | float | str | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    `documents` are the ids behind the whole line, in the order of ids. `facet` is the field and the
    value by which readers can browse to the same documents. `unknown`: the line counts what is not
    known, and is left out of shares and charts. `rest`: it sums up what has no line of its own, and is
    left out of charts. `report` is the key of the report that says more about it.
    """

    key: str
    label: str
    cells: tuple[Cell, ...]
    documents: tuple[str, ...] = ()
    facet: tuple[str, str] | None = None
    unknown: bool = False
    rest: bool = False
    report: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers that belong together.

    `definition` says in one Chinese sentence what is counted, what is left out and why. `n` is how many
    were looked at, in `unit`s, and `known` how many of them could be counted. `head` is the heading above
    the row labels. `missing` says how to record what the table needs; it is shown instead when it is `empty`.
    `note` is a remark on what the numbers do not say.
    """

    key: str
    title: str
    definition: str
    head: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    n: int
    known: int
    missing: str
    unit: str = "篇"
    picture: Picture = Picture.NONE
    note: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show but how to record it."""
        return self.known == 0 or not self.rows

    def column(self, key: str) -> int:
        """The place of a column."""
        return [column.key for column in self.columns].index(key)


@dataclass(frozen=True, slots=True)
class Section:
    """Tables under one heading."""

    key: str
    title: str
    tables: tuple[Table, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """The one number to be seen before opening a report; `urgent` when somebody has to act."""

    label: str
    value: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A page of sections. `key` is its name on the command line and its address, `lead` what it is for,
    `headlines` what a reader should know without opening it. `day` is the day it stands at where that
    is not today.
    """

    key: str
    title: str
    lead: str
    sections: tuple[Section, ...]
    headlines: tuple[Headline, ...] = ()
    day: str = ""

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, in their order."""
        return tuple(table for section in self.sections for table in section.tables)


COUNT = Column("count", "案例数")
SHARE = Column("share", "占比", Form.SHARE)


def counted(documents: Iterable[str]) -> Cell:
    """How many documents, and which: each once, in the order of ids."""
    found = tuple(sorted(set(documents)))
    return Cell(len(found), found)


def share(part: int, whole: int) -> Cell:
    """A part of a whole; nothing can be said of none."""
    return Cell(part / whole if whole else None)


_DAY = 24 * 60
_LEAST_SHARE = 0.0005
"""What is not zero is not to be read as such."""


def written(cell: Cell, form: Form) -> str:
    """A value as readers see it.

    >>> written(Cell(0.5), Form.SHARE), written(Cell(75), Form.MINUTES), written(Cell(None), Form.COUNT)
    ('50.0%', '1 小时 15 分', '—')
    """
    value = cell.value
    if value is None:
        return "—"
    if isinstance(value, str):
        return value
    if form is Form.SHARE:
        return f"{value * 100:.1f}%" if value == 0 or value >= _LEAST_SHARE else "不到 0.1%"
    if form is Form.NUMBER:
        return f"{value:,.1f}"
    if form is Form.MONEY:
        return f"{value:,.0f} 元"
    if form is Form.DAYS:
        return f"{value:,} 天"
    return _duration(round(value)) if form is Form.MINUTES else f"{value:,}"


def _duration(minutes: int) -> str:
    """A duration as people say it: to the minute within two days, then to a tenth of a day."""
    if minutes >= 2 * _DAY:
        return f"{minutes / _DAY:.1f} 天"
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} 小时"] if hours else []
    parts += [f"{rest} 分"] if rest or not hours else []
    return " ".join(parts)
