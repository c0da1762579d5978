"""The generated part of the home page, below what an editor wrote by hand."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from kb_builder.insight import listing, relations
from kb_builder.insight.listing import Order
from kb_builder.site import fragments, templates
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.pages.reports import Card

_NEWEST = 6
_NOTED = 6
_PAIRS = 4
_ENTRANCES = 8
"""How many facets the home page offers; the others are under 浏览."""


_DOOR = re.compile(r'<h2 id="([^"]*)">(.*?)</h2>', re.DOTALL)
_HEADERLINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def split(html: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Cut a converted page at its second-level headings: what stands before them, and for each its
    anchor, its title as plain text and the HTML below. Nothing of it is cleaned.
    """
    pieces = _DOOR.split(html)
    doors = []
    for anchor, title, below in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        text = entities.unescape(_TAG.sub("", _HEADERLINK.sub("", title))).strip()
        doors.append((entities.unescape(anchor).lstrip("_"), text, below))
    return pieces[0], doors


def content(
    catalogue: Catalogue,
    *,
    lead: Markup,
    doors: list[tuple[str, str, Markup]],
    about: str,
    reports: Sequence[Card],
) -> Markup:
    """The home page: what the editor wrote (`lead`, and `doors`: sections with anchor, title and
    text), then entrances, contrasts, the newest cases, playbooks and lessons, and what `reports` say.
    """
    corpus = catalogue.listed
    playbooks = listing.arrange(catalogue.of_kind("playbook"), Order.PHASE)
    lessons = relations.most_referred(catalogue.of_kind("lesson"), corpus, "lessons")
    cases = catalogue.of_kind("case")
    return templates.render(
        "home.html",
        site=catalogue.site_name,
        about=about,
        lead=lead,
        doors=doors,
        counts=[
            ("案例", "cases/", len(cases)),
            ("预案", "playbooks/", len(playbooks)),
            ("教训", "lessons/", len(lessons)),
        ],
        empty=not corpus.documents,
        facets=[facet for facet in catalogue.facets if "case" in facet.kinds][:_ENTRANCES],
        safe=fragments.is_safe_name,
        pairs=relations.contrast_pairs(corpus)[:_PAIRS],
        newest=listing.arrange(cases, Order.NEWEST)[:_NEWEST],
        phases=[
            (label, list(members))
            for label, members in groupby(
                playbooks, key=lambda document: fragments.rank_label(document, "phase")
            )
        ],
        noted=[lesson for lesson, count in lessons[:_NOTED] if count],
        reports=reports,
        catalogue=catalogue,
    )
