"""All documents of a base together, and how they refer to each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kb_builder.model.document import Document
from kb_builder.model.schema import FieldType
from kb_builder.model.values import Item


@dataclass(frozen=True)
class Corpus:
    """Documents in the order of their paths. Where two carry one id, `by_id` holds the first."""

    documents: tuple[Document, ...]
    by_id: Mapping[str, Document] = field(init=False)
    _referring: Mapping[tuple[str, str], tuple[Document, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Index documents by id and by what they refer to."""
        by_id: dict[str, Document] = {}
        referring: defaultdict[tuple[str, str], list[Document]] = defaultdict(list)
        for document in self.documents:
            if document.kind is not None:
                by_id.setdefault(document.id, document)
            for name, item in references(document):
                referring[name, item.text].append(document)
        object.__setattr__(self, "by_id", by_id)
        object.__setattr__(
            self, "_referring", {key: tuple(docs) for key, docs in referring.items()}
        )

    def referring(self, field_name: str, identity: str) -> tuple[Document, ...]:
        """The documents whose field names `identity`, in the order of their paths."""
        return self._referring.get((field_name, identity), ())

    def select(self, keep: Iterable[Document]) -> Corpus:
        """The corpus of some of its documents."""
        wanted = {id(document) for document in keep}
        return Corpus(tuple(doc for doc in self.documents if id(doc) in wanted))


def references(document: Document) -> Iterator[tuple[str, Item]]:
    """Every reference in front matter: the field's name and the item that names an id."""
    if document.kind is None:
        return
    for name, items in document.fields.items():
        if document.kind.fields[name].type is FieldType.REFERENCE:
            for item in items:
                yield name, item
