"""整改台账: what was promised, what is late, and whether it happened again after it was done."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kb_builder.insight.complaints import product_of
from kb_builder.insight.material import Material
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
from kb_builder.model.dates import PartialDate
from kb_builder.model.document import Document
from kb_builder.model.values import Group

_FIELD = "corrective_actions"
_DONE, _DROPPED = "done", "dropped"
_UNIT = "项"
_ACTIONS = Column("count", "整改项数")
_MISSING = (
    "在案例开头写 corrective_actions（整改），每一项写 action（事项）、owner（责任岗位）、"
    "due（期限）、status（状态），做完了加 done_on（完成日期）。"
)


class State(StrEnum):
    """Where an action stands today, the most urgent first."""

    LATE = "late"
    DUE = "due"
    OPEN = "open"
    UNDATED = "undated"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Action:
    """A corrective action of a case. `days` is how many are left until it is due, negative when late;
    None without a date. A due date known to the month is due on its last day, `due_day`.
    """

    case: Document
    number: int
    text: str
    role: str
    status: str
    due: str
    due_day: datetime.date | None
    days: int | None
    done_on: PartialDate | None
    state: State


def actions(material: Material) -> tuple[Action, ...]:
    """Every corrective action, in the order of cases."""
    return tuple(
        _action(material, case, number, item)
        for case in material.cases
        for number, item in enumerate(case.groups(_FIELD), 1)
    )


def ledger(material: Material) -> Report:
    """The report."""
    found = actions(material)
    return Report(
        "actions",
        "整改台账",
        "案例里答应要改的事：哪些没做完，哪些过期了，做完以后有没有再犯。",
        (
            Section("state", "总数", (_by_state(material, found), _by_role(material, found))),
            Section(
                "open",
                "还没做完的",
                (
                    _entries(
                        material,
                        "open-actions",
                        "还没做完的整改",
                        "列出状态不是“已完成”“不做”的整改，过期最久的在前；期限只写到月的，按当月最后一天算。",
                        sorted(
                            (one for one in found if one.state not in (State.DONE, State.DROPPED)),
                            key=_urgency,
                        ),
                        len(found),
                    ),
                ),
            ),
            Section("recurrence", "做完以后", (_recurrence(material, found),)),
        ),
        headlines=tuple(
            Headline(
                _state_label(material, state),
                f"{number} 项",
                urgent=state is State.LATE and number > 0,
            )
            for state in (State.LATE, State.DUE)
            for number in (sum(one.state is state for one in found),)
        ),
    )


def _by_state(material: Material, found: Sequence[Action]) -> Table:
    rows = []
    for state in State:
        mine = [one for one in found if one.state is state]
        cells = (Cell(len(mine), _cases(mine)), share(len(mine), len(found)))
        rows.append(Row(state, _state_label(material, state), cells, _cases(mine)))
    return Table(
        key="state",
        title="整改到哪一步了",
        definition=f"数案例里的每一项整改；期限在今天（{material.today.isoformat()}）之前又没做完的算过期，{material.limits.due_soon_days} 天之内的算快到期。",
        head="状态",
        columns=(_ACTIONS, Column("share", "占比", Form.SHARE)),
        rows=tuple(rows),
        n=len(found),
        known=len(found),
        missing=_MISSING,
        unit=_UNIT,
        picture=Picture.BARS,
    )


def _by_role(material: Material, found: Sequence[Action]) -> Table:
    roles = [role.id for role in material.settings.roles]
    rows = []
    for role in sorted({one.role for one in found}, key=lambda one: (one not in roles, one)):
        mine = [one for one in found if one.role == role]
        cells = tuple(
            Cell(len(state), _cases(state))
            for state in ([one for one in mine if one.state is each] for each in State)
        )
        rows.append(Row(role or "none", _role_label(material, role), cells, _cases(mine)))
    rows.sort(key=lambda row: tuple(-_number(cell) for cell in row.cells))
    return Table(
        key="role",
        title="按责任岗位",
        definition="数每个责任岗位名下的整改各在哪一步，过期多的在前；没有写岗位的单列一行。",
        head="责任岗位",
        columns=tuple(Column(state, _state_label(material, state)) for state in State),
        rows=tuple(rows),
        n=len(found),
        known=len(found),
        missing=_MISSING,
        unit=_UNIT,
    )


def _entries(
    material: Material, key: str, title: str, definition: str, found: Sequence[Action], n: int
) -> Table:
    """One row an action."""
    return Table(
        key=key,
        title=title,
        definition=definition,
        head="整改事项",
        columns=(
            Column("case", "案例", Form.TEXT),
            Column("role", "责任岗位", Form.TEXT),
            Column("due", "期限", Form.TEXT),
            Column("state", "状态", Form.TEXT),
            Column("days", "还剩（过期为负）", Form.DAYS),
        ),
        rows=tuple(
            Row(
                f"{one.case.id}-{one.number}",
                one.text,
                (
                    Cell(one.case.id, (one.case.id,)),
                    Cell(_role_label(material, one.role)),
                    Cell(one.due or None),
                    Cell(_state_label(material, one.state)),
                    Cell(one.days),
                ),
                (one.case.id,),
            )
            for one in found
        ),
        n=n,
        known=n,
        missing="没有没做完的整改。" if n else _MISSING,
        unit=_UNIT,
    )


def _recurrence(material: Material, found: Sequence[Action]) -> Table:
    """Whether what an action was to prevent happened again after it was done."""
    done = [one for one in found if one.state is State.DONE]
    rows = []
    for one in done:
        again, unsure = recurrences(one, material.cases)
        cells = (
            Cell(one.case.id, (one.case.id,)),
            Cell(one.done_on.text if one.done_on else None),
            counted(again) if one.done_on else Cell(),
            counted(unsure) if one.done_on else Cell(),
        )
        label = one.text if one.done_on else f"{one.text}（没有写完成日期，看不出）"
        key = f"{one.case.id}-{one.number}"
        rows.append(Row(key, label, cells, again, unknown=one.done_on is None))
    rows.sort(key=lambda row: (row.unknown, -_number(row.cells[2]), row.key))
    return Table(
        key="recurrence",
        title="做完以后又发生了吗",
        definition="对每一项写了完成日期的整改，数完成以后发生的同类案例：产品相同而且有一个成因相同，或者有一个投诉子类相同；发生时间和完成日期分不出先后的单列，本案自己不算。",
        head="已完成的整改",
        columns=(
            Column("case", "案例", Form.TEXT),
            Column("done_on", "完成日期", Form.TEXT),
            Column("again", "之后又发生"),
            Column("unsure", "先后不清"),
        ),
        rows=tuple(rows),
        n=len(done),
        known=len(done),
        missing="还没有做完的整改。做完一项，就把它的 status 改成“已完成”，并写上 done_on（完成日期）。",
        unit=_UNIT,
        note="又发生不等于整改无效，也可能是登记得更勤了；但值得回头看一眼。",
    )


def recurrences(
    action: Action, cases: Sequence[Document]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The like cases that happened surely after a done action, and those that may have."""
    if action.done_on is None:
        return (), ()
    again, unsure = [], []
    for case in cases:
        when = case.date("occurred_on")
        if case is action.case or when is None or not _alike(action.case, case):
            continue
        if when.surely_after(action.done_on):
            again.append(case.id)
        elif not action.done_on.surely_after(when):
            unsure.append(case.id)
    return tuple(again), tuple(unsure)


def _alike(one: Document, other: Document) -> bool:
    product = product_of(one)
    same_product = bool(product) and product == product_of(other)
    return (same_product and _share(one, other, "cause")) or _share(one, other, "complaint_subtype")


def _share(one: Document, other: Document, field: str) -> bool:
    return not set(one.texts(field)).isdisjoint(other.texts(field))


def _action(material: Material, case: Document, number: int, item: Group) -> Action:
    status = item.text("status")
    due = _date(item, "due")
    due_day = datetime.date(*due.latest[:3]) if due else None
    days = (due_day - material.today).days if due_day else None
    return Action(
        case=case,
        number=number,
        text=item.text("action"),
        role=item.text("owner"),
        status=status,
        due=due.text if due else "",
        due_day=due_day,
        days=None if status in (_DONE, _DROPPED) else days,
        done_on=_date(item, "done_on"),
        state=_state(status, days, material.limits.due_soon_days),
    )


def _state(status: str, days: int | None, soon: int) -> State:
    if status in (_DONE, _DROPPED):
        return State(status)
    if days is None:
        return State.UNDATED
    if days < 0:
        return State.LATE
    return State.DUE if days <= soon else State.OPEN


def _state_label(material: Material, state: State) -> str:
    return {
        State.LATE: "已过期",
        State.DUE: f"{material.limits.due_soon_days} 天内到期",
        State.OPEN: "未到期",
        State.UNDATED: "没有期限",
        State.DONE: "已完成",
        State.DROPPED: "不做",
    }[state]


def _role_label(material: Material, role: str) -> str:
    roles = material.settings.roles
    return roles.label_of(role) if role in roles.values else role or "没有写岗位"


def _urgency(action: Action) -> tuple[bool, int, str, int]:
    return (action.days is None, action.days or 0, action.case.id, action.number)


def _cases(found: Sequence[Action]) -> tuple[str, ...]:
    return tuple(sorted({one.case.id for one in found}))


def _number(cell: Cell) -> int:
    return cell.value if isinstance(cell.value, int) else 0


def _date(item: Group, field: str) -> PartialDate | None:
    items = item.items(field)
    value = items[0].value if items else None
    return value if isinstance(value, PartialDate) else None
