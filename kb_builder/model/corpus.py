"""All documents of a base together, and how they refer to each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kb_builder.model.document import Document
from kb_builder.model.pictures import Metadata
from kb_builder.model.schema import FieldType, Kind
from kb_builder.model.values import Item


@dataclass(frozen=True)
class Corpus:
    """Documents in the order of their paths. Where several carry one id, `by_id` holds the one whose
    file has that name, else the first.

    `pages` are the paths of the hand-written pages beside them, to which documents may link;
    `pictures` what the pictures of the base say besides what they show, by path. `beside` are files of no
    kind, such as pages and settings, in which there must be no personal data either.
    """

    documents: tuple[Document, ...]
    pages: frozenset[str] = frozenset()
    pictures: Mapping[str, tuple[Metadata, ...]] = field(default_factory=dict)
    beside: tuple[Document, ...] = ()
    by_id: Mapping[str, Document] = field(init=False)
    _referring: Mapping[tuple[str, str], tuple[Document, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Index documents by id and by what they refer to."""
        by_id: dict[str, Document] = {}
        naming: dict[str, tuple[str, ...]] = {}
        referring: defaultdict[tuple[str, str], list[Document]] = defaultdict(list)
        for document in self.documents:
            if document.kind is not None:
                first = by_id.setdefault(document.id, document)
                if document.name == document.id != first.name:
                    by_id[document.id] = document
            if document.kind is not None and document.kind.name not in naming:
                naming[document.kind.name] = tuple(document.kind.references)
            for name in naming[document.kind.name] if document.kind else ():
                for text in document.texts(name):
                    referring[name, text].append(document)
        object.__setattr__(self, "by_id", by_id)
        object.__setattr__(
            self, "_referring", {key: tuple(docs) for key, docs in referring.items()}
        )

    def referring(self, field_name: str, identity: str) -> tuple[Document, ...]:
        """The documents whose field names `identity`, in the order of their paths."""
        return self._referring.get((field_name, identity), ())

    @cached_property
    def ids(self) -> Mapping[str, tuple[str, ...]]:
        """Name of a kind → the ids of its documents, in their order."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for identity in sorted(self.by_id):
            kind = self.by_id[identity].kind
            assert kind is not None  # or it would not be in by_id
            found[kind.name].append(identity)
        return {name: tuple(ids) for name, ids in found.items()}

    def nearest_id(self, text: str, kind: Kind) -> str | None:
        """The document of this kind that was meant by an id that doesn't exist; None if none is.

        One slip away: two characters exchanged, one wrong, missing or too many. Tried as look-ups,
        because comparing with a hundred thousand ids takes seconds.
        """
        text = kind.canonical_id(text) or text[:40]
        characters = sorted({*"0123456789-", *kind.prefix})
        cuts = range(len(text))
        slips = (
            (text,),
            (text[:i] + text[i + 1 : i + 2] + text[i] + text[i + 2 :] for i in cuts),
            (text[:i] + other + text[i + 1 :] for i in cuts for other in characters),
            (text[:i] + text[i + 1 :] for i in cuts),
            (text[:i] + other + text[i:] for i in (*cuts, len(text)) for other in characters),
        )
        for made in slips:
            near = {each for each in made if each in self.by_id and self.by_id[each].kind is kind}
            if near:
                return min(near, key=lambda each: (each[:-1] != text[:-1], each))
        return None

    def select(self, keep: Iterable[Document]) -> Corpus:
        """The corpus of some of its documents."""
        wanted = {id(document) for document in keep}
        return Corpus(
            tuple(doc for doc in self.documents if id(doc) in wanted),
            self.pages,
            self.pictures,
            self.beside,
        )


def references(document: Document) -> Iterator[tuple[str, Item]]:
    """Every reference in front matter: the field's name and the item that names an id."""
    if document.kind is None:
        return
    for name, items in document.fields.items():
        if document.kind.fields[name].type is FieldType.REFERENCE:
            for item in items:
                yield name, item
