"""Our own shares beside those of a published statistic, whose gaps are shown."""

from __future__ import annotations

from kb_builder.insight.counting import UNFILLED, group, how_to_record, labels
from kb_builder.insight.material import Material
from kb_builder.insight.shares import shares
from kb_builder.insight.tables import Cell, Column, Form, Picture, Row, Table, counted, share

_KEY, _TITLE = "benchmark", "和公开数据比"
_GAP = "gap"
_MISSING = "在 site_config/statistics.yml 里写一份带构成（parts）的公开数据，把它的编号写进 site_config/reports.yml 的 benchmark。"


def benchmark(material: Material) -> Table | None:
    """The comparison that `reports.yml` names; None where the field does not exist."""
    limits = material.limits
    statistic = material.settings.statistics.get(limits.benchmark)
    spec = material.spec(limits.benchmark_field)
    if spec is None or spec.vocabulary is None:
        return None
    if statistic is None or not statistic.parts:
        return Table(
            _KEY, _TITLE, "", spec.label, (), (), n=len(material.cases), known=0, missing=_MISSING
        )
    groups = group(material.cases, lambda case: case.texts(spec.name))
    unfilled = groups.get(UNFILLED, ())
    known = len(material.cases) - len(unfilled)
    public = shares(statistic)
    theirs: dict[str, float | None] = {}
    names = {}
    for part in public.parts:
        value = spec.vocabulary.find(part.label)
        key = value.id if value else part.label
        theirs[key] = None if part.percent is None else float(part.percent) / 100
        names[key] = value.label if value else part.label
    names.update((key, label) for key, label in labels(spec).items() if key in groups)
    rows = [
        Row(
            key,
            label,
            (
                counted(groups.get(key, ())),
                share(len(groups.get(key, ())), known),
                Cell(theirs.get(key)),
            ),
            groups.get(key, ()),
            facet=(spec.name, key) if spec.facet and key in groups else None,
        )
        for key, label in names.items()
    ]
    gap = public.gap
    if gap:
        cells = (Cell(), Cell(), Cell(float(gap) / 100))
        rows.append(Row(_GAP, "公开数据没有交代的部分", cells, unknown=True))
    if unfilled:
        cells = (counted(unfilled), Cell(), Cell())
        rows.append(Row(UNFILLED, "未填写", cells, unfilled, unknown=True))
    return Table(
        key=_KEY,
        title=_TITLE,
        definition=f"左边是填了{spec.label}的案例的占比，右边照抄“{statistic.label}”（{statistic.base}）；没填的单列一行，不进占比。",
        head=spec.label,
        columns=(
            Column("count", "案例数"),
            Column("share", "本库占比", Form.SHARE),
            Column("other", "公开数据", Form.SHARE),
        ),
        rows=tuple(rows),
        n=len(material.cases),
        known=known,
        missing=how_to_record(spec),
        picture=Picture.PAIRS,
        note=_note(statistic.source, statistic.note, verified=statistic.verified),
    )


def _note(source: str, note: str, *, verified: bool) -> str:
    checked = "" if verified else "未核实。"
    return f"公开数据出自{source}。{checked}{note}数的范围不同，只能看大致的次序，不能拿来排名。"
