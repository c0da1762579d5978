"""The similar cases of every case page: what the program finds, but for what editors say about it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping

from kb_builder.insight.neighbours import neighbours_in
from kb_builder.loader import Base
from kb_builder.model.corpus import Corpus
from kb_builder.site.terms import TermsMaker

Found = Mapping[str, tuple[str, ...]]
"""Id of a case → the ids of those like it, best first."""

_KIND = "case"
# A pair that an editor has spoken about: confirmed ones are shown anyway, the others never.
_SPOKEN = ("related", "not_related", "contrast_with")


class Likeness:
    """Keeps what was found from build to build: a preview does not look again until a case changes."""

    def __init__(self, terms: TermsMaker) -> None:
        self._terms = terms
        self._made = ""
        self._found: Found = {}

    def find(self, base: Base, listed: Corpus) -> Found:
        """The similar cases of every listed case, without those that editors confirmed or vetoed.

        Raises KbError when the state folder of the base can't be written.
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
            terms = self._terms.of(base, listed)
            places = [place for place, entry in enumerate(terms.entries) if entry.kind == _KIND]
            ids = [terms.entries[place].id for place in places]
            self._found = {
                id_: tuple(each.id for each in near)
                for id_, near in neighbours_in(terms.inversion.of(places), ids, apart).items()
            }
            self._made = made
        return self._found
