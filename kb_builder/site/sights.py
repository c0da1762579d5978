"""How much of the documents a page of many documents may see: the less, the seldomer it is made again.

Who looks further than its sight fails at once; a page can't become stale because somebody forgot to say what it
shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property

from kb_builder.diagnostics import Span
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.sections import Link
from kb_builder.site.catalogue import Catalogue


class Sight(StrEnum):
    """How much of each shown document is seen."""

    NOTHING = "nothing"
    FRONT = "front"
    """Its path and its front matter."""
    ABSTRACT = "abstract"
    """Also the beginning of its text, where no summary is written."""
    LINKS = "links"
    """The front matter, and where its text links to."""
    ACCOUNT = "account"
    """The front matter, and what the customer told."""
    WHOLE = "whole"


Seals = tuple[str, ...]
"""Of a document: what changes with its front matter, and with what each of `_MORE` shows beside it, empty for
nothing."""

_SOMEWHERE = Span(1, 1)
_OUT_OF_SIGHT = frozenset(("lines", "body_line", "keys", "faults", "digest"))


class Front(Document):
    """A document of which the front matter is seen, and nothing else."""

    def __init__(self, document: Document) -> None:
        self.__dict__.update(
            path=document.path,
            kind=document.kind,
            fields=document.fields,
            readable=document.readable,
            _whole=document,
        )

    def __getattr__(self, name: str) -> object:
        """What `Document` says of itself is as it was; the rest is out of sight."""
        assert name not in _OUT_OF_SIGHT, f"{name} of a document is out of sight here"
        raise AttributeError(name)

    _whole: Document


class Abstract(Front):
    """A document of which the front matter is seen, and how its text begins."""

    @property
    def opening(self) -> str:
        """The beginning of the first section."""
        return self._whole.opening


class Linked(Front):
    """A document of which the front matter is seen, and the links of its text."""

    @property
    def links(self) -> Iterator[Link]:
        """The inline links, all in one place: where they stand changes with every word before them."""
        return (Link(link.target, _SOMEWHERE) for link in self._whole.links)


class Told(Front):
    """A document of which the front matter is seen, and what the customer told."""

    @property
    def account(self) -> str:
        """The first section that its kind declares."""
        return self._whole.account


_MORE: Mapping[Sight, Callable[[Document], str]] = {
    Sight.ABSTRACT: lambda document: "" if document.text("summary") else document.opening,
    Sight.LINKS: lambda document: "\n".join(link.target for link in document.links),
    Sight.ACCOUNT: lambda document: document.account,
}
_NARROW: Mapping[Sight, Callable[[Document], Document]] = {
    Sight.FRONT: Front,
    Sight.ABSTRACT: Abstract,
    Sight.LINKS: Linked,
    Sight.ACCOUNT: Told,
    Sight.WHOLE: lambda document: document,
}


class Sights:
    """A catalogue as it is seen, and a seal of what is seen: where it differs, the seal does.

    `known` are the seals of documents that were sealed before, by `name_of`.
    """

    def __init__(self, catalogue: Catalogue, known: Mapping[str, Seals] | None = None) -> None:
        self._catalogue = catalogue
        self._known = known or {}
        self._catalogues: dict[Sight, Catalogue] = {}
        self._sealed: dict[Sight, str] = {}

    @cached_property
    def seals(self) -> Mapping[str, Seals]:
        """The seals of every shown document, by its path."""
        return {
            document.path: self._known.get(name_of(document)) or seals_of(document)
            for document in self._catalogue.corpus.documents
        }

    def seal(self, sight: Sight) -> str:
        """A seal of all shown documents."""
        found = self._sealed.get(sight)
        if found is None:
            found = self._sealed[sight] = seal_of(self._parts(sight))
        return found

    def _parts(self, sight: Sight) -> Iterable[str]:
        if sight is Sight.NOTHING:
            return ()
        if sight is Sight.WHOLE:
            return map(name_of, self._catalogue.corpus.documents)
        return (_seal_in(sight, seals) for seals in self.seals.values())

    def catalogue(self, sight: Sight) -> Catalogue:
        """The catalogue, without the similar cases, which only pages of documents show."""
        found = self._catalogues.get(sight)
        if found is None:
            whole = self._catalogue
            shown = () if sight is Sight.NOTHING else whole.corpus.documents
            found = self._catalogues[sight] = Catalogue.of(
                whole.settings,
                Corpus(tuple(_NARROW[sight](document) for document in shown)),
                site_name=whole.site_name,
                site_url=whole.site_url,
                seals=self._abstracts,
            )
        return found

    @cached_property
    def _abstracts(self) -> Mapping[str, str]:
        return {path: _seal_in(Sight.ABSTRACT, seals) for path, seals in self.seals.items()}


def seals_of(document: Document) -> Seals:
    """The seals of a document."""
    more = (show(document) for show in _MORE.values())
    return document.front, *(seal_of((each,)) if each else "" for each in more)


def _seal_in(sight: Sight, seals: Seals) -> str:
    """What changes with all that a sight shows of a document."""
    front, *more = seals
    return front if sight is Sight.FRONT else front + dict(zip(_MORE, more, strict=True))[sight]


def seal_of(parts: Iterable[str]) -> str:
    """A digest of texts, in hex."""
    text = repr(tuple(parts)).encode("utf-8", "surrogateescape")
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def name_of(document: Document) -> str:
    """A document, and which version of it."""
    return f"{document.path} {document.digest}"
