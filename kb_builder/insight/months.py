"""The months of a base: what came in, what was solved, what stood late, and which categories rose.

A month has what came in (`received_on`, or `occurred_on` where nobody wrote that), what was solved
(`resolved_on`, or `closed_on`), and what stood late at its end. The month of today stands at today.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb_builder.insight.actions import Action, State, actions
from kb_builder.insight.brewing import categories
from kb_builder.insight.days import Dated, dated, day_range
from kb_builder.insight.material import Material
from kb_builder.insight.pyramid import FIELD as SEVERITY
from kb_builder.insight.pyramid import SEVERE
from kb_builder.insight.rising import Period, Placed, Rise, judge, place
from kb_builder.model.dates import PartialDate
from kb_builder.model.document import Document

_CAME = ("received_on", "occurred_on")
_SOLVED = ("resolved_on", "closed_on")
_TO_THE_MONTH = 7
YEAR = 12
"""Months that a month is compared with."""


@dataclass(frozen=True)
class Month:
    """What one month came to, ids in their order."""

    name: str
    came: tuple[str, ...]
    solved: tuple[str, ...]
    severe: tuple[str, ...]
    late: tuple[Action, ...]
    end: datetime.date
    """Its last day, or today."""
    due: datetime.date
    """What was to be done before this day and isn't is late: the day after, but never after today."""
    placed: Placed
    rises: tuple[Rise, ...]

    @property
    def rising(self) -> tuple[Rise, ...]:
        """The categories that are called rising."""
        return tuple(rise for rise in self.rises if rise.rising)

    @property
    def title(self) -> str:
        """`2024年5月`."""
        return f"{int(self.name[:4])}年{int(self.name[5:])}月"


@dataclass(frozen=True)
class Months:
    """All months of a base in which a case came in or was solved; its cases by id, and all actions."""

    material: Material

    @cached_property
    def found(self) -> tuple[Month, ...]:
        """The months, the earliest first."""
        came = _by_month(self.material.cases, _CAME)
        solved = _by_month(self.material.cases, _SOLVED)
        this = self.material.today.isoformat()[:_TO_THE_MONTH]
        # What is dated in the future is a slip of the pen, which the check reports.
        names = sorted(name for name in {*came, *solved} if name <= this)
        return tuple(self._month(name, came.get(name, ()), solved.get(name, ())) for name in names)

    @cached_property
    def cases(self) -> dict[str, Document]:
        """The cases by id."""
        return {case.id: case for case in self.material.cases}

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """Every corrective action."""
        return actions(self.material)

    @cached_property
    def _dated(self) -> tuple[Dated, ...]:
        return dated(self.material.cases)

    @cached_property
    def _categories(self) -> dict[str, frozenset[str]]:
        return categories(self.material)

    def _month(self, name: str, came: Sequence[str], solved: Sequence[str]) -> Month:
        start = datetime.date(int(name[:4]), int(name[5:]), 1)
        due = min(_next(start), self.material.today)
        end = min(_next(start) - datetime.timedelta(days=1), self.material.today)
        before = datetime.date(start.year - 1, start.month, 1) if start.year > 1 else start
        period = Period(before.toordinal(), start.toordinal(), end.toordinal())
        placed = place(self._dated, period)
        limits = self.material.limits
        return Month(
            name=name,
            came=tuple(sorted(came)),
            solved=tuple(sorted(solved)),
            severe=tuple(id_ for id_ in sorted(came) if self.cases[id_].text(SEVERITY) in SEVERE),
            late=tuple(action for action in self.actions if self._is_late(action, due, end)),
            end=end,
            due=due,
            placed=placed,
            rises=judge(
                self._categories,
                placed,
                level=limits.rising_level / 100,
                least=limits.rising_minimum,
            ),
        )

    def _is_late(self, action: Action, due: datetime.date, end: datetime.date) -> bool:
        """Whether an action was to be done before a day, and was not done by the end."""
        if action.due_day is None or action.due_day >= due or action.state is State.DROPPED:
            return False
        last = end.toordinal()
        if action.state is State.DONE and (
            action.done_on is None or day_range(action.done_on)[0] <= last
        ):
            return False
        happened = _date(action.case, _CAME)
        return happened is None or day_range(happened)[0] <= last


def _by_month(cases: Iterable[Document], fields: Sequence[str]) -> dict[str, list[str]]:
    """The cases by month, as far as it is known, by the first of the fields that is filled in."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for case in cases:
        when = _date(case, fields)
        if when is not None and len(when.text) >= _TO_THE_MONTH:
            found[when.text[:_TO_THE_MONTH]].append(case.id)
    return dict(found)


def _date(case: Document, fields: Sequence[str]) -> PartialDate | None:
    return next((when for field in fields if (when := case.date(field)) is not None), None)


def _next(start: datetime.date) -> datetime.date:
    """The first day of the month after."""
    return (start + datetime.timedelta(days=31)).replace(day=1)


def month_before(name: str) -> str:
    """The month before.

    >>> month_before("2024-01"), month_before("0001-01")
    ('2023-12', '0000-12')
    """
    number = int(name[:4]) * 12 + int(name[5:]) - 2
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
