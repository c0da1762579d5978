"""How it ended: solved, content, kept, what it cost, how often it was handed on, who could decide."""

from __future__ import annotations

import statistics

from kb_builder.insight.counting import UNFILLED, UNKNOWN, crossing, distribution, group, labels
from kb_builder.insight.material import Material
from kb_builder.insight.tables import (
    Cell,
    Column,
    Form,
    Picture,
    Row,
    Table,
    counted,
    share,
)
from kb_builder.model.document import Document

SOLVED = frozenset({"resolved", "crisis_averted"})
"""The outcomes that count as solved."""

_CONTENT = frozenset({"delighted", "satisfied"})
_KEPT = frozenset({"loyal", "repurchased", "retained"})
_MANY = 3
"""From here on handoffs are counted together."""


def two_numbers(material: Material) -> Table:
    """Solved, content and kept: three shares that must not stand in for each other."""
    rows = []
    known_to_any: set[str] = set()
    for field, key, label, good in (
        ("outcome", "solved", "问题解决了", SOLVED),
        ("satisfaction", "content", "客户满意", _CONTENT),
        ("customer_retained", "kept", "客户留住了", _KEPT),
    ):
        known = [case for case in material.cases if case.text(field) not in ("", UNKNOWN)]
        yes = [case.id for case in known if case.text(field) in good]
        no = [case.id for case in known if case.text(field) not in good]
        rest = {case.id for case in material.cases}.difference(yes, no)
        known_to_any.update(yes, no)
        cells = (counted(yes), counted(no), counted(rest), share(len(yes), len(known)))
        rows.append(Row(key, label, cells, tuple(case.id for case in material.cases)))
    return Table(
        key="kept",
        title="解决、满意、留住是三回事",
        definition="解决：已解决或危机化解；满意：超预期或满意；留住：更忠诚、二次购买或留住；各按填写了的案例算占比，没填和填“未知”的只列数、不进占比。",
        head="",
        columns=(
            Column("yes", "是"),
            Column("no", "否"),
            Column("unknown", "不知道"),
            Column("share", "占比", Form.SHARE),
        ),
        rows=tuple(rows),
        n=len(material.cases),
        known=len(known_to_any),
        missing="在案例开头写 outcome（处理结果）、satisfaction（满意度）和 customer_retained（客户去留）。",
    )


def satisfaction(material: Material) -> Table | None:
    """How content the customers were in the end."""
    return distribution(material, "satisfaction", ordinal=True)


def retention(material: Material) -> Table | None:
    """Whether the customers stayed."""
    return distribution(material, "customer_retained", ordinal=True)


def solved_against_kept(material: Material) -> Table | None:
    """Outcome against whether the customer stayed."""
    outcome, retained = material.spec("outcome"), material.spec("customer_retained")
    if outcome is None or retained is None:
        return None
    return crossing(
        material.cases,
        outcome,
        retained,
        key="outcome-kept",
        title="解决了，客户留下了吗",
        definition="数每种处理结果里客户去留各有几篇；没填的单列一行、一列。",
        note="看“已解决”一行里“流失”有几篇：问题办完了，人还是走了。",
    )


def cost(material: Material, field: str) -> Table | None:
    """What cases cost, by severity or by stage."""
    spec = material.spec(field)
    if spec is None or material.spec("cost") is None:
        return None
    groups = group(material.cases, lambda case: case.texts(field))
    by_id = {case.id: case for case in material.cases}
    names = {**labels(spec), UNFILLED: f"未填{spec.label}"}
    rows = []
    for value in [*names, *sorted(set(groups) - set(names))]:
        if value in groups:
            priced = [id_ for id_ in groups[value] if by_id[id_].items("cost")]
            amounts = [_cost(by_id[id_]) for id_ in priced]
            cells = (
                counted(priced),
                Cell(sum(amounts) if amounts else None),
                Cell(statistics.median(amounts) if amounts else None),
                Cell(max(amounts) if amounts else None),
                counted(id_ for id_ in groups[value] if id_ not in priced),
            )
            facet = (field, value) if spec.facet and value != UNFILLED else None
            label = names.get(value, value)
            rows.append(Row(value, label, cells, groups[value], facet, value == UNFILLED))
    return Table(
        key=f"cost-{field}",
        title=f"处理成本：按{spec.label}",
        definition=f"数写了处理成本的案例，按{spec.label}合计，并列出中位数和最高的一篇；没写成本的不猜，只列有几篇。",
        head=spec.label,
        columns=(
            Column("priced", "写了成本"),
            Column("total", "合计", Form.MONEY),
            Column("median", "中位数", Form.MONEY),
            Column("most", "最高", Form.MONEY),
            Column("unpriced", "没写成本"),
        ),
        rows=tuple(rows),
        n=len(material.cases),
        known=sum(1 for case in material.cases if case.items("cost")),
        missing="在案例开头写 cost（处理成本，元），赔偿、补救、人工合计的估计，例如“cost: 300”。",
        note="合计受个别大案影响很大，平常一件花多少看中位数。",
    )


def handoffs(material: Material) -> Table | None:
    """How often a customer was handed on, against the outcome."""
    outcome = material.spec("outcome")
    if outcome is None or material.spec("handoffs") is None:
        return None
    lines = group(material.cases, lambda case: filter(None, (_handoffs(case),)))
    columns = group(material.cases, lambda case: case.texts("outcome"))
    order = [*labels(outcome).items(), (UNFILLED, "未填处理结果")]
    across = [(value, label) for value, label in order if value in columns]
    names = {
        **{str(number): f"转手 {number} 次" if number else "没有转手" for number in range(_MANY)},
        str(_MANY): f"转手 {_MANY} 次及以上",
        UNFILLED: "未填转手次数",
    }
    rows = tuple(
        Row(
            key,
            label,
            tuple(counted(set(lines[key]).intersection(columns[value])) for value, _ in across),
            lines[key],
            unknown=key == UNFILLED,
        )
        for key, label in names.items()
        if key in lines
    )
    return Table(
        key="handoffs",
        title="转手次数与结果",
        definition="按客户被转给几个人，数各种处理结果有几篇；没填的单列一行、一列。",
        head="转手",
        columns=tuple(Column(value, label) for value, label in across),
        rows=rows,
        n=len(material.cases),
        known=len(material.cases) - len({*lines.get(UNFILLED, ()), *columns.get(UNFILLED, ())}),
        missing="在案例开头写 handoffs（转手次数）和 outcome（处理结果），例如“handoffs: 0”。",
        picture=Picture.HEAT,
    )


def authority(material: Material) -> Table | None:
    """Where the front line lacked authority: who decided in the end."""
    gap, level = material.spec("authority_gap"), material.spec("authority")
    if gap is None or level is None:
        return None
    return crossing(
        material.cases,
        gap,
        level,
        key="authority",
        title="一线想办、无权办",
        definition="数标明“一线无权”是或否的案例，最后由哪一级拍板；没填的单列一行、一列。",
        picture=Picture.NONE,
        note="“是”的一行就是该放权给一线的清单：点数字看是哪些事。",
    )


def _cost(case: Document) -> int:
    return int(case.text("cost"))


def _handoffs(case: Document) -> str:
    text = case.text("handoffs")
    return str(min(int(text), _MANY)) if text else ""
