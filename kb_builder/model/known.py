"""Documents that were read before: what is asked of all of them is kept, the rest is read when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

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
        return document.facts.pictures
    return tuple(dict.fromkeys(use.path for use in uses(document)))


def linked_from(document: Document) -> tuple[str, ...]:
    """The paths to which the links in a document's body lead inside the base, each once."""
    if isinstance(document, KnownDocument):
        return document.facts.linked
    paths = (target_path(document.path, link.target) for link in document.links)
    return tuple(dict.fromkeys(path for path in paths if path is not None))


class KnownDocuments:
    """The documents of which facts are known, from an earlier run with the same schema."""

    def __init__(self, schema: Schema, facts: Mapping[str, Facts]) -> None:
        """`facts` are those of documents by path."""
        self._schema = schema
        self._facts = facts
        self._kept = {None: kept_fields(None)} | {
            kind.name: kept_fields(kind) for kind in schema.kinds.values()
        }

    def of(self, path: str, data: bytes) -> Document | None:
        """The document that the bytes of this file make; None when that isn't known."""
        facts = self._facts.get(path)
        if facts is None or sha256(data).hexdigest() != facts.digest:
            return None
        kind = self._schema.kind_of_file(path)
        kept = self._kept[kind.name if kind is not None else None]
        return KnownDocument(path, kind, facts, kept, lambda: build(path, data, self._schema))


class KnownDocument(Document):
    """A document of which facts are known. It is read when something else is asked of it, and says then what
    the document built from the same bytes says.
    """

    facts: Facts
    _kept: frozenset[str]
    _build: Callable[[], Document]

    def __init__(
        self,
        path: str,
        kind: Kind | None,
        facts: Facts,
        kept: frozenset[str],
        read: Callable[[], Document],
    ) -> None:
        """`kept` are the fields of which the facts tell, `read` makes the whole document."""
        vars(self).update(
            path=path,
            kind=kind,
            readable=facts.readable,
            digest=facts.digest,
            face=facts.face,
            facts=facts,
            _kept=kept,
            _build=read,
        )

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
        found = self.facts.texts.get(field)
        if found is not None:
            return found
        is_told = field in self._kept or self.kind is None or field not in self.kind.fields
        return () if is_told else super().texts(field)

    def text(self, field: str) -> str:
        """The first of `texts`, or empty."""
        texts = self.texts(field)
        return texts[0] if texts else ""
