"""Feeds: what was reviewed or happened last, as Atom (RFC 4287) and JSON Feed 1.1.

One for everything, one a kind of document, one a value of the facets that the owner chose. They hold
summaries only. All dates are those of the content, so the same base gives the same bytes.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote
from xml.sax.saxutils import escape

from kb_builder.model.document import PUBLISHED, Document
from kb_builder.site import fragments
from kb_builder.site.catalogue import Catalogue, kind_of
from kb_builder.site.links import way_up
from kb_builder.site.pages.blocks import SECTIONS

ATOM, JSON = "feed.xml", "feed.json"
"""The names of the two files of a feed, in the folder of the list it is about."""

ATOM_TYPE, JSON_TYPE = "application/atom+xml", "application/feed+json"

LIMIT = 50
"""How many entries a feed holds at most: readers fetch it whole, again and again."""

_DATED = ("last_reviewed", "occurred_on")
"""The fields that say when a page was last touched, the first one that is there."""

_OFFSET = "+08:00"
"""The dates of a base are Chinese ones; both formats want a time zone."""

_NEVER = f"1970-01-01T00:00:00{_OFFSET}"
"""What an empty feed says of its last change, which Atom requires."""

_TAGGED = ("case_kind", "complaint_type", "severity", "phase", "lesson_kind")
"""The fields whose labels become the categories of an entry."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMESPACE = uuid.UUID("3f1c3c0e-6d0b-5c55-9c0a-5a3a5b1f6a52")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed before it is written. `address` is the folder of its files, that of the list it is
    about; `documents` are the newest of `total`, the newest first.
    """

    address: str
    title: str
    documents: tuple[Document, ...]
    total: int


@dataclass(frozen=True)
class Feeds:
    """The feeds of a site."""

    catalogue: Catalogue

    @cached_property
    def all(self) -> tuple[Feed, ...]:
        """Every feed: of everything, of each kind, of each value of the chosen facets."""
        return tuple(self._feed(*each) for each in self._subjects())

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The address of a list → the title of its feed."""
        return {address: self._title(title) for address, title, _ in self._subjects()}

    @property
    def undated(self) -> int:
        """How many published pages are in no feed because they have no date."""
        published = sum(one.status == PUBLISHED for one in self.catalogue.listed.documents)
        return published - len(self._dates)

    def title(self, feed: Feed) -> str:
        """The title as readers of feeds see it, among those of other sites."""
        return self._title(feed.title)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Address and bytes of every file."""
        for feed in self.all:
            yield f"{feed.address}{ATOM}", self.atom(feed)
            yield f"{feed.address}{JSON}", self.json(feed)

    def atom(self, feed: Feed) -> bytes:
        """The feed as Atom."""
        name = self.catalogue.site_name
        newest = max(map(updated, feed.documents), default=_NEVER)
        lines = [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
            _element("id", self._identity(feed.address)),
            _element("title", self.title(feed)),
            _element("updated", newest),
            f"<author>{_element('name', name)}</author>",
            _link("self", ATOM_TYPE, self._url(feed, f"{feed.address}{ATOM}")),
            _link("alternate", "text/html", self._url(feed, feed.address)),
        ]
        for document in feed.documents:
            lines += [
                "<entry>",
                _element("id", self._identity(self.catalogue.address(document))),
                _element("title", document.title),
                _element("updated", updated(document)),
                _link("alternate", "text/html", self._url(feed, self.catalogue.address(document))),
                *(f"<category term={_attribute(tag)}/>" for tag in _tags(document)),
                _element("summary", document.abstract),
                "</entry>",
            ]
        return "\n".join([*lines, "</feed>", ""]).encode()

    def json(self, feed: Feed) -> bytes:
        """The feed as JSON Feed."""
        found = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title(feed),
            "home_page_url": self._url(feed, feed.address),
            "feed_url": self._url(feed, f"{feed.address}{JSON}"),
            "language": "zh-CN",
            "authors": [{"name": self.catalogue.site_name}],
            "items": [
                {
                    "id": self._identity(self.catalogue.address(document)),
                    "url": self._url(feed, self.catalogue.address(document)),
                    "title": document.title,
                    "content_text": document.abstract or document.title,
                    "date_modified": updated(document),
                    "tags": _tags(document),
                }
                for document in feed.documents
            ],
        }
        return f"{json.dumps(found, ensure_ascii=False, indent=1)}\n".encode()

    def _title(self, title: str) -> str:
        return f"{self.catalogue.site_name} · {title}"

    def _subjects(self) -> Iterator[tuple[str, str, Iterable[Document]]]:
        """Of every feed its address, its title and the documents that it is about."""
        catalogue = self.catalogue
        yield "", "最近更新", catalogue.listed.documents
        for kind in catalogue.settings.schema.kinds.values():
            yield f"{SECTIONS[kind.name]}/", kind.label, catalogue.of_kind(kind.name)
        chosen = catalogue.settings.reports.feed_facets
        for (field, value), choice in catalogue.choices.items():
            if field in chosen:
                title = f"{self._labels[field]}：{choice.label}"
                yield fragments.choice_address(field, value), title, choice.documents

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        return {facet.name: facet.label for facet in self.catalogue.facets}

    @cached_property
    def _dates(self) -> Mapping[str, str]:
        """The path of every published page that has a date, with it."""
        found = {
            one.path: updated(one)
            for one in self.catalogue.listed.documents
            if one.status == PUBLISHED
        }
        return {path: date for path, date in found.items() if date}

    def _feed(self, address: str, title: str, documents: Iterable[Document]) -> Feed:
        dated = [one for one in documents if one.path in self._dates]
        # Newest first; of one day the smallest id, so that a feed that is cut is always cut alike.
        dated.sort(key=lambda document: document.id)
        dated.sort(key=lambda document: self._dates[document.path], reverse=True)
        return Feed(address, title, tuple(dated[:LIMIT]), len(dated))

    def _identity(self, address: str) -> str:
        """The id of a feed or an entry, the same for ever: its address, which never changes; where
        the site has none yet, a number computed from the site's name and the address.
        """
        site = self.catalogue.site_url
        if site:
            return f"{site}{quote(address)}"
        return uuid.uuid5(_NAMESPACE, f"{self.catalogue.site_name}\n{address}").urn

    def _url(self, feed: Feed, address: str) -> str:
        """A link: in full where the site knows its address, else relative to the feed's file."""
        site = self.catalogue.site_url
        return (
            f"{site}{quote(address)}" if site else (way_up(feed.address) + quote(address) or "./")
        )


def updated(document: Document) -> str:
    """When a page was last reviewed, else when its case happened, as RFC 3339 wants it: where only the
    month is known its first day. Empty where neither is written.
    """
    for field in _DATED:
        date = document.date(field)
        if date is not None:
            year, month, day, hour, minute = date.earliest
            return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:00{_OFFSET}"
    return ""


def _tags(document: Document) -> list[str]:
    """The labels by which the entry is sorted, its kind first."""
    kind = kind_of(document)
    tags = [kind.label]
    for field in _TAGGED:
        spec = kind.fields.get(field)
        if spec is not None:
            tags += [fragments.value_text(spec, item) for item in document.items(field)]
    return list(dict.fromkeys(tags))


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(_NOT_XML.sub('�', text))}</{name}>"


def _link(rel: str, kind: str, address: str) -> str:
    return f"<link rel={_attribute(rel)} type={_attribute(kind)} href={_attribute(address)}/>"


def _attribute(text: str) -> str:
    return '"' + escape(_NOT_XML.sub("�", text), {'"': "&quot;", "\n": " "}) + '"'
