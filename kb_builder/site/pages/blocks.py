"""What the pages of cases, playbooks and lessons have in common: head, blocks, sources, citation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from markupsafe import Markup

from kb_builder.model.audience import INTERNAL, RESTRICTED, VISIBILITY, visibility_of
from kb_builder.model.document import ARCHIVED, PUBLISHED, Document
from kb_builder.model.schema import FieldType
from kb_builder.model.values import Item
from kb_builder.site import fragments, templates
from kb_builder.site.catalogue import Catalogue, kind_of
from kb_builder.site.markdown import Heading
from kb_builder.site.pages import SitePage


@dataclass(frozen=True, slots=True)
class CleanPart:
    """A section of the body after cleaning."""

    heading: Heading
    html: Markup


@dataclass(frozen=True, slots=True)
class Body:
    """A body after cleaning: before the first heading, the sections, the footnotes."""

    lead: Markup
    sections: tuple[CleanPart, ...]
    notes: Markup

    def find(self, title: str) -> CleanPart | None:
        """The section with this heading."""
        return next((part for part in self.sections if part.heading.title == title), None)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a document page with a heading. `style` is its class name without the prefix;
    `number` is its place among the stages of the handling, 0 for other blocks.
    """

    heading: Heading
    html: Markup
    style: str = "prose"
    number: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a table of facts: a label and what stands beside it."""

    label: str
    html: Markup


@dataclass(slots=True)
class Blocks:
    """Collects the blocks of a page and keeps their anchors apart."""

    body: Body
    found: list[Block] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Anchors of the body come first: links in texts lead to them."""
        for part in self.body.sections:
            self._taken.add(part.heading.id)
            self._taken.update(child.id for child in part.heading.children)

    def section(self, part: CleanPart, number: int = 0) -> None:
        """Add a section of the body, unless nothing is written in it."""
        if part.html:
            style = "stage" if number else "prose"
            self.found.append(Block(part.heading, part.html, style, number))

    def add(self, title: str, html: Markup, style: str = "prose") -> None:
        """Add a block of our own, unless it is empty."""
        if not html:
            return
        anchor = title
        while anchor in self._taken:
            anchor += "_"
        self._taken.add(anchor)
        self.found.append(Block(Heading(anchor, title), html, style))


def page(
    catalogue: Catalogue,
    document: Document,
    blocks: Blocks,
    *,
    tags: Markup,
    top: Markup,
    meta: Iterable[tuple[str, str]] = (),
) -> SitePage:
    """The page of a document.

    `tags` are the badges above the title, `top` is what stands between head and first block, `meta`
    adds facts to the small line below the summary.
    """
    kind = kind_of(document)
    section = SECTIONS[kind.name]
    facts = [("", document.id), *meta]
    reviewed = document.items("last_reviewed")
    if reviewed:
        facts.append(("最近复审", fragments.date_text(reviewed[0])))
    content = templates.render(
        "document.html",
        kind=kind,
        section=section,
        document=document,
        tags=_visibility(catalogue, document) + tags,
        summary=document.text("summary"),
        facts=facts,
        notice=_notice(document),
        top=top,
        lead=blocks.body.lead,
        blocks=blocks.found,
        notes=blocks.body.notes,
    )
    return SitePage(
        address=catalogue.address(document),
        title=document.title,
        description=document.abstract or document.title,
        content=content,
        section=section,
        toc=tuple(block.heading for block in blocks.found),
        listed=document.status == PUBLISHED,
    )


SECTIONS = {"case": "cases", "playbook": "playbooks", "lesson": "lessons"}
"""Kind → the address of its list, and the entry of the navigation."""


_WHO = {
    INTERNAL: "只有本单位的同事看得到，公开的网站上没有这一页",
    RESTRICTED: "只有指定的人看得到，公开的和内部的网站上都没有这一页",
}


def _visibility(catalogue: Catalogue, document: Document) -> Markup:
    """A badge that says who may see a page that isn't for all; nothing where no audiences are kept apart."""
    who = _WHO.get(visibility_of(document))
    if who is None or catalogue.settings.audience is None:
        return Markup()
    label = fragments.label_of(document, VISIBILITY)
    return Markup('<span class="kb-badge kb-visibility" title="{}">{}</span>').format(who, label)


def _notice(document: Document) -> str:
    if document.status == ARCHIVED:
        return "这一页已归档，不再更新，也不出现在列表里。保留它是为了让旧链接还能打开。"
    if document.status != PUBLISHED:
        label = fragments.label_of(document, "status") or "草稿"
        return f"{label}：这一页还没有发布，只在预览里看得到，内容可能不完整。"
    return ""


def closing(catalogue: Catalogue, document: Document, blocks: Blocks) -> None:
    """Add what every document ends with: contradictions, sources, citation."""
    points = catalogue.counterpoints(document.id)
    blocks.add(
        "不同的说法", templates.macro("counterpoints", points, catalogue) if points else Markup()
    )
    blocks.add("出处", sources(document), "sources")
    blocks.add("引用本页", citation(catalogue, document), "cite")


def sources(document: Document) -> Markup:
    """The list of sources."""
    found = document.groups("sources")
    return templates.macro("sources", found) if found else Markup()


def citation(catalogue: Catalogue, document: Document) -> Markup:
    """A line to copy that names the page for good."""
    address = catalogue.address(document)
    parts = [f"《{document.title}》", catalogue.site_name, document.id]
    reviewed = document.items("last_reviewed")
    if reviewed:
        parts.append(f"{fragments.date_text(reviewed[0])}复审")
    line = "，".join(parts) + "。"
    return templates.macro("citation", line, address, catalogue.site_url)


def facts(catalogue: Catalogue, document: Document, names: Iterable[str]) -> list[Fact]:
    """The fields that are filled in and may be shown, each as text or badges, in this order."""
    kind = kind_of(document)
    found = []
    for name in names:
        items = document.items(name)
        if items and name in kind.fields and kind.fields[name].shown:
            found.append(Fact(kind.fields[name].label, _fact(catalogue, document, name, items)))
    return found


def _fact(catalogue: Catalogue, document: Document, name: str, items: tuple[Item, ...]) -> Markup:
    kind = kind_of(document)
    spec = kind.fields[name]
    if spec.type is FieldType.VOCABULARY or spec.facet:
        return catalogue.badges(document, name)
    if spec.type is FieldType.REFERENCE:
        return catalogue.cards(catalogue.references(document, name))
    if spec.type is FieldType.GROUP:
        texts = [" · ".join(filter(None, row.values())) for row in rows(name, document)]
    else:
        texts = [fragments.value_text(spec, item) for item in items]
    if len(texts) > 1:
        return templates.macro("texts", texts)
    return Markup("{}").format(texts[0])


def rows(group_field: str, document: Document) -> list[dict[str, str]]:
    """The entries of a group field as texts by field name; empty is what isn't filled in, and what isn't for these readers."""
    inner = kind_of(document).fields[group_field].fields or {}
    return [
        defaultdict(
            str,
            {
                name: "、".join(fragments.value_text(spec, item) for item in group.items(name))
                for name, spec in inner.items()
            },
        )
        for group in document.groups(group_field)
    ]
