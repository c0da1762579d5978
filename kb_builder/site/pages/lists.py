"""Lists of documents: by kind, by every value of every facet; the overview of all facets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from markupsafe import Markup

from kb_builder.insight import listing
from kb_builder.insight.facets import YEAR, Facet
from kb_builder.insight.listing import Arrangement, Order
from kb_builder.model.document import Document
from kb_builder.site import fragments, templates
from kb_builder.site.catalogue import Catalogue, kind_of
from kb_builder.site.pages import SealedPage, SitePage
from kb_builder.site.pages.blocks import SECTIONS
from kb_builder.site.sights import seal_of

_SORTABLE = 4
"""A list shorter than this is taken in at a glance; other orders of it are not offered."""

_PANEL = 8
"""How many facets the panel beside a list shows, and how many values of each."""

_TITLES = {
    "case": ("案例", "已经了结的投诉：起因、经过、结果，和下一次可以早一步做的事。"),
    "playbook": ("预案", "遇到这种事该怎么办：谁、多长时间之内、做什么、怎么说。"),
    "lesson": ("教训", "别人付过学费的道理，每一条都说得出从哪件事来。"),
}
_EMPTY = {
    "case": "还没有发布的案例。用 kb new case 写第一篇，或用 kb import 从表格导入。",
    "playbook": "还没有发布的预案。用 kb new playbook 写第一份。",
    "lesson": "还没有发布的教训。用 kb new lesson 写第一条。",
}


@dataclass(frozen=True, slots=True)
class _List:
    """A list of documents before it is sorted and cut into pages.

    `crumb` is address and label of the page above it. `whole` is the address of the list that has
    the same documents, if there is one: then only the beginning is shown here.
    """

    address: str
    title: str
    description: str
    section: str
    documents: Sequence[Document]
    orders: Sequence[Order]
    panel: Markup
    crumb: tuple[str, str] | None = None
    empty: str = ""
    whole: str = ""


def pages(catalogue: Catalogue, feeds: Mapping[str, str]) -> Iterator[SitePage | SealedPage]:
    """Every list; `feeds` maps the address of a list to the title of the feed about it, if there is one."""
    arrangement = Arrangement(catalogue.listed.documents)
    for wanted in _kind_lists(catalogue):
        yield from _pages(catalogue, arrangement, wanted, feeds)
    yield from _facet_pages(catalogue)
    for wanted in _value_lists(catalogue):
        yield from _pages(catalogue, arrangement, wanted, feeds)


def _kind_lists(catalogue: Catalogue) -> Iterator[_List]:
    """`/cases/`, `/playbooks/` and `/lessons/`."""
    for kind in catalogue.settings.schema.kinds.values():
        title, description = _TITLES[kind.name]
        facets = [facet for facet in catalogue.facets if kind.name in facet.kinds]
        yield _List(
            address=f"{SECTIONS[kind.name]}/",
            title=title,
            description=description,
            section=SECTIONS[kind.name],
            documents=catalogue.of_kind(kind.name),
            orders=listing.orders([kind.name]),
            panel=_panel(catalogue, facets),
            empty=_EMPTY[kind.name],
        )


def _value_lists(catalogue: Catalogue) -> Iterator[_List]:
    """`/browse/<field>/<value>/` for every value that a listed document has."""
    for facet in catalogue.facets:
        panels = _sibling_panels(facet)
        total = sum(len(catalogue.of_kind(kind)) for kind in facet.kinds)
        for choice in facet.choices:
            if not fragments.is_safe_name(choice.id):
                continue
            # What every document has would repeat the list of all, page by page.
            same = len(facet.kinds) == 1 and choice.count == total
            yield _List(
                address=fragments.choice_address(facet.name, choice.id),
                title=f"{facet.label}：{choice.label}",
                description=choice.help or facet.help,
                section="browse",
                documents=choice.documents,
                orders=listing.orders(facet.kinds),
                panel=panels[choice.id],
                crumb=(f"browse/{facet.name}/", facet.label),
                whole=f"{SECTIONS[facet.kinds[0]]}/" if same else "",
            )


def _facet_pages(catalogue: Catalogue) -> Iterator[SitePage]:
    """`/browse/` with all facets, and `/browse/<field>/` for each."""
    yield SitePage(
        address="browse/",
        title="浏览",
        description="按投诉类型、诉求、渠道、严重度等逐项查看案例、预案和教训。",
        content=templates.render(
            "browse.html", facets=catalogue.facets, safe=fragments.is_safe_name
        ),
        section="browse",
    )
    for facet in catalogue.facets:
        yield SitePage(
            address=f"browse/{facet.name}/",
            title=f"按{facet.label}浏览",
            description=facet.help or f"按{facet.label}查看。",
            content=templates.render("facet.html", facet=facet, safe=fragments.is_safe_name),
            section="browse",
        )


def _pages(
    catalogue: Catalogue, arrangement: Arrangement, wanted: _List, feeds: Mapping[str, str]
) -> Iterator[SealedPage]:
    offered = _offered(wanted)
    for order in offered:
        base = _base(wanted, offered, order)
        sorting = Markup().join(
            fragments.option(_base(wanted, offered, other), other.label, current=other is order)
            for other in (offered if len(offered) > 1 else ())
        )
        cut = listing.cut(arrangement.arrange(wanted.documents, order))
        # The rest of a list that has another address is there.
        elsewhere = wanted.whole if len(cut) > 1 else ""
        shown = cut[:1] if elsewhere else cut
        for number, documents in enumerate(shown, 1):
            part = _Part(base, number, len(shown), sorting, elsewhere, documents, order.grouping)
            address = base if number == 1 else f"{base}{number}/"
            frame = SitePage(
                address=address,
                title=wanted.title if number == 1 else f"{wanted.title}（第 {number} 页）",
                description=wanted.description or wanted.title,
                content=Markup(),
                section=wanted.section,
                # Other orders and later pages lead to the same documents as the first.
                listed=address == wanted.address,
                feed=feeds.get(address, ""),
            )
            yield SealedPage(
                frame, _seal(catalogue, wanted, part), partial(_content, catalogue, wanted, part)
            )


@dataclass(frozen=True, slots=True)
class _Part:
    """One page of a list: page `number` of `total` from the address `base` on. `grouping` is the field whose values
    head its groups, `elsewhere` where the rest of the list is.
    """

    base: str
    number: int
    total: int
    sorting: Markup
    elsewhere: str
    documents: Sequence[Document]
    grouping: str


def _seal(catalogue: Catalogue, wanted: _List, part: _Part) -> str:
    """Changes with all that `_content` uses: of the documents only what is in their seals."""
    return seal_of(
        (
            repr(replace(wanted, documents=(), orders=(), panel=Markup())),
            wanted.panel,
            str(len(wanted.documents)),
            repr(replace(part, documents=())),
            *(catalogue.seals[document.path] for document in part.documents),
        )
    )


def _content(catalogue: Catalogue, wanted: _List, part: _Part) -> Markup:
    return templates.render(
        "list.html",
        list=wanted,
        sorting=part.sorting,
        groups=_groups(catalogue, part.documents, part.grouping),
        pager=_pager(part.base, part.number, part.total),
        elsewhere=part.elsewhere,
    )


def _base(wanted: _List, offered: Sequence[Order], order: Order) -> str:
    """The address of the first page in an order."""
    return wanted.address if order is offered[0] else f"{wanted.address}{order}/"


def _offered(wanted: _List) -> Sequence[Order]:
    """The orders in which a list is worth having."""
    if wanted.whole or len(wanted.documents) < _SORTABLE:
        return wanted.orders[:1]
    first = listing.rank(wanted.documents[0], "severity")
    differ = any(listing.rank(document, "severity") != first for document in wanted.documents)
    return [order for order in wanted.orders if order is not Order.SEVERITY or differ]


def _groups(
    catalogue: Catalogue, documents: Sequence[Document], grouping: str
) -> list[tuple[str, Markup]]:
    """The rows of a page, under the headings of their groups when the order has groups."""
    if not grouping:
        return [("", Markup().join(map(catalogue.row, documents)))]
    return [
        (heading, Markup().join(map(catalogue.row, members)))
        for heading, members in groupby(
            documents, key=lambda document: fragments.rank_label(document, grouping)
        )
    ]


def _pager(base: str, number: int, total: int) -> Markup:
    """Links to the neighbours, the ends and the pages around; empty for a single page."""
    if total == 1:
        return Markup()
    numbers = sorted({1, total, *range(max(1, number - 2), min(total, number + 2) + 1)})
    links: list[tuple[int, str]] = []
    last = 0
    for one in numbers:
        if one != last + 1:
            links.append((0, ""))
        links.append((one, base if one == 1 else f"{base}{one}/"))
        last = one
    return templates.render(
        "pager.html",
        links=links,
        number=number,
        total=total,
        before="" if number == 1 else (base if number == 2 else f"{base}{number - 1}/"),
        after="" if number == total else f"{base}{number + 1}/",
    )


def _panel(catalogue: Catalogue, facets: Sequence[Facet]) -> Markup:
    """The facets of a kind with their counts, to narrow a list down."""
    narrowing = [facet for facet in facets if facet.choices and _narrows(catalogue, facet)]
    return templates.render(
        "panel.html",
        facets=narrowing[:_PANEL],
        limit=_PANEL,
        safe=fragments.is_safe_name,
        current="",
    )


def _narrows(catalogue: Catalogue, facet: Facet) -> bool:
    """Whether choosing a value leaves fewer documents than there are."""
    total = sum(1 for doc in catalogue.listed.documents if kind_of(doc).name in facet.kinds)
    return len(facet.choices) > 1 or facet.choices[0].count < total


def _sibling_panels(facet: Facet) -> dict[str, Markup]:
    """For each value of a facet the panel with all values, that one marked."""
    limit = _PANEL * 4 if facet.name != YEAR else len(facet.choices)
    return {
        choice.id: templates.render(
            "panel.html",
            facets=[facet],
            limit=limit,
            safe=fragments.is_safe_name,
            current=choice.id,
        )
        for choice in facet.choices
    }
