"""The similar cases of every case page: what the program finds, but for what editors say about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kb_builder.entries import analyzer_of
from kb_builder.insight.neighbours import neighbours_in
from kb_builder.loader import Base
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.site.record import MadePart, Record
from kb_builder.site.sights import seal_of
from kb_builder.site.terms import TermsMaker

Found = Mapping[str, tuple[str, ...]]
"""Id of a case → the ids of those like it, best first."""

NAME = "similar"
"""The name of what was found, in the record of a site."""

_KIND = "case"
# A pair that an editor has spoken about: confirmed ones are shown anyway, the others never.
_SPOKEN = ("related", "not_related", "contrast_with")


class Likeness:
    """Keeps what was found from build to build: nobody looks again until a case changes."""

    def __init__(self, terms: TermsMaker) -> None:
        self._terms = terms
        self.part = MadePart("", (), ())
        """What was found last, for the record of the site."""

    def remember(self, before: Record) -> None:
        """Take what was found for a site made before by this program, unless there is something newer."""
        if not self.part.seal:
            self.part = before.parts.get(NAME, self.part)

    def find(self, base: Base, listed: Corpus) -> Found:
        """The similar cases of every listed case, without those that editors confirmed or vetoed.

        Raises KbError when the state folder of the base can't be written.
        """
        cases = [doc for doc in listed.documents if doc.kind and doc.kind.name == _KIND]
        words = analyzer_of(base.settings).version
        seal = seal_of((base.settings.digest, words, *(f"{doc.id} {doc.digest}" for doc in cases)))
        if self.part.seal != seal:
            self.part = MadePart(seal, (), (), self._look(base, listed, cases))
        return {id_: tuple(near) for id_, near in self.part.told.items()}

    def _look(self, base: Base, listed: Corpus, cases: Sequence[Document]) -> dict[str, list[str]]:
        apart: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
        for document in cases:
            for other in (id_ for field in _SPOKEN for id_ in document.texts(field)):
                apart[document.id] |= {other}
                apart[other] |= {document.id}
        terms = self._terms.of(base, listed)
        places = [place for place, entry in enumerate(terms.entries) if entry.kind == _KIND]
        ids = [terms.entries[place].id for place in places]
        found = neighbours_in(terms.inversion.of(places), ids, apart)
        return {id_: [each.id for each in near] for id_, near in found.items()}
