"""How long replies and solutions took, where dates may be known to the minute or only to the day."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from kb_builder.insight.material import Material
from kb_builder.insight.tables import (
    COUNT,
    SHARE,
    Cell,
    Column,
    Form,
    Picture,
    Row,
    Table,
    counted,
    share,
)
from kb_builder.model.dates import PartialDate
from kb_builder.model.document import Document

_STEPS = (("replied_on", "答复"), ("resolved_on", "解决"))
_DAY = 24 * 60
_MISSING = (
    "在案例开头写 received_on（受理时间）和 replied_on（答复时间）、resolved_on（解决时间），"
    "例如“received_on: 2024-05-01 09:30”。"
)


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Minutes between two dates: at least and at most, since a date may lack its time."""

    least: int
    most: int

    @property
    def middle(self) -> int:
        """The middle of what it can be."""
        return (self.least + self.most) // 2


def elapsed(start: PartialDate | None, end: PartialDate | None) -> Elapsed | None:
    """The time between two dates; None where one is not known to the day, or `end` comes first.

    >>> from kb_builder.model.dates import parse
    >>> elapsed(parse("2024-03-04 09:20"), parse("2024-03-05"))
    Elapsed(least=880, most=2319)
    """
    if start is None or end is None or not (_is_to_the_day(start) and _is_to_the_day(end)):
        return None
    most = _minutes(start.earliest, end.latest)
    return None if most < 0 else Elapsed(max(0, _minutes(start.latest, end.earliest)), most)


def spread(material: Material) -> Table:
    """Median and quartiles of the time to reply and to solve."""
    columns = (
        COUNT,
        Column("low", "四分之一在此以内", Form.MINUTES),
        Column("middle", "一半在此以内（中位数）", Form.MINUTES),
        Column("high", "四分之三在此以内", Form.MINUTES),
    )
    rows = []
    timed: set[str] = set()
    for field, label in _STEPS:
        found = _measured(material, field)
        timed.update(found)
        low, middle, high = _quartiles([one.middle for one in found.values()])
        cells = (counted(found), Cell(low), Cell(middle), Cell(high))
        rows.append(Row(field, f"从受理到{label}", cells, tuple(sorted(found))))
    rest = tuple(case.id for case in material.cases if case.id not in timed)
    if rest:
        rows.append(
            Row(
                "untimed",
                "没有记下时间",
                (counted(rest), Cell(), Cell(), Cell()),
                rest,
                unknown=True,
            )
        )
    return Table(
        key="spread",
        title="从受理到答复、到解决用了多久",
        definition="数受理和答复（解决）时间都至少写到日的案例；只写到日的，取当天可能的最早和最晚的正中；没写的、写颠倒的不算。",
        head="一段",
        columns=columns,
        rows=tuple(rows),
        n=len(material.cases),
        known=len(timed),
        missing=_MISSING,
        picture=Picture.SPREAD,
        note="四分之一、一半、四分之三在多久以内，比平均数可靠：一件拖了半年的，不会把大家都拉长。",
    )


def within(material: Material, field: str, label: str) -> Table:
    """How many were replied to, or solved, within each limit.

    A case whose dates leave it open on which side of a limit it falls is counted on neither.
    """
    limits = material.limits.within_hours
    found = _measured(material, field)
    rows = []
    for hours in limits:
        inside = [id_ for id_, one in found.items() if one.most <= hours * 60]
        outside = [id_ for id_, one in found.items() if one.least > hours * 60]
        certain = len(inside) + len(outside)
        open_ = sorted(set(found) - {*inside, *outside})
        rows.append(
            Row(
                f"{hours}h",
                f"{hours} 小时以内",
                (counted(inside), counted(outside), counted(open_), share(len(inside), certain)),
                tuple(sorted(found)),
            )
        )
    agreed = _agreed(material, found, limits[-1])
    if field == "replied_on" and agreed:
        cells = (Cell(), counted(agreed), Cell(), Cell())
        label_ = f"超过 {limits[-1]} 小时，但事先和客户约好"
        rows.append(Row("agreed", label_, cells, tuple(agreed), unknown=True))
    rest = tuple(case.id for case in material.cases if case.id not in found)
    if rest:
        cells = (Cell(), Cell(), counted(rest), Cell())
        rows.append(Row("untimed", "没有记下时间", cells, rest, unknown=True))
    return Table(
        key=f"within-{field}",
        title=f"{label}及时吗",
        definition=f"数受理到{label}在时限以内和超过的案例；日期只写到日、落在哪边说不准的单列，不进占比；没写时间的单列一行。",
        head="时限",
        columns=(
            Column("inside", "以内"),
            Column("outside", "超过"),
            Column("open", "说不准"),
            Column("share", "以内的占比", Form.SHARE),
        ),
        rows=tuple(rows),
        n=len(material.cases),
        known=len(found),
        missing=_MISSING,
    )


def first_try(material: Material) -> Table:
    """How many were solved at the first try."""
    groups: dict[str, list[str]] = {"first": [], "later": [], "never": [], "unfilled": []}
    for case in material.cases:
        tries, outcome = case.text("attempts"), case.text("outcome")
        if not tries or not outcome:
            groups["unfilled"].append(case.id)
        elif outcome != "resolved":
            groups["never"].append(case.id)
        else:
            groups["first" if tries == "1" else "later"].append(case.id)
    known = len(material.cases) - len(groups["unfilled"])
    names = {"first": "一次解决", "later": "几次才解决", "never": "没有完全解决"}
    rows = [
        Row(
            key,
            label,
            (counted(groups[key]), share(len(groups[key]), known)),
            tuple(groups[key]),
        )
        for key, label in names.items()
    ]
    rest = tuple(groups["unfilled"])
    if rest:
        rows.append(Row("unfilled", "未填写", (counted(rest), Cell()), rest, unknown=True))
    return Table(
        key="first-try",
        title="一次解决",
        definition="数处理次数和处理结果都填了的案例：结果是“已解决”而且处理次数为 1，才算一次解决；没填全的单列一行。",
        head="几次解决",
        columns=(COUNT, SHARE),
        rows=tuple(rows),
        n=len(material.cases),
        known=known,
        missing="在案例开头写 attempts（处理次数）和 outcome（处理结果），例如“attempts: 1”。",
        picture=Picture.BARS,
    )


def _measured(material: Material, field: str) -> dict[str, Elapsed]:
    """The cases whose time can be told, by id."""
    return {
        case.id: one
        for case in material.cases
        if (one := elapsed(case.date("received_on"), case.date(field))) is not None
    }


def _agreed(material: Material, found: dict[str, Elapsed], hours: int) -> list[str]:
    by_id: dict[str, Document] = {case.id: case for case in material.cases}
    return [
        id_
        for id_, one in found.items()
        if one.least > hours * 60 and by_id[id_].flag("delay_agreed")
    ]


def _quartiles(minutes: Sequence[int]) -> tuple[int | None, int | None, int | None]:
    """The quartiles by linear interpolation between ranks, to the minute."""
    if not minutes:
        return None, None, None
    if len(minutes) == 1:
        return minutes[0], minutes[0], minutes[0]
    low, middle, high = statistics.quantiles(minutes, n=4, method="inclusive")
    return round(low), round(middle), round(high)


def _is_to_the_day(when: PartialDate) -> bool:
    return when.earliest[:3] == when.latest[:3]


def _minutes(start: tuple[int, int, int, int, int], end: tuple[int, int, int, int, int]) -> int:
    return int((datetime.datetime(*end) - datetime.datetime(*start)).total_seconds()) // 60
