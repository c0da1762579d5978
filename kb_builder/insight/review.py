"""待复审: which pages are past their review date, by the role that answers for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

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
from kb_builder.model.checks import review_due
from kb_builder.model.document import Document

_MISSING = "在页面开头写 last_reviewed（最近复审）和 owner（责任岗位），例如“last_reviewed: 2024-05-01”；几个月复审一次，按种类写在 site_config/checks.yml 的 review_months，个别页面写 review_in。"


class Due(StrEnum):
    """How a page stands, the most urgent first."""

    LATE = "late"
    NEVER = "never"
    SOON = "soon"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class Standing:
    """A page that is to be reviewed: `days` are left until then, negative when it is late; None when
    it was never reviewed.
    """

    document: Document
    due: Due
    on: str
    days: int | None


def standings(material: Material) -> tuple[Standing, ...]:
    """Every page with a review cycle, in the order of ids."""
    found = []
    for document in sorted(material.corpus.documents, key=lambda one: one.id):
        if _is_reviewed(material, document):
            found.append(_standing(material, document))
    return tuple(found)


def review(material: Material) -> Report:
    """The report."""
    found = standings(material)
    return Report(
        "review",
        "待复审",
        "哪些页面该再看一遍了，由谁来看。",
        (
            Section("state", "总数", (_by_state(material, found), _by_role(material, found))),
            Section("late", "该看的页面", (_pages(material, found),)),
        ),
        headlines=tuple(
            Headline(_label(material, due), f"{number} 篇", urgent=due is Due.LATE and number > 0)
            for due in (Due.LATE, Due.SOON)
            for number in (sum(one.due is due for one in found),)
        ),
    )


def _by_state(material: Material, found: Sequence[Standing]) -> Table:
    rows = []
    for due in Due:
        mine = [one.document.id for one in found if one.due is due]
        cells = (counted(mine), share(len(mine), len(found)))
        rows.append(Row(due, _label(material, due), cells, tuple(mine)))
    return Table(
        key="state",
        title="复审到哪一步了",
        definition=f"数有复审周期的页面（案例、预案、教训）；最近复审加上周期早于今天（{material.today.isoformat()}）的算过期，没写最近复审的单列。",
        head="复审",
        columns=(Column("count", "篇数"), Column("share", "占比", Form.SHARE)),
        rows=tuple(rows),
        n=len(material.corpus.documents),
        known=len(found),
        missing=_MISSING,
        picture=Picture.BARS,
    )


def _by_role(material: Material, found: Sequence[Standing]) -> Table:
    roles = material.settings.roles
    rows = []
    for role in sorted({one.document.text("owner") for one in found}):
        mine = [one for one in found if one.document.text("owner") == role]
        cells = tuple(counted(one.document.id for one in mine if one.due is due) for due in Due)
        label = roles.label_of(role) if role in roles.values else role or "没有写责任岗位"
        rows.append(
            Row(
                role or "none",
                label,
                cells,
                tuple(one.document.id for one in mine),
                unknown=not role,
            )
        )
    rows.sort(key=lambda row: (row.unknown, [-len(cell.documents) for cell in row.cells], row.key))
    return Table(
        key="role",
        title="按责任岗位",
        definition="数每个责任岗位名下的页面各在哪一步，过期多的在前；没有写责任岗位的单列一行。",
        head="责任岗位",
        columns=tuple(Column(due, _label(material, due)) for due in Due),
        rows=tuple(rows),
        n=len(material.corpus.documents),
        known=len(found),
        missing=_MISSING,
    )


def _pages(material: Material, found: Sequence[Standing]) -> Table:
    waiting = sorted(
        (one for one in found if one.due is not Due.FRESH),
        key=lambda one: (list(Due).index(one.due), one.days or 0, one.document.id),
    )
    roles = material.settings.roles
    rows = tuple(
        Row(
            one.document.id,
            one.document.title,
            (
                Cell(one.document.id, (one.document.id,)),
                Cell(
                    roles.label_of(owner)
                    if (owner := one.document.text("owner")) in roles.values
                    else None
                ),
                Cell(one.document.text("last_reviewed") or None),
                Cell(one.on or None),
                Cell(one.days),
            ),
            (one.document.id,),
        )
        for one in waiting
    )
    return Table(
        key="pages",
        title="过期、快到期和从未复审的页面",
        definition="列出过期的、快到期的和没有写过最近复审的页面，过期最久的在前；只写到月的复审日期按当月最后一天算。",
        head="页面",
        columns=(
            Column("id", "编号", Form.TEXT),
            Column("role", "责任岗位", Form.TEXT),
            Column("last", "最近复审", Form.TEXT),
            Column("due", "应复审", Form.TEXT),
            Column("days", "还剩（过期为负）", Form.DAYS),
        ),
        rows=rows,
        n=len(found),
        known=len(found),
        missing="没有要复审的页面。" if found else _MISSING,
    )


def _is_reviewed(material: Material, document: Document) -> bool:
    """Whether somebody set how often the page is to be reviewed: itself, or the base for its kind."""
    kinds = material.settings.checks.review_months
    return bool(document.items("review_in") or (document.kind and document.kind.name in kinds))


def _standing(material: Material, document: Document) -> Standing:
    on = review_due(document, material.settings.checks)
    if on is None:
        return Standing(document, Due.NEVER, "", None)
    days = (on - material.today).days
    if days < 0:
        return Standing(document, Due.LATE, on.isoformat(), days)
    soon = days <= material.limits.review_soon_days
    return Standing(document, Due.SOON if soon else Due.FRESH, on.isoformat(), days)


def _label(material: Material, due: Due) -> str:
    return {
        Due.LATE: "已过期",
        Due.NEVER: "从未复审",
        Due.SOON: f"{material.limits.review_soon_days} 天内到期",
        Due.FRESH: "未到期",
    }[due]
