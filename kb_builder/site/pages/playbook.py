"""The page of a playbook."""

from __future__ import annotations

from markupsafe import Markup

from kb_builder.model.document import Document
from kb_builder.site import fragments, templates
from kb_builder.site.catalogue import Catalogue, kind_of
from kb_builder.site.pages import SitePage, blocks
from kb_builder.site.pages.blocks import Blocks, Body

_FIRST = "适用情形"
"""The section that tells when to use it, and so stands above the steps."""


def page(catalogue: Catalogue, document: Document, body: Body) -> SitePage:
    """The page of a playbook: when, who does what by when, what to say, what to check."""
    found = Blocks(body)
    first = body.find(_FIRST)
    if first is not None:
        found.section(first)
    found.add("步骤", _rows(document, "steps", "steps"), "steps")
    found.add("说什么", _phrases(document), "phrases")
    for part in body.sections:
        if part is not first:
            found.section(part)
    found.add("岗位分工", _rows(document, "roles", "duties"), "table")
    found.add("授权表", _rows(document, "authority_matrix", "authority"), "table")
    found.add("什么时候升级", _rows(document, "escalate_to", "escalation"), "escalation")
    found.add("核对清单", _checklist(document), "checklist")
    found.add("用过它的案例", _evidence(catalogue, document), "rows")
    blocks.closing(catalogue, document, found)
    top = templates.render(
        "playbook-top.html",
        reply=document.text("reply_hours"),
        resolve=document.text("resolve_hours"),
        steps=len(document.groups("steps")),
        applies=_applies(catalogue, document),
    )
    meta = [
        ("负责", fragments.label_of(document, "owner")),
        ("批准", fragments.label_of(document, "approved_by")),
        ("最近演练", _date(document, "drilled_on")),
    ]
    tags = catalogue.badges(document, "phase")
    if document.flag("incomplete"):
        tags += Markup('<span class="kb-badge kb-incomplete">资料不全</span>')
    return blocks.page(catalogue, document, found, tags=tags, top=top, meta=meta)


def _rows(document: Document, field: str, macro: str) -> Markup:
    if not document.items(field):
        return Markup()
    return templates.macro(macro, blocks.rows(field, document))


def _phrases(document: Document) -> Markup:
    say, never = document.texts("scripts"), document.texts("banned_phrases")
    return templates.macro("phrases", say, never) if say or never else Markup()


def _checklist(document: Document) -> Markup:
    items = document.texts("checklist")
    return templates.macro("checklist", items, document) if items else Markup()


def _evidence(catalogue: Catalogue, document: Document) -> Markup:
    cases = catalogue.listed.referring("playbooks", document.id)
    return templates.macro("evidence", cases, catalogue) if cases else Markup()


def _date(document: Document, field: str) -> str:
    items = document.items(field)
    return fragments.date_text(items[0]) if items else ""


def _applies(catalogue: Catalogue, document: Document) -> list[blocks.Fact]:
    """The conditions, as badges that lead to the cases that meet them."""
    groups = document.groups("applies_to")
    spec = kind_of(document).fields.get("applies_to")
    if not groups or spec is None or spec.fields is None:
        return []
    found = []
    for name, inner in spec.fields.items():
        badges = [
            fragments.badge(
                name,
                item.text,
                fragments.value_text(inner, item),
                linked=(name, item.text) in catalogue.choices,
                level=fragments.severity_level(inner, item.text),
            )
            for item in groups[0].items(name)
        ]
        if badges:
            found.append(blocks.Fact(inner.label, Markup().join(badges)))
    return found
