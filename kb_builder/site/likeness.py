"""The similar cases of every case page: what the program finds, and what editors say about it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping

from kb_builder.entries import analyzer_of, count_store, entry_of
from kb_builder.insight.neighbours import neighbours
from kb_builder.loader import Base
from kb_builder.model.corpus import Corpus

Found = Mapping[str, tuple[str, ...]]
"""Id of a case → the ids of those like it, best first."""

_KIND = "case"
# A pair that an editor has spoken about: confirmed ones are shown anyway, the others never.
_SPOKEN = ("related", "not_related", "contrast_with")


class Likeness:
    """Keeps what was found from build to build: a preview does not look again until a case changes."""

    def __init__(self) -> None:
        self._made = ""
        self._found: Found = {}

    def find(self, base: Base, listed: Corpus) -> Found:
        """The similar cases of every listed case, without those that editors confirmed or vetoed.

        What was analysed before is taken from the base's state folder. Raises KbError when that can't be
        written.
        """
        cases = [doc for doc in listed.documents if doc.kind and doc.kind.name == _KIND]
        digests = [base.settings.digest, *(document.digest for document in cases)]
        made = hashlib.sha256("\0".join(digests).encode()).hexdigest()
        if self._made != made:
            apart: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
            for document in cases:
                for other in (id_ for field in _SPOKEN for id_ in document.texts(field)):
                    apart[document.id] |= {other}
                    apart[other] |= {document.id}
            with count_store(
                base.state, analyzer_of(base.settings), documents=len(listed.documents)
            ) as counts:
                counted = {document.id: counts.count(entry_of(document)) for document in cases}
            self._found = {
                id_: tuple(each.id for each in near)
                for id_, near in neighbours(counted, apart).items()
            }
            self._made = made
        return self._found
