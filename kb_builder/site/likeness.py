"""The similar cases of every case page: what the program finds, but for what editors say about it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from kb_builder import memory
from kb_builder.entries import analyzer_of
from kb_builder.index import arrays
from kb_builder.insight.comparing import Index
from kb_builder.insight.neighbours import Cells, Scores, neighbours_in
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

_FILE = "likeness"
"""Where the scores are kept in the state folder of a base, as a file of `arrays`."""

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
        kept = base.state / _FILE
        index = Index(terms.inversion.of(places))
        found, scores = neighbours_in(index, ids, apart, _load(kept))
        del index
        _save(kept, scores)
        memory.trim()
        return {id_: [each.id for each in near] for id_, near in found.items()}


_OF_DOCUMENTS = ("choices", "contents", "bounds")
_OF_CELLS = ("asking", "others", "firsts", "totals")


def _load(path: Path) -> Scores | None:
    """The scores that are kept; None where there are none that can be used."""
    found = arrays.read(path, _version())
    if not found:
        return None
    ids = arrays.text_of(found["ids"])
    cells = Cells(*(found[name] for name in _OF_CELLS))
    choices, contents, bounds = (found[name] for name in _OF_DOCUMENTS)
    return Scores(ids.split("\n") if ids else (), choices, contents, bounds, cells)


def _save(path: Path, scores: Scores) -> None:
    ids = arrays.of_text("\n".join(scores.ids))
    of_documents = {name: getattr(scores, name) for name in _OF_DOCUMENTS}
    of_cells = {name: getattr(scores.cells, name) for name in _OF_CELLS}
    arrays.write(path, _version(), {"ids": ids, **of_documents, **of_cells})


@cache
def _version() -> str:
    """Changes with the program that makes scores; what it makes them of, they say themselves."""
    folder = resources.files("kb_builder.insight")
    digest = hashlib.sha256()
    for name in ("comparing.py", "neighbours.py"):
        digest.update((folder / name).read_bytes())
    return f"likeness {digest.hexdigest()[:16]}"
