"""月报: one page a month for managers, and the list of months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kb_builder.insight import complaints
from kb_builder.insight.counting import labels
from kb_builder.insight.material import Material
from kb_builder.insight.months import YEAR, Month, Months, month_before
from kb_builder.insight.pyramid import FIELD as SEVERITY
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
)
from kb_builder.insight.warning import rising_table
from kb_builder.model.corpus import Corpus

KEY = "digest"
TITLE = "月报"

_TOP = 5
_LISTED = 8
"""So that a month fits on two sheets of paper."""

_RISING_SHOWN = 5
_MISSING = "在案例开头写 received_on（受理时间）或 occurred_on（发生时间），至少写到月。"


@dataclass(frozen=True)
class Digest:
    """The reports on the months of a base."""

    material: Material

    @cached_property
    def _base(self) -> Months:
        return Months(self.material)

    def overview(self) -> Report:
        """The list of months, the latest first."""
        rows = []
        for month in reversed(self._base.found):
            late = counted(action.case.id for action in month.late)
            cells = (
                counted(month.came),
                counted(month.solved),
                counted(month.severe),
                late,
                Cell(len(month.rising)),
            )
            ids = {id_ for cell in cells for id_ in cell.documents}
            rows.append(
                Row(
                    month.name,
                    month.title,
                    cells,
                    tuple(sorted(ids)),
                    report=f"{KEY}/{month.name}",
                )
            )
        known = {id_ for month in self._base.found for id_ in (*month.came, *month.solved)}
        table = Table(
            key="months",
            title="进来和解决",
            definition="一个月一行，最近的在前，没有案例的月份不列；“进来”按受理时间（没写的按发生时间），“解决”按解决时间（没写的按结案时间），“整改过期”是到月底还有过期整改没做完的案例；只知道年份的不算。",
            head="月份",
            columns=(
                Column("came", "进来"),
                Column("solved", "解决"),
                Column("severe", "重大和危机"),
                Column("late", "整改过期"),
                Column("rising", "变多的类别"),
            ),
            rows=tuple(rows),
            n=len(self.material.cases),
            known=len(known),
            missing=_MISSING,
        )
        latest = self._base.found[-1:]
        return Report(
            KEY,
            TITLE,
            "给管理者的一页纸：每个月进来多少、解决多少、哪些重大、哪些整改过期、哪一类变多了。",
            (Section("months", "各月", (table,)),),
            headlines=tuple(
                Headline(month.title, f"进来 {len(month.came)} 篇") for month in latest
            ),
        )

    def reports(self) -> Iterator[Report]:
        """One report a month, the earliest first."""
        before: dict[str, Month] = {month.name: month for month in self._base.found}
        for month in self._base.found:
            yield self._report(month, before.get(month_before(month.name)))

    def _report(self, month: Month, earlier: Month | None) -> Report:
        material = self.material
        limits = replace(material.limits, top=_TOP)
        settings = replace(material.settings, reports=limits)
        mine = Corpus(tuple(self._base.cases[id_] for id_ in month.came))
        top = complaints.top(Material(mine, settings, material.today))
        others = tuple(id_ for id_ in month.came if id_ not in month.severe)
        tables = (
            Section("sum", "一眼看完", (self._sum(month, earlier),)),
            Section(
                "what",
                "客户在投诉什么",
                (() if top is None else (replace(top, picture=Picture.NONE),)),
            ),
            Section("rising", "变多", (self._rising(month),)),
            Section("severe", "重大和危机", (self._listed(month, "severe", month.severe),)),
            Section("late", "过期的整改", (self._late(month),)),
            Section("came", "别的进来的", (self._listed(month, "came", others),)),
            Section("solved", "解决的", (self._listed(month, "solved", month.solved),)),
        )
        return Report(
            f"{KEY}/{month.name}",
            f"{month.title}的{TITLE}",
            "这个月进来什么、解决什么、哪些重大、哪些整改过期、哪一类变多了。",
            tables,
            day=month.end.isoformat(),
        )

    def _sum(self, month: Month, earlier: Month | None) -> Table:
        def late(one: Month | None) -> list[str]:
            return [action.case.id for action in one.late] if one else []

        lines = (
            ("came", "进来", month.came, earlier.came if earlier else ()),
            ("solved", "解决", month.solved, earlier.solved if earlier else ()),
            ("severe", "重大和危机", month.severe, earlier.severe if earlier else ()),
            ("late", "有整改过期", late(month), late(earlier)),
        )
        rows = []
        for key, label, now, then in lines:
            cells = (counted(now), counted(then) if earlier else Cell())
            rows.append(Row(key, label, cells, tuple(sorted({*now, *then}))))
        concerned = {id_ for row in rows for id_ in row.cells[0].documents}
        return Table(
            key="sum",
            title="这个月和上个月",
            definition="数这个月进来、解决的案例，进来的里面重大和危机的，以及到月底还有过期整改没做完的；上个月没有案例的写“—”。",
            head="",
            columns=(Column("now", "这个月"), Column("before", "上个月")),
            rows=tuple(rows),
            n=len(self.material.cases),
            known=len(concerned),
            missing=_MISSING,
        )

    def _rising(self, month: Month) -> Table:
        limits = self.material.limits
        return rising_table(
            month.rises,
            n=len(self.material.cases),
            known=month.placed.compared,
            definition=f"拿这个月和再往前 {YEAR} 个月比，按发生时间：每一类的案例里，落在这个月的是不是比照它一向的份额该有的多；列最不像碰巧的 {_RISING_SHOWN} 类，合起来不到 {limits.rising_minimum} 篇的不比。",
            missing=f"这个月和之前都要有案例，而且有一类合起来满 {limits.rising_minimum} 篇，才有可比的。",
            window="这个月",
            top=_RISING_SHOWN,
            level=limits.rising_level,
        )

    def _late(self, month: Month) -> Table:
        roles = self.material.settings.roles
        found = sorted(month.late, key=lambda one: (one.due, one.case.id, one.number))
        rows = [
            Row(
                f"{one.case.id}-{one.number}",
                one.text,
                (
                    Cell(one.case.id, (one.case.id,)),
                    Cell(
                        roles.label_of(one.role) if one.role in roles.values else one.role or None
                    ),
                    Cell(one.due),
                ),
                (one.case.id,),
            )
            for one in found[:_LISTED]
        ]
        others = found[_LISTED:]
        if others:
            ids = tuple(sorted({one.case.id for one in others}))
            label = f"其余 {len(others)} 项"
            rows.append(Row("others", label, (Cell(), Cell(), Cell()), ids, rest=True))
        return Table(
            key="late",
            title="到月底还没做完的",
            definition=f"列出期限早于 {month.due.isoformat()}、到那天还没做完的整改，过期最久的在前；做完了却没写完成日期的当作已经做完。",
            head="整改事项",
            columns=(
                Column("case", "案例", Form.TEXT),
                Column("role", "责任岗位", Form.TEXT),
                Column("due", "期限", Form.TEXT),
            ),
            rows=tuple(rows),
            n=len(self._base.actions),
            known=len(found),
            missing="没有过期的整改。",
            unit="项",
        )

    def _listed(self, month: Month, key: str, ids: Sequence[str]) -> Table:
        """Cases one by one, the worst first."""
        title, told, none = {
            "severe": ("这个月的重大和危机", "列出这个月进来的、严重度为重大或危机的案例", "这个月没有。"),
            "came": ("重大和危机之外", "列出这个月进来的、严重度不是重大和危机的案例", "这个月没有别的进来。"),
            "solved": ("这个月解决的案例", "列出解决时间（没写的按结案时间）在这个月的案例", "这个月没有写明解决时间的案例；在案例开头写 resolved_on（解决时间）。"),
        }[key]  # fmt: skip
        ordered = sorted(ids, key=lambda id_: (self._rank(id_), id_))
        told += f"，严重的在前，最多 {_LISTED} 篇，其余的点开看。"
        rows = []
        for id_ in ordered[:_LISTED]:
            cells = (
                Cell(id_, (id_,)),
                Cell(self._label(id_, SEVERITY)),
                Cell(self._label(id_, "outcome")),
            )
            rows.append(Row(id_, self._base.cases[id_].title, cells, (id_,)))
        others = tuple(sorted(ordered[_LISTED:]))
        if others:
            label = f"其余 {len(others)} 篇"
            rows.append(Row("others", label, (Cell(), Cell(), Cell()), others, rest=True))
        return Table(
            key=f"{key}-cases",
            title=title,
            definition=told,
            head="案例",
            columns=(
                Column("id", "编号", Form.TEXT),
                Column("severity", "严重度", Form.TEXT),
                Column("outcome", "结果", Form.TEXT),
            ),
            rows=tuple(rows),
            n=len(month.solved if key == "solved" else month.came),
            known=len(ids),
            missing=none,
        )

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        specs = {field: self.material.spec(field) for field in (SEVERITY, "outcome")}
        return {field: labels(spec) for field, spec in specs.items() if spec}

    def _rank(self, id_: str) -> int:
        """The worst first; what nobody judged comes last."""
        order = list(self._names.get(SEVERITY, ()))
        severity = self._base.cases[id_].text(SEVERITY)
        return -order.index(severity) if severity in order else 1

    def _label(self, id_: str, field: str) -> str | None:
        value = self._base.cases[id_].text(field)
        return self._names.get(field, {}).get(value, value) or None


def digest(material: Material) -> Report:
    """The report: the list of months."""
    return Digest(material).overview()
