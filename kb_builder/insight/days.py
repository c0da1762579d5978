"""When cases happened, as days on a number line: what clusters, windows and months are counted by."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from kb_builder.model.dates import PartialDate
from kb_builder.model.document import Document

FIELD = "occurred_on"
"""The date that says when a case happened."""


@dataclass(frozen=True, slots=True, order=True)
class Dated:
    """A case and the first and the last day it can have happened on, counted as `date.toordinal` does.

    In their order, the earliest come first.
    """

    first: int
    last: int
    id: str


def dated(cases: Iterable[Document]) -> tuple[Dated, ...]:
    """The cases that anybody can date, the earliest first."""
    found = []
    for case in cases:
        when = case.date(FIELD)
        if when is not None:
            found.append(Dated(*day_range(when), case.id))
    return tuple(sorted(found))


def day_range(when: PartialDate) -> tuple[int, int]:
    """The first and the last day a date can mean.

    >>> from kb_builder.model.dates import parse
    >>> first, last = day_range(parse("2024-02"))
    >>> str(datetime.date.fromordinal(first)), str(datetime.date.fromordinal(last))
    ('2024-02-01', '2024-02-29')
    """
    return (
        datetime.date(*when.earliest[:3]).toordinal(),
        datetime.date(*when.latest[:3]).toordinal(),
    )


def written_day(ordinal: int) -> str:
    """A day as readers write it.

    >>> written_day(738886)
    '2024-01-01'
    """
    return datetime.date.fromordinal(ordinal).isoformat()
