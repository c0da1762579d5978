"""What the references between documents add up to."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document

_WELL_DONE = ("positive", "mixed")


def contrast_pairs(corpus: Corpus) -> tuple[tuple[Document, Document], ...]:
    """The pairs of cases written as each other's contrast, each pair once, in the order of ids.

    The one that went well comes first; where both or neither did, the one with the smaller id.
    """
    found = {}
    for document in corpus.documents:
        other = corpus.by_id.get(document.text("contrast_with"))
        if other is not None and other is not document:
            pair = sorted((document, other), key=lambda one: (not _went_well(one), one.id))
            found[tuple(sorted((document.id, other.id)))] = (pair[0], pair[1])
    return tuple(found[key] for key in sorted(found))


def most_referred(
    documents: Iterable[Document], corpus: Corpus, field: str
) -> tuple[tuple[Document, int], ...]:
    """The documents with how often `field` names them in the corpus, the most frequent first."""
    counted = [(document, len(corpus.referring(field, document.id))) for document in documents]
    return tuple(sorted(counted, key=lambda pair: (-pair[1], pair[0].id)))


def _went_well(document: Document) -> bool:
    return document.text("case_kind") in _WELL_DONE
