"""What the owner of a base decides about the check: levels and thresholds of `checks.yml`."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kb_builder.diagnostics import Level
from kb_builder.model.document import Document

QUOTE_LENGTH = 120
"""How long a quotation may be where the base doesn't say, in characters."""


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A rule that weighs more or less here than usual.

    `rule` is its id or name as written, `level` None where it is switched off, `place` is
    `file:line:column` for a message, since only the rules know which rules there are.
    """

    rule: str
    level: Level | None
    place: str


@dataclass(frozen=True, slots=True)
class Checks:
    """`review_months`: kind → months after which a page is to be looked at again, never where it
    isn't named. `reply_hours`: severity → hours in which a customer is owed an answer.
    """

    levels: tuple[LevelChange, ...] = ()
    review_months: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    quote_length: int = QUOTE_LENGTH
    reply_hours: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def review_due(document: Document, checks: Checks) -> datetime.date | None:
    """The last day on which a page may go without another review; None where nobody set one.

    Counted from the last moment that the date of the last review can mean.
    """
    reviewed = document.date("last_reviewed")
    if reviewed is None or document.kind is None:
        return None
    own = document.items("review_in")
    months = own[0].value if own else checks.review_months.get(document.kind.name)
    if not isinstance(months, int):
        return None
    year, month, day, *_ = reviewed.latest
    later, month = divmod(month - 1 + months, 12)
    if year + later > datetime.MAXYEAR:
        return None
    last = calendar.monthrange(year + later, month + 1)[1]
    return datetime.date(year + later, month + 1, min(day, last))
