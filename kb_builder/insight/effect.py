"""预案效果: how often cases end well with a playbook or a remedy, with the uncertainty of small numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from kb_builder.insight.counting import UNFILLED, UNKNOWN, group, labels
from kb_builder.insight.material import Material
from kb_builder.insight.results import SOLVED
from kb_builder.insight.tables import (
    Cell,
    Column,
    Form,
    Headline,
    Picture,
    Report,
    Row,
    Section,
    Table,
    counted,
    share,
)

_Z = 1.959964
"""The 97.5th percentile of the normal distribution: an interval of 95 %."""

_COLUMNS = (
    Column("count", "案例数"),
    Column("known", "填了结果"),
    Column("solved", "解决了"),
    Column("share", "解决的占比", Form.SHARE),
    Column("low", "区间下限", Form.SHARE),
    Column("high", "区间上限", Form.SHARE),
)
_NOTE = "区间是 95% 的威尔逊区间：篇数越少，区间越宽；两个区间有重叠，就不能说哪一个更好。案例是挑着写进库的，难办的事才会用上的做法看上去会吃亏，所以这里说的是“一起出现”，不是“因为”。"


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a proportion.

    Wilson (1927), “Probable inference, the law of succession, and statistical inference”, Journal of
    the American Statistical Association 22, 209-212. Chosen for small n, where the usual interval
    (p ± 1.96 standard errors) leaves 0 to 1 and covers too little: Brown, Cai and DasGupta (2001),
    “Interval estimation for a binomial proportion”, Statistical Science 16, 101-133.

    >>> [round(bound, 4) for bound in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    p = successes / n
    middle = p + _Z**2 / (2 * n)
    margin = _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    whole = 1 + _Z**2 / n
    # At the ends the bounds are 0 and 1 exactly, which rounding would miss.
    low = (middle - margin) / whole if successes else 0.0
    high = (middle + margin) / whole if successes < n else 1.0
    return low, high


def effect(material: Material) -> Report:
    """The report."""
    titles = {one.id: f"{one.id} {one.title}" for one in material.playbooks}
    tables = [
        _table(
            material,
            "playbooks",
            "按预案",
            "预案",
            titles,
            "在案例开头写 playbooks（适用预案）和 outcome（处理结果），例如“playbooks: [PB-001]”。",
        )
    ]
    remedy = material.spec("remedy")
    if remedy is not None:
        missing = "在案例开头写 remedy（处理措施）和 outcome（处理结果），例如“remedy: [道歉]”。"
        tables.append(_table(material, "remedy", "按处理措施", "处理措施", labels(remedy), missing))
    judged = sum(row.cells[3].value is not None for row in tables[0].rows)
    return Report(
        "effect",
        "预案效果",
        "用了哪份预案、哪种措施的案例，后来解决了多少。",
        (Section("effect", "结果", tuple(tables)),),
        headlines=(Headline("够数、能看效果的预案", f"{judged} 份"),),
    )


def _table(
    material: Material, field: str, title: str, head: str, names: Mapping[str, str], missing: str
) -> Table:
    """Outcome by the values of a field; nothing is said of those with too few cases."""
    least = material.limits.effect_minimum
    groups = group(material.cases, lambda case: case.texts(field))
    outcomes = {case.id: case.text("outcome") for case in material.cases}
    spec = material.spec(field)
    rows = []
    for value, ids in groups.items():
        known = [id_ for id_ in ids if outcomes[id_] not in ("", UNKNOWN)]
        solved = [id_ for id_ in known if outcomes[id_] in SOLVED]
        enough = value != UNFILLED and len(known) >= least
        bounds = wilson(len(solved), len(known)) if enough else (None, None)
        cells = (
            counted(ids),
            counted(known),
            counted(solved),
            share(len(solved), len(known)) if enough else Cell(),
            *map(Cell, bounds),
        )
        label = f"没有写{head}" if value == UNFILLED else names.get(value, value)
        facet = (field, value) if spec and spec.facet and value != UNFILLED else None
        rows.append(Row(value, label, cells, ids, facet, unknown=value == UNFILLED))
    rows.sort(key=lambda row: (row.unknown, -len(row.cells[1].documents), row.key))
    usable = {
        id_ for value, ids in groups.items() if value != UNFILLED for id_ in ids if outcomes[id_]
    }
    return Table(
        key=field,
        title=title,
        definition=f"数写了这个{head}的案例里，处理结果为已解决或危机化解的占几成；没填结果的不进占比，少于 {least} 篇的不下结论。",
        head=head,
        columns=_COLUMNS,
        rows=tuple(rows),
        n=len(material.cases),
        known=len(usable),
        missing=missing,
        picture=Picture.INTERVALS,
        note=_NOTE,
    )
