"""Documents that were read before: what is asked of all of them is kept, the rest is read when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from kb_builder.diagnostics import Span
from kb_builder.model.document import Document, build
from kb_builder.model.front_matter import Fault
from kb_builder.model.pictures import uses
from kb_builder.model.schema import FieldType, Kind, Schema
from kb_builder.model.sections import target_path
from kb_builder.model.values import Item

_OF_FEW_WORDS = {FieldType.ID, FieldType.REFERENCE, FieldType.VOCABULARY}
_ASKED_OF_ALL = {"title", "redirect_from", "banned_phrases"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is kept of a document: the digest of its bytes, its face, whether it could be read, the texts of its
    fields of few words (of those that are there), and the paths of the pictures and pages that it names.
    """

    digest: str
    face: str
    readable: bool
    texts: Mapping[str, tuple[str, ...]]
    pictures: tuple[str, ...]
    linked: tuple[str, ...]


def facts_of(document: Document) -> Facts:
    """What to keep of a document."""
    texts = {name: document.texts(name) for name in kept_fields(document.kind)}
    return Facts(
        document.digest,
        document.face,
        document.readable,
        {name: found for name, found in sorted(texts.items()) if found},
        pictures_of(document),
        linked_from(document),
    )


def kept_fields(kind: Kind | None) -> frozenset[str]:
    """The fields whose texts are kept."""
    fields = kind.fields.values() if kind is not None else ()
    return frozenset(
        spec.name for spec in fields if spec.type in _OF_FEW_WORDS or spec.name in _ASKED_OF_ALL
    )


def pictures_of(document: Document) -> tuple[str, ...]:
    """The paths of the pictures that a document names, each once."""
    if isinstance(document, KnownDocument):
        return document.known.pictures(document.number)
    return tuple(dict.fromkeys(use.path for use in uses(document)))


def linked_from(document: Document) -> tuple[str, ...]:
    """The paths to which the links in a document's body lead inside the base, each once."""
    if isinstance(document, KnownDocument):
        return document.known.linked(document.number)
    paths = (target_path(document.path, link.target) for link in document.links)
    return tuple(dict.fromkeys(path for path in paths if path is not None))


class _Texts:
    """The texts of one field: which there are, and the place of those of each document among them."""

    def __init__(self, values: Iterable[Iterable[str]], places: Iterable[int]) -> None:
        self.values = [tuple(each) for each in values]
        self.places = list(places)

    @cached_property
    def _place_of(self) -> dict[tuple[str, ...], int]:
        return {texts: place for place, texts in enumerate(self.values)}

    def add(self, texts: tuple[str, ...], before: int) -> None:
        """Add those of one more document; `before` is where it was until now, or -1."""
        if before >= 0 and self.values[self.places[before]] == texts:
            # Mostly so, and then it needs not be looked for.
            self.places.append(self.places[before])
            return
        place = self._place_of.setdefault(texts, len(self.values))
        if place == len(self.values):
            self.values.append(texts)
        self.places.append(place)

    def of(self, numbers: Iterable[int]) -> _Texts:
        """Those of some documents."""
        places = [self.places[number] for number in numbers]
        if len(set(places)) == len(self.values):
            return _Texts(self.values, places)
        now: dict[int, int] = {}
        places = [now.setdefault(place, len(now)) for place in places]
        return _Texts((self.values[place] for place in now), places)


class KnownDocuments:
    """The documents of which facts are known, from an earlier run with the same schema.

    There may be many, of which little is asked; so the facts are in columns. A document has a number; what is
    known of it never changes, another content gets another number.
    """

    def __init__(self, schema: Schema, columns: Mapping[str, Any] | None = None) -> None:
        """`columns` are those that another one gave; without them nothing is known yet."""
        self._schema = schema
        self._kept = {None: kept_fields(None)} | {
            kind.name: kept_fields(kind) for kind in schema.kinds.values()
        }
        columns = columns or {}
        paths = columns.get("paths", ())
        self._numbers = {path: number for number, path in enumerate(paths)}
        self._kinds: list[str] = list(columns.get("kinds", ()))
        self._digests: list[str] = list(columns.get("digests", ()))
        self._faces: list[str] = list(columns.get("faces", ()))
        self._unreadable = set(columns.get("unreadable", ()))
        self._texts = {name: _Texts(*each) for name, each in columns.get("texts", {}).items()}
        self._pictures = _by_number(columns.get("pictures", ()))
        self._linked = _by_number(columns.get("linked", ()))

    def columns(self, paths: Iterable[str]) -> dict[str, Any]:
        """What is known of some documents, in the order of these paths, as lists and texts that can be stored."""
        of = {path: self._numbers[path] for path in paths}
        numbers = of.values()
        texts = {name: each.of(numbers) for name, each in sorted(self._texts.items())}
        return {
            "paths": list(of),
            "kinds": [self._kinds[number] for number in numbers],
            "digests": [self._digests[number] for number in numbers],
            "faces": [self._faces[number] for number in numbers],
            "unreadable": [at for at, number in enumerate(numbers) if number in self._unreadable],
            "texts": {name: (each.values, each.places) for name, each in texts.items()},
            "pictures": _rows(self._pictures, numbers),
            "linked": _rows(self._linked, numbers),
        }

    def learn(self, document: Document) -> None:
        """Keep the facts of a document, in the place of those of its path."""
        facts = facts_of(document)
        number, before = len(self._digests), self._numbers.get(document.path, -1)
        for name in facts.texts.keys() - self._texts.keys():
            self._texts[name] = _Texts([()], [0] * number)
        for name, texts in self._texts.items():
            texts.add(facts.texts.get(name, ()), before)
        self._kinds.append(document.kind.name if document.kind is not None else "")
        self._digests.append(facts.digest)
        self._faces.append(facts.face)
        if not facts.readable:
            self._unreadable.add(number)
        if facts.pictures:
            self._pictures[number] = facts.pictures
        if facts.linked:
            self._linked[number] = facts.linked
        self._numbers[document.path] = number

    def of(self, path: str, data: bytes) -> Document | None:
        """The document that the bytes of this file make; None when that isn't known."""
        number = self._numbers.get(path)
        if number is None or sha256(data).hexdigest() != self._digests[number]:
            return None
        return KnownDocument(
            self,
            number,
            lambda: build(path, data, self._schema),
            path=path,
            kind=self._schema.kinds.get(self._kinds[number]),
            readable=number not in self._unreadable,
            digest=self._digests[number],
            face=self._faces[number],
        )

    def tells(self, kind: Kind | None, field: str) -> bool:
        """Whether the texts of a field are known of the documents of a kind."""
        return field in self._kept[kind.name if kind is not None else None]

    def texts(self, number: int, field: str) -> tuple[str, ...]:
        """What a document has in a field of which they are known."""
        column = self._texts.get(field)
        return column.values[column.places[number]] if column is not None else ()

    def pictures(self, number: int) -> tuple[str, ...]:
        """The paths of the pictures that a document names."""
        return self._pictures.get(number, ())

    def linked(self, number: int) -> tuple[str, ...]:
        """The paths to which its links lead."""
        return self._linked.get(number, ())


def _by_number(rows: Iterable[tuple[int, Iterable[str]]]) -> dict[int, tuple[str, ...]]:
    return {number: tuple(texts) for number, texts in rows}


def _rows(
    texts: Mapping[int, tuple[str, ...]], numbers: Iterable[int]
) -> list[tuple[int, tuple[str, ...]]]:
    return [(place, texts[number]) for place, number in enumerate(numbers) if number in texts]


class KnownDocument(Document):
    """A document of which facts are known. It is read when something else is asked of it, and says then what
    the document built from the same bytes says.
    """

    known: KnownDocuments
    number: int
    _build: Callable[[], Document]

    def __init__(
        self, known: KnownDocuments, number: int, read: Callable[[], Document], **facts: Any
    ) -> None:
        """`known` tells what is known by the number, `read` makes the whole document; `facts` are attributes."""
        facts.update(known=known, number=number, _build=read)
        vars(self).update(facts)

    @cached_property
    def _whole(self) -> Document:
        return self._build()

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return self._whole.lines

    @cached_property
    def body_line(self) -> int:
        return self._whole.body_line

    @cached_property
    def fields(self) -> Mapping[str, tuple[Item, ...]]:
        return self._whole.fields

    @cached_property
    def keys(self) -> Mapping[str, Span]:
        return self._whole.keys

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        return self._whole.faults

    def texts(self, field: str) -> tuple[str, ...]:
        """As the document has it; without reading it where the field is one of those kept."""
        found = self.known.texts(self.number, field)
        if found or self.known.tells(self.kind, field):
            return found
        return super().texts(field) if self.kind and field in self.kind.fields else ()

    def text(self, field: str) -> str:
        """The first of `texts`, or empty."""
        texts = self.texts(field)
        return texts[0] if texts else ""
