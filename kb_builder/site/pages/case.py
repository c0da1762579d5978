"""The page of a case."""

from __future__ import annotations

from markupsafe import Markup

from kb_builder.model.document import Document
from kb_builder.site import fragments, templates
from kb_builder.site.catalogue import Catalogue, kind_of
from kb_builder.site.pages import SitePage, blocks
from kb_builder.site.pages.blocks import Blocks, Body

_GROUPS = (
    ("事情", ("product", "industry", "complaint_type", "complaint_subtype", "nature", "channel", "department")),
    ("客户要什么", ("appeal", "psychology")),
    ("有多重", ("severity", "complaint_stage", "crisis_signals", "precursors")),
    ("为什么", ("cause", "root_cause", "handoffs", "attempts", "authority_gap")),
    ("怎么办的", ("remedy", "authority", "received_on", "acknowledged_on", "replied_on", "delay_agreed", "resolved_on", "closed_on")),
    ("结果", ("outcome", "customer_retained", "satisfaction", "customer_confirmed", "cost")),
    ("这份资料", ("origin", "confidence")),
)  # fmt: skip
_ELSEWHERE = frozenset((
    "id", "title", "status", "visibility", "occurred_on", "summary", "owner", "case_kind", "lessons", "playbooks",
    "incomplete", "escalation", "timeline", "figures", "follow_up", "corrective_actions", "contrast_with",
    "related", "not_related", "aliases", "sources", "last_reviewed", "review_in", "redirect_from", "imported",
))  # fmt: skip
_OTHERS = "其他"
_TITLES = (*(title for title, _ in _GROUPS), _OTHERS)
_GROUP_OF = {name: title for title, names in _GROUPS for name in names}
_ORDER = {name: place for place, name in enumerate(_GROUP_OF)}
_HANDLING = "处理"


def page(catalogue: Catalogue, document: Document, body: Body) -> SitePage:
    """The page of a case."""
    kind = kind_of(document)
    found = Blocks(body)
    stages = kind.sections
    playbooks = catalogue.references(document, "playbooks")
    for part in body.sections:
        name = part.heading.title
        number = stages.index(name) + 1 if name in stages else 0
        if name == _HANDLING and part.html and len(document.texts("remedy")) > 1:
            # What was done, in its order, above the story of how.
            done = templates.macro("sequence", _badge_list(catalogue, document, "remedy"))
            part = blocks.CleanPart(part.heading, done + part.html)
        found.section(part, number)
    found.add("升级经过", _escalation(document), "timeline")
    found.add("时间线", _table(document, "timeline", "timeline"), "timeline")
    found.add("整改", _table(document, "corrective_actions", "actions"), "actions")
    found.add("后来", _table(document, "follow_up", "timeline"), "timeline")
    found.add("教训", catalogue.cards(catalogue.references(document, "lessons")), "cards")
    found.add("照着做的预案", catalogue.cards(playbooks), "cards")
    found.add("对照案例", _contrast(catalogue, document), "contrast")
    found.add("相似案例", _similar(catalogue, document), "cards")
    blocks.closing(catalogue, document, found)
    written = {part.heading.title: part.heading.id for part in body.sections if part.html}
    top = templates.render(
        "case-top.html",
        next=playbooks,
        catalogue=catalogue,
        figures=_figures(document),
        groups=_groups(catalogue, document),
        stages=[(name, written.get(name, "")) for name in stages] if written else (),
    )
    meta = [
        ("", fragments.when_text(document)),
        ("责任岗位", fragments.label_of(document, "owner")),
    ]
    return blocks.page(
        catalogue, document, found, tags=_tags(catalogue, document), top=top, meta=meta
    )


def _figures(document: Document) -> list[dict[str, str]]:
    """The key figures; a remark in brackets behind a value stands small beside it."""
    found = []
    for row in blocks.rows("figures", document) if document.items("figures") else ():
        value, bracket, note = row["value"].partition("（")
        split = bool(value and note.endswith("）"))
        found.append(
            {
                "label": row["label"],
                "value": value if split else row["value"],
                "note": bracket + note if split else "",
            }
        )
    return found


def _tags(catalogue: Catalogue, document: Document) -> Markup:
    tags = catalogue.badges(document, "case_kind") + catalogue.badges(document, "severity")
    tags += catalogue.badges(document, "outcome")
    if document.flag("incomplete"):
        tags += Markup('<span class="kb-badge kb-incomplete">资料不全</span>')
    return tags


def _groups(catalogue: Catalogue, document: Document) -> list[tuple[str, list[blocks.Fact]]]:
    """The facts by their groups; a field that an owner declared comes last."""
    names: dict[str, list[str]] = {title: [] for title in _TITLES}
    for name in sorted(document.fields, key=lambda name: _ORDER.get(name, len(_ORDER))):
        if name not in _ELSEWHERE:
            names[_GROUP_OF.get(name, _OTHERS)].append(name)
    groups = [(title, blocks.facts(catalogue, document, found)) for title, found in names.items()]
    return [(title, facts) for title, facts in groups if facts]


def _badge_list(catalogue: Catalogue, document: Document, field: str) -> list[Markup]:
    kind = kind_of(document)
    return [catalogue.badge(kind, field, value) for value in document.texts(field)]


def _table(document: Document, field: str, macro: str) -> Markup:
    if not document.items(field):
        return Markup()
    return templates.macro(macro, blocks.rows(field, document))


def _escalation(document: Document) -> Markup:
    """How it grew: the stage, the day and the sign seen before."""
    if not document.items("escalation"):
        return Markup()
    grown = blocks.rows("escalation", document)
    return templates.macro(
        "timeline",
        [{"when": row["stage"], "by": row["when"], "what": row["sign"]} for row in grown],
    )


def _contrast(catalogue: Catalogue, document: Document) -> Markup:
    others = catalogue.references(document, "contrast_with")
    if not others:
        return Markup()
    return templates.macro("contrast", document, others[0], catalogue)


def _similar(catalogue: Catalogue, document: Document) -> Markup:
    """Cases an editor related to this one, on either page, and those that the program finds like it."""
    there = catalogue.references(document, "related")
    back = catalogue.listed.referring("related", document.id)
    confirmed = {one.id: one for one in (*there, *back) if one is not document}
    found = (catalogue.find(id_) for id_ in catalogue.similar.get(document.id, ()))
    cards = [catalogue.card(one, "编辑确认") for one in confirmed.values()]
    return Markup().join([*cards, *(catalogue.card(one) for one in found if one is not None)])
