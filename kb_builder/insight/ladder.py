"""How far complaints went, which ones climbed, and what was to be seen before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kb_builder.insight.counting import UNFILLED, crossing, group, how_to_record, labels
from kb_builder.insight.days import day_range
from kb_builder.insight.material import Material
from kb_builder.insight.pyramid import FIELD as SEVERITY
from kb_builder.insight.pyramid import SEVERE
from kb_builder.insight.tables import (
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
from kb_builder.model.values import Group

_FIELD = "complaint_stage"
_STEPS = "escalation"
_SIGNS = "precursors"
_NONE_FOUND = "none_found"
_ARGUED = "dispute"
"""Who came so far has climbed, also where nobody wrote down how."""

_SIGNS_SHOWN = 3
_WHOLE_DAY = 10
"""How many characters of a date say the day."""


def ladder(material: Material) -> Iterator[Table]:
    """The tables; none where the owner has taken the field out."""
    spec = material.spec(_FIELD)
    if spec is None:
        return
    names = labels(spec)
    reached = {
        case.id: place for case in material.cases if (place := _furthest(case, list(names))) >= 0
    }
    yield _rungs(material, names, reached)
    yield _climbers(material, names, reached)
    signals = material.spec("crisis_signals")
    if signals is not None:
        yield crossing(
            [case for case in material.cases if case.texts(signals.name)],
            signals,
            spec,
            key="signals",
            title="出现过什么信号，最后到了哪一步",
            definition="数写了危机信号的案例：有这个信号的，最后走到了哪一步；有几个信号的每个都算。",
            note="这里说的是“一起出现”，不是“因为”；没闹大的案例往往不记信号。",
        )
    yield _foreseen(material)


def _rungs(material: Material, names: Mapping[str, str], reached: Mapping[str, int]) -> Table:
    """How many came to each rung, and how many stopped there."""
    rows = []
    for place, (stage, label) in enumerate(names.items()):
        at_least = [id_ for id_, far in reached.items() if far >= place]
        stopped = [id_ for id_, far in reached.items() if far == place]
        further = len(at_least) - len(stopped)
        cells = (counted(at_least), counted(stopped), share(further, len(at_least)))
        rows.append(Row(stage, label, cells, cells[0].documents))
    unsaid = tuple(case.id for case in material.cases if case.id not in reached)
    if unsaid:
        rows.append(
            Row(UNFILLED, "未填写", (counted(unsaid), Cell(), Cell()), unsaid, unknown=True)
        )
    spec = material.spec(_FIELD)
    assert spec is not None  # ladder() has seen it
    return Table(
        key="ladder",
        title="走到了哪一步",
        definition="数填了发展阶段或升级经过的案例；“至少到了”连走得更远的一起数，“停在这里”只数最后到这一步的，“又往上走”是到过这一步的里面没有停住的。",
        head="发展阶段",
        columns=(
            Column("reached", "至少到了"),
            Column("stopped", "停在这里"),
            Column("further", "又往上走", Form.SHARE),
        ),
        rows=tuple(rows),
        n=len(material.cases),
        known=len(reached),
        missing=how_to_record(spec),
        picture=Picture.BARS,
        note="头两步通常没有记下来，所以从“投诉”往上看才有意义。",
    )


def _climbers(material: Material, names: Mapping[str, str], reached: Mapping[str, int]) -> Table:
    """The cases that went further than a complaint, each with its steps and the signs before them."""
    order = list(names)
    argued = order.index(_ARGUED) if _ARGUED in order else len(order)
    found = [
        case
        for case in material.cases
        if case.id in reached and (reached[case.id] >= argued or len(_steps(case, order)) > 1)
    ]
    found.sort(key=lambda case: (-reached[case.id], case.id))
    rows = []
    for case in found[: material.limits.top]:
        steps = _steps(case, order)
        path = [names[step.text("stage")] for step in steps]
        last = names[order[reached[case.id]]]
        if not path or path[-1] != last:
            path.append(last)
        told = " → ".join(path) if steps else f"{last}（没有写升级经过）"
        signs = _signs(case, steps)
        cells = (
            Cell(case.id, (case.id,)),
            Cell(told),
            Cell(_days(steps)),
            Cell("；".join(signs[:_SIGNS_SHOWN]) or None),
        )
        rows.append(Row(case.id, case.title, cells, (case.id,)))
    others = found[material.limits.top :]
    if others:
        ids = tuple(case.id for case in others)
        cells = (Cell(), Cell(), Cell(), Cell())
        label = f"其余 {len(others)} 篇"
        rows.append(Row("others", label, cells, tuple(sorted(ids)), rest=True))
    return Table(
        key="climbers",
        title="闹大了的，先看到过什么",
        definition="列出走到“纠纷”以上的，或者升级经过写了两步以上的案例，走得最远的在前；“几天”从第一步数到最后一步，两头都写到日的才数；“事先的迹象”先取升级经过里写的，再取前兆，最多三条。",
        head="案例",
        columns=(
            Column("id", "编号", Form.TEXT),
            Column("path", "怎样一步步走的", Form.TEXT),
            Column("days", "几天", Form.DAYS),
            Column("signs", "事先的迹象", Form.TEXT),
        ),
        rows=tuple(rows),
        n=len(reached),
        known=len(found),
        missing="没有走到“纠纷”以上的案例。"
        if reached
        else "在案例开头写 complaint_stage（发展阶段）；闹大了的再写 escalation（升级经过），每一步写 stage（到了）、on（时间）、sign（迹象）。",
    )


def _foreseen(material: Material) -> Table:
    """Of severe cases, whether anybody looked for what came before."""
    severe = [case for case in material.cases if case.text(SEVERITY) in SEVERE]
    groups = group(
        severe,
        lambda case: {
            "none_found" if text == _NONE_FOUND else "found" for text in case.texts(_SIGNS)
        },
    )
    known = len(severe) - len(groups.get(UNFILLED, ()))
    rows = [
        Row(key, label, (counted(ids), share(len(ids), known)), ids)
        for key, label in (("found", "事先有前兆"), (_NONE_FOUND, "查过，没有前兆"))
        for ids in (groups.get(key, ()),)
    ]
    if UNFILLED in groups:
        ids = groups[UNFILLED]
        rows.append(Row(UNFILLED, "没有写前兆", (counted(ids), Cell()), ids, unknown=True))
    return Table(
        key="foreseen",
        title="大事之前有没有前兆",
        definition="数严重度为重大和危机的案例里，写了前兆的、查过没有的各有多少；没有写的单列一行，不进占比。",
        head="前兆",
        columns=(Column("count", "案例数"), SHARE),
        rows=tuple(rows),
        n=len(severe),
        known=known,
        missing="没有重大和危机的案例；有了就在案例开头写 precursors（前兆），查过没有就写 none_found。",
    )


def _furthest(case: Document, order: Sequence[str]) -> int:
    """The highest rung that the case or one of its steps names; below 0 where none does."""
    stages = [case.text(_FIELD), *(step.text("stage") for step in case.groups(_STEPS))]
    return max((order.index(stage) for stage in stages if stage in order), default=-1)


def _steps(case: Document, order: Sequence[str]) -> list[Group]:
    return [step for step in case.groups(_STEPS) if step.text("stage") in order]


def _signs(case: Document, steps: Sequence[Group]) -> list[str]:
    """What was seen before the steps, then what was written down as precursors; each once."""
    before = (step.text("sign") for step in steps)
    found = (*before, *(text for text in case.texts(_SIGNS) if text != _NONE_FOUND))
    return list(dict.fromkeys(filter(None, found)))


def _days(steps: Sequence[Group]) -> int | None:
    """From the first step to the last, where both are known to the day."""
    ends = [_day(step) for step in (*steps[:1], *steps[-1:])] if len(steps) > 1 else []
    days = [day for day in ends if day is not None]
    return days[1] - days[0] if len(days) == 2 else None


def _day(step: Group) -> int | None:
    items = step.items("when")
    value = items[0].value if items else None
    if isinstance(value, PartialDate) and len(value.text) >= _WHOLE_DAY:
        return day_range(value)[0]
    return None
