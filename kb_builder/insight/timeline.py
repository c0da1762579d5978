"""When cases happened, at the precision in which anybody knows it."""

from __future__ import annotations

from kb_builder.insight.counting import UNFILLED, group
from kb_builder.insight.facets import UNKNOWN_YEAR, YEAR
from kb_builder.insight.material import Material
from kb_builder.insight.tables import COUNT, Picture, Row, Table, counted
from kb_builder.model.dates import PartialDate
from kb_builder.model.document import Document

_FIELD = "occurred_on"
_MISSING = "在案例开头写 occurred_on（发生时间），可以只写到年或月，例如“occurred_on: 2024-05”。"
_TO_THE_MONTH = 7
"""How many characters of a date say year and month."""


def by_year(material: Material) -> Table:
    """How many cases a year; years without any are left out, for they may be decades."""
    groups = group(material.cases, lambda case: filter(None, (case.year,)))
    years = sorted(year for year in groups if year != UNFILLED)
    rows = [
        Row(year, f"{int(year)}年", (counted(groups[year]),), groups[year], facet=(YEAR, year))
        for year in years
    ]
    return _table(
        material,
        "year",
        "按年",
        "按发生的那一年数案例；只知道年份的也算在内，年份不详的单列一行，没有案例的年份不列。",
        "年份",
        rows,
        groups.get(UNFILLED, ()),
    )


def by_month(material: Material) -> Table:
    """How many cases a month for the latest months, with the months between that have none.

    Who knows only the year is not put into a month: those are rows of their own.
    """
    months = group(material.cases, lambda case: filter(None, (_month(case),)))
    coarse = group(
        (case for case in material.cases if case.year and not _month(case)),
        lambda case: (case.year,),
    )
    known = sorted(month for month in months if month != UNFILLED)
    first, last = (_number(known[0]), _number(known[-1])) if known else (0, -1)
    start = max(first, last - material.limits.months + 1)
    rows = []
    before = (month for month in known if _number(month) < start)
    earlier = tuple(sorted(id_ for month in before for id_ in months[month]))
    if earlier:
        rows.append(Row("earlier", f"{_name(start)}以前", (counted(earlier),), earlier, rest=True))
    for number in range(start, last + 1):
        month = f"{number // 12:04d}-{number % 12 + 1:02d}"
        found = months.get(month, ())
        rows.append(Row(month, _name(number), (counted(found),), found))
    for year in sorted(coarse):
        label = f"{int(year)}年，月份不详"
        rows.append(Row(year, label, (counted(coarse[year]),), coarse[year], unknown=True))
    undated = tuple(case.id for case in material.cases if not case.year)
    return _table(
        material,
        "month",
        "按月",
        f"按发生的那个月数案例，列最近 {material.limits.months} 个月，再早的合成一行；只知道年份的不猜月份，按年单列。",
        "月份",
        rows,
        undated,
        known=sum(map(len, (months[month] for month in known))),
    )


def _table(
    material: Material,
    key: str,
    title: str,
    definition: str,
    head: str,
    rows: list[Row],
    undated: tuple[str, ...],
    known: int | None = None,
) -> Table:
    if undated:
        facet = (YEAR, UNKNOWN_YEAR)
        cells = (counted(undated),)
        rows.append(Row(UNKNOWN_YEAR, "年份不详", cells, undated, facet=facet, unknown=True))
    return Table(
        key=key,
        title=title,
        definition=definition,
        head=head,
        columns=(COUNT,),
        rows=tuple(rows),
        n=len(material.cases),
        known=len(material.cases) - len(undated) if known is None else known,
        missing=_MISSING,
        picture=Picture.TIMELINE,
    )


def _month(case: Document) -> str:
    """Year and month as `2024-05`; empty when the month is not known."""
    when = case.date(_FIELD)
    return when.text[:_TO_THE_MONTH] if when and _is_to_the_month(when) else ""


def _is_to_the_month(when: PartialDate) -> bool:
    return len(when.text) >= _TO_THE_MONTH


def _number(month: str) -> int:
    """Months since the year 0."""
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number) - 1


def _name(number: int) -> str:
    return f"{number // 12}年{number % 12 + 1}月"
