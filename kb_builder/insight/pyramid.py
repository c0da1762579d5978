"""Small matters under the great ones: how many near misses and slight cases were recorded for each severe one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from kb_builder.insight.complaints import product_of
from kb_builder.insight.counting import UNFILLED, group, how_to_record, labels
from kb_builder.insight.material import Material
from kb_builder.insight.shares import shares
from kb_builder.insight.tables import Cell, Column, Form, Picture, Row, Table, counted
from kb_builder.model.document import Document
from kb_builder.model.schema import FieldSpec

FIELD = "severity"
SEVERE = ("major", "crisis")
"""The values of severity that stand at the top."""

_SMALL = ("near_miss", "minor")
_LEVELS = (
    ("severe", "重大和危机", SEVERE),
    ("minor", "轻微", ("minor",)),
    ("near_miss", "隐患", ("near_miss",)),
)
"""Key, label and severities of the three levels of the statistic, the worst first."""
_BETWEEN = ("serious", "较重", ("serious",))
"""A level of ours that the statistic does not know."""

_PILING = "小事在攒，还没出大事"
_UNSEEN = "出过大事，没记下小事"


def pyramid(material: Material) -> Table | None:
    """The three levels against the ratio that `reports.yml` names; None where the field is taken out."""
    spec = material.spec(FIELD)
    if spec is None:
        return None
    groups = group(material.cases, lambda case: case.texts(FIELD))
    statistic = material.settings.statistics.get(material.limits.pyramid)
    told = [part.percent for part in shares(statistic).parts] if statistic else []
    # A statistic with another number of levels can't be laid beside ours.
    ratios = told if len(told) == len(_LEVELS) else [None] * len(_LEVELS)
    severe = len(_ids(groups, SEVERE))
    rows = []
    for (key, label, values), ratio in zip(_LEVELS, ratios, strict=True):
        ids = _ids(groups, values)
        expected = severe * ratio if ratio is not None and severe else None
        cells = (
            counted(ids),
            Cell(len(ids) / severe if severe else None),
            Cell(None if ratio is None else float(ratio)),
            Cell(None if expected is None else round(expected)),
        )
        rows.append(Row(key, label, cells, ids))
    key, label, values = _BETWEEN
    between = _ids(groups, values)
    rows.insert(1, Row(key, label, (counted(between), Cell(), Cell(), Cell()), between))
    unfilled = groups.get(UNFILLED, ())
    if unfilled:
        cells = (counted(unfilled), Cell(), Cell(), Cell())
        rows.append(Row(UNFILLED, "未填写", cells, unfilled, unknown=True))
    return Table(
        key="pyramid",
        title="大事底下有多少小事",
        definition="数每个严重度的案例，“危机”并进“重大”；“每件重大对应”是这一级的篇数除以重大的篇数，“照那份数据推”是重大的篇数乘上它的倍数；“较重”那份数据里没有，不比。",
        head="严重度",
        columns=(
            Column("count", "案例数"),
            Column("each", "每件重大对应", Form.NUMBER),
            Column("told", "那份数据说", Form.NUMBER),
            Column("expected", "照那份数据推"),
        ),
        rows=tuple(rows),
        n=len(material.cases),
        known=len(material.cases) - len(unfilled),
        missing=how_to_record(spec),
        picture=Picture.BARS,
        note=_note(material),
    )


def by_product(material: Material) -> Table | None:
    """The levels of each product."""
    spec = material.spec("product")
    if spec is None:
        return None
    return _by(material, spec, {}, lambda case: filter(None, (product_of(case),)))


def by_cause(material: Material) -> Table | None:
    """The levels of each cause."""
    spec = material.spec("cause")
    if spec is None:
        return None
    return _by(material, spec, labels(spec), lambda case: case.texts("cause"))


def _by(
    material: Material,
    spec: FieldSpec,
    names: Mapping[str, str],
    values: Callable[[Document], Iterable[str]],
) -> Table | None:
    """One row a value, those first whose small matters pile up, and then the most frequent."""
    severity = material.spec(FIELD)
    if severity is None:
        return None
    cases = [case for case in material.cases if case.text(FIELD)]
    by_level = group(cases, lambda case: case.texts(FIELD))
    least = material.limits.cluster_minimum
    rows = []
    groups = group(cases, values)
    nameless = groups.pop(UNFILLED, ())
    for value, ids in groups.items():
        mine = set(ids)
        cells = [
            counted(mine.intersection(_ids(by_level, level)))
            for _, _, level in (_LEVELS[0], _BETWEEN, *_LEVELS[1:])
        ]
        small = len(mine.intersection(_ids(by_level, _SMALL)))
        severe = len(cells[0].documents)
        said = _PILING if small >= least and not severe else ""
        said = _UNSEEN if severe and not small else said
        rows.append(Row(value, names.get(value, value), (*cells, Cell(said or None)), ids))
    rows.sort(key=_order)
    shown, others = rows[: material.limits.top], rows[material.limits.top :]
    if others:
        ids = tuple(sorted({id_ for row in others for id_ in row.documents}))
        rest = tuple(
            counted(id_ for row in others for id_ in row.cells[place].documents)
            for place in range(len(_LEVELS) + 1)
        )
        label = f"其余 {len(others)} 种{spec.label}"
        shown.append(Row("others", label, (*rest, Cell()), ids, rest=True))
    return Table(
        key=f"pyramid-{spec.name}",
        title=f"按{spec.label}",
        definition=f"数填了严重度的案例里，每个{spec.label}各有多少大事和小事；隐患和轻微合起来满 {least} 篇、又没有重大的，算“{_PILING}”，排在前面；有几个{spec.label}的各算一次。",
        head=spec.label,
        columns=(
            *(Column(key, label) for key, label, _ in (_LEVELS[0], _BETWEEN, *_LEVELS[1:])),
            Column("said", "要留意", Form.TEXT),
        ),
        rows=tuple(shown),
        n=len(material.cases),
        known=len(cases) - len(nameless),
        missing=f"{how_to_record(spec)}{how_to_record(severity)}",
        note="小事没有登记，不等于没有发生：只见大事的，先看平时报不报小事。",
    )


def _order(row: Row) -> tuple[bool, int, str]:
    return (row.cells[-1].value != _PILING, -len(row.documents), row.key)


def _ids(groups: Mapping[str, tuple[str, ...]], values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({id_ for value in values for id_ in groups.get(value, ())}))


def _note(material: Material) -> str:
    """Where the ratio comes from, and what it does not say."""
    statistic = material.settings.statistics.get(material.limits.pyramid)
    if statistic is None:
        return "site_config/reports.yml 的 pyramid 没有指向 statistics.yml 里的数据，所以没有可比的倍数。"
    checked = "" if statistic.verified else "未核实。"
    return f"“那份数据”是“{statistic.label}”，数的是{statistic.base}；出自{statistic.source}。{checked}{statistic.note}小事比它说的少，通常是没有登记，不是没有发生。"
