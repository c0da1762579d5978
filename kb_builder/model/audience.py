"""Who a site is built for, and what of a base its readers may see.

A base says in `audiences.yml` that it keeps audiences apart; then every document and hand-written page says
who may see it. What says nothing that can be read is shown to nobody but those who see everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum

from kb_builder.diagnostics import Diagnostic
from kb_builder.model import front_matter
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.front_matter import Scalar, Source
from kb_builder.model.known import pictures_of
from kb_builder.model.schema import FieldSpec, Kind, Needed, Schema
from kb_builder.model.taxonomy import Vocabulary
from kb_builder.model.values import Group, Item

VISIBILITY = "visibility"
"""The field, and the vocabulary, that says who may see a page."""

PUBLIC, INTERNAL, RESTRICTED = "public", "internal", "restricted"
"""The visibilities the program knows; their labels are in the taxonomy."""


class Audience(StrEnum):
    """Those a site is built for."""

    PUBLIC = "public"
    INTERNAL = "internal"
    ALL = "all"

    @property
    def label(self) -> str:
        """The Chinese word shown to editors."""
        return {
            Audience.PUBLIC: "外部读者",
            Audience.INTERNAL: "内部同事",
            Audience.ALL: "看得到全部的人",
        }[self]

    def sees(self, visibility: str) -> bool:
        """Whether it may see what has this visibility; an unknown one is for ALL only."""
        return self is Audience.ALL or visibility in _SEEN[self]


_SEEN = {Audience.PUBLIC: {PUBLIC}, Audience.INTERNAL: {PUBLIC, INTERNAL}}


def visibility_of(document: Document) -> str:
    """The id of a document's visibility; empty where it can't be told."""
    written = document.items(VISIBILITY)
    found = document.text(VISIBILITY) if len(written) == 1 else ""
    # A field written twice, or one whose other value could not be read, says nothing for certain.
    unsure = any(fault.rule == "duplicate-key" for fault in document.faults)
    return "" if unsure or found not in (PUBLIC, INTERNAL, RESTRICTED) else found


def visibility_in(text: str, vocabulary: Vocabulary | None) -> str:
    """The id of the visibility that the front matter of a hand-written page says; empty where it can't be told."""
    value = (
        vocabulary.find(written_visibility(front_matter.read(text.encode())))
        if vocabulary
        else None
    )
    return value.id if value else ""


def written_visibility(page: Source) -> str:
    """The visibility as the front matter of a hand-written page has it; empty where that isn't certain."""
    if page.root is None or any(fault.rule == "duplicate-key" for fault in page.faults):
        return ""
    node = page.root.get(VISIBILITY)
    return node.text.strip() if isinstance(node, Scalar) else ""


def undecided(corpus: Corpus) -> tuple[str, ...]:
    """The paths of the documents of which nobody can tell who may see them."""
    return tuple(document.path for document in corpus.documents if not visibility_of(document))


def concerning(
    audience: Audience,
    corpus: Corpus,
    vocabulary: Vocabulary | None,
    diagnostics: Iterable[Diagnostic],
) -> tuple[Diagnostic, ...]:
    """The diagnostics that matter to a site for `audience`: of what it may see, and of what it might.

    `vocabulary` is that of visibilities.
    """
    said = {document.path: visibility_of(document) for document in corpus.documents}
    for page in corpus.beside:
        if page.path in corpus.pages:
            said[page.path] = visibility_in("\n".join(page.lines), vocabulary)
    unseen = {
        path for path, visibility in said.items() if visibility and not audience.sees(visibility)
    }
    return tuple(each for each in diagnostics if each.path not in unseen)


def asking_visibility(schema: Schema) -> Schema:
    """The schema of a base that keeps audiences apart: not even a draft does without a visibility."""
    return Schema(
        {name: replace(kind, fields=_asked(kind.fields)) for name, kind in schema.kinds.items()}
    )


def _asked(fields: Mapping[str, FieldSpec]) -> dict[str, FieldSpec]:
    return {
        name: replace(spec, needed=Needed.DRAFT, waived=False) if name == VISIBILITY else spec
        for name, spec in fields.items()
    }


def narrowed(corpus: Corpus, audience: Audience, pages: frozenset[str]) -> Corpus:
    """The corpus as if what `audience` may not see had never been written.

    Args:
        corpus: the whole one.
        audience: who it is for.
        pages: the paths of the hand-written pages that it may see.
    """
    seen = [doc for doc in corpus.documents if audience.sees(visibility_of(doc))]
    named = {path for document in seen for path in pictures_of(document)}
    pictures = {path: found for path, found in corpus.pictures.items() if path in named}
    if audience is Audience.PUBLIC:
        seen = [without_internal(document) for document in seen]
    return Corpus(tuple(seen), pages, pictures)


def outward(schema: Schema) -> Schema:
    """The schema without the fields that are internal."""
    return Schema({name: _outward_kind(kind) for name, kind in schema.kinds.items()})


def _outward_kind(kind: Kind) -> Kind:
    return replace(kind, fields=_outward_fields(kind.fields))


def _outward_fields(fields: Mapping[str, FieldSpec]) -> dict[str, FieldSpec]:
    return {
        name: spec if spec.fields is None else replace(spec, fields=_outward_fields(spec.fields))
        for name, spec in fields.items()
        if not spec.internal
    }


def without_internal(document: Document) -> Document:
    """A document without its internal fields; the same one where it has none.

    What front matter says is taken from `fields`. Its lines stay only as a place for diagnostics, so they
    are emptied: nothing made from this document can hold what they said.
    """
    kind = document.kind
    if kind is None or not _has_internal(kind.fields):
        return document
    fields = _outward_items(kind.fields, document.fields)
    top = {name for name, spec in kind.fields.items() if spec.internal}
    return Document(
        path=document.path,
        kind=_outward_kind(kind),
        body_line=document.body_line,
        lines=("",) * document.body_line + document.lines[document.body_line :],
        fields=fields,
        keys={name: span for name, span in document.keys.items() if name not in top},
        faults=(),
        readable=document.readable,
        # Whatever was kept for the whole document is not what is left of it.
        digest=hashlib.sha256(f"outward {document.digest}".encode()).hexdigest(),
    )


def _has_internal(fields: Mapping[str, FieldSpec]) -> bool:
    return any(
        spec.internal or (spec.fields is not None and _has_internal(spec.fields))
        for spec in fields.values()
    )


def _outward_items(
    specs: Mapping[str, FieldSpec], fields: Mapping[str, tuple[Item, ...]]
) -> dict[str, tuple[Item, ...]]:
    found: dict[str, tuple[Item, ...]] = {}
    for name, items in fields.items():
        spec = specs[name]
        if spec.internal:
            continue
        if spec.fields is not None:
            inner = spec.fields
            items = tuple(
                replace(item, value=Group(_outward_items(inner, item.value.fields)))
                if isinstance(item.value, Group)
                else item
                for item in items
            )
        found[name] = items
    return found
