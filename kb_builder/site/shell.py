"""Material's page without its content: rendered once, then filled by joining strings.

Rendering the theme's template takes a millisecond a page, and nearly all of what it gives is the
same on every page. So it is rendered with stand-ins for what differs, once for every depth of
address, entry of the navigation, and with or without a table of contents; a page is stamped into
the pieces between. `tests/site` compares the result with what the theme itself renders.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Link, Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from kb_builder.site import feeds
from kb_builder.site.fragments import escaped
from kb_builder.site.links import ROOT, depth, way_up
from kb_builder.site.markdown import Heading
from kb_builder.site.pages import SitePage
from kb_builder.site.policy import Policy

# Letters and digits only, so that no filter of the theme changes them.
_TITLE, _ABOUT, _ADDRESS, _CONTENT = "kbxtitlex", "kbxaboutx", "kbxaddressx", "kbxcontentx"
_ANCHOR, _NAME, _FIRST = "kbxanchorx", "kbxnamex", "kbxfirstx"
_INNER_ANCHOR, _INNER_NAME = "kbxinneranchorx", "kbxinnernamex"
_HEADING = f"<h1>{_CONTENT}</h1>"  # The theme adds a heading of its own to content without one.
_TOC = "kbxtocx"
_FEED = "kbxfeedx"
_MARKS = re.compile("|".join((_HEADING, _TITLE, _ABOUT, _ADDRESS, _FIRST, _TOC, _FEED)))


Variant = tuple[int, str, bool]
"""The depth of an address, the entry of the navigation, and whether there is a table of contents."""


class NavLink(Link):
    """An entry of the navigation for pages that MkDocs doesn't know; `section` names it."""

    def __init__(self, title: str, section: str) -> None:
        super().__init__(title, f"{section}/")
        self.section = section


@dataclass(frozen=True, slots=True)
class _Entries:
    """The pieces of the theme's table of contents."""

    leaf: tuple[str, ...]
    opening: tuple[str, ...]
    closing: str

    def render(self, headings: Iterable[Heading]) -> str:
        return "".join(
            _fill(self.opening, one)
            + "".join(_fill(self.leaf, child) for child in one.children)
            + self.closing
            if one.children
            else _fill(self.leaf, one)
            for one in headings
        )


class Shell:
    """The theme's page, ready to be filled."""

    def __init__(
        self,
        environment: Environment,
        config: MkDocsConfig,
        files: Files,
        nav: Navigation,
        policy: Policy,
    ) -> None:
        self._environment = environment
        self._config = config
        self._files = files
        self._nav = nav
        self._policy = policy
        self._pieces: dict[Variant, list[str]] = {}
        self._digests: dict[Variant, str] = {}
        self._entries: _Entries | None = None

    def variant(self, page: SitePage) -> Variant:
        """Which of the theme's pages a page is stamped into."""
        return depth(page.address), page.section, bool(page.toc)

    def digest(self, variant: Variant) -> str:
        """Changes with all that stamping puts around the content of pages of a variant."""
        found = self._digests.get(variant)
        if found is None:
            parts = (
                self._of(variant),
                self._config.site_url,
                self._toc_entries() if variant[2] else (),
            )
            found = self._digests[variant] = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
        return found

    def _of(self, variant: Variant) -> list[str]:
        pieces = self._pieces.get(variant)
        if pieces is None:
            pieces = self._pieces[variant] = self._render(*variant)
        return pieces

    def stamp(self, page: SitePage) -> str:
        """The whole HTML of a page."""
        pieces = self._of(self.variant(page))
        values = {
            _HEADING: page.content.replace(ROOT, way_up(page.address)),
            _TITLE: escaped(page.title),
            _ABOUT: escaped(page.description),
            _ADDRESS: f"{self._config.site_url or ''}{quote(page.address)}",
            _FIRST: escaped(page.toc[0].id) if page.toc else "",
            _TOC: self._contents(page.toc) if page.toc else "",
            _FEED: _feed(page.feed) if page.feed else "",
        }
        return "".join(values.get(piece, piece) for piece in pieces)

    def _render(self, levels: int, section: str, has_toc: bool) -> list[str]:
        """The page of one kind, cut at the stand-ins."""
        page = self._stand_in(levels)
        page.content = _HEADING
        page.meta = {"title": _TITLE, "description": _ABOUT, "hide": ["navigation"]}
        page.meta["feed"] = _FEED
        if page.canonical_url is not None:
            page.canonical_url = _ADDRESS
        if has_toc:
            page.toc = _toc(AnchorLink(_NAME, _FIRST, 2))
        else:
            page.meta["hide"].append("toc")
        links = [item for item in self._nav.items if isinstance(item, NavLink)]
        for link in links:
            link.active = link.section == section
        context: Any = get_context(self._nav, self._files, self._config, page)
        text = self._environment.get_template("main.html").render(context)
        for link in links:
            link.active = False
        if has_toc:
            entry = self._entry(page, AnchorLink(_NAME, _FIRST, 2))
            assert text.count(entry) == 1, "the theme shows its table of contents in another way"
            text = text.replace(entry, _TOC)
        return _cut(_MARKS, self._policy.page(text))

    def _contents(self, toc: Sequence[Heading]) -> str:
        return self._toc_entries().render(toc)

    def _toc_entries(self) -> _Entries:
        if self._entries is None:
            page = self._stand_in(1)
            leaf = self._entry(page, AnchorLink(_NAME, _ANCHOR, 3))
            inner = AnchorLink(_INNER_NAME, _INNER_ANCHOR, 3)
            outer = AnchorLink(_NAME, _ANCHOR, 2)
            outer.children.append(inner)
            opening, middle, closing = self._entry(page, outer).partition(self._entry(page, inner))
            assert middle, "the theme nests its table of contents in another way"
            marks = re.compile(f"{_ANCHOR}|{_NAME}")
            self._entries = _Entries(tuple(_cut(marks, leaf)), tuple(_cut(marks, opening)), closing)
        return self._entries

    def _entry(self, page: Page, link: AnchorLink) -> str:
        """One entry of the table of contents as the theme writes it."""
        context: Any = get_context(self._nav, self._files, self._config, page)
        template = self._environment.get_template("partials/toc-item.html")
        return template.render({**context, "toc_item": link})

    def _stand_in(self, levels: int) -> Page:
        file = File.generated(self._config, "x/" * levels + "index.md", content="")
        return Page(None, file, self._config)


def _feed(title: str) -> str:
    """Where a page says that its folder has a feed."""
    return "".join(
        f'<link rel="feed alternate" type="{kind}" title="{escaped(title)}" href="{name}">'
        for kind, name in ((feeds.ATOM_TYPE, feeds.ATOM), (feeds.JSON_TYPE, feeds.JSON))
    )


def _toc(link: AnchorLink) -> TableOfContents:
    return TableOfContents([link])


def _cut(marks: re.Pattern[str], text: str) -> list[str]:
    """The text cut into marks and what stands between them."""
    pieces = []
    end = 0
    for match in marks.finditer(text):
        pieces += [text[end : match.start()], match[0]]
        end = match.end()
    return [*pieces, text[end:]]


def _fill(pieces: tuple[str, ...], heading: Heading) -> str:
    values = {_ANCHOR: escaped(heading.id), _NAME: escaped(heading.title)}
    return "".join(values.get(piece, piece) for piece in pieces)
