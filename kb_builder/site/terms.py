"""The terms of the documents in lists: what finds similar cases and the index for the browser are made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb_builder import memory
from kb_builder.entries import analyzer_of, count_store, entry_of
from kb_builder.index import Entry
from kb_builder.index.inversions import invert
from kb_builder.insight.inverted import Inversion
from kb_builder.loader import Base
from kb_builder.model.corpus import Corpus

Progress = Callable[[str, int, int], None]

_FILE = "inversion"
"""Where the terms are kept in the state folder of a base."""


@dataclass(frozen=True, slots=True)
class ListedTerms:
    """Entries in the order of their ids, and their terms."""

    entries: Sequence[Entry]
    inversion: Inversion


_NOTHING = ListedTerms((), Inversion.made(()))


class TermsMaker:
    """Makes the terms of the listed documents, and keeps them until one of these changes."""

    def __init__(self) -> None:
        self.progress: Progress | None = None
        self._made = ""
        self._terms = _NOTHING

    def of(self, base: Base, listed: Corpus) -> ListedTerms:
        """The terms of the listed documents. What was analysed before is taken from the base's state folder.

        Raises KbError when that can't be written.
        """
        documents = listed.documents
        digests = [base.settings.digest, *(f"{doc.id} {doc.digest}" for doc in documents)]
        made = hashlib.sha256("\0".join(digests).encode()).hexdigest()
        if made != self._made:
            entries = sorted(map(entry_of, documents), key=lambda entry: entry.id)
            # What was kept is let go first: two of them take twice the room.
            self._made, self._terms = "", _NOTHING
            self._terms = ListedTerms(entries, self._invert(base, entries))
            self._made = made
        return self._terms

    def give(self, base: Base, listed: Corpus) -> ListedTerms:
        """The terms as `of` has them, for the last who needs them: they are not kept any longer."""
        terms = self.of(base, listed)
        self._made, self._terms = "", _NOTHING
        return terms

    def _invert(self, base: Base, entries: Sequence[Entry]) -> Inversion:
        progress = self.progress
        analyzer = analyzer_of(base.settings)
        with count_store(base.state, analyzer, documents=len(entries)) as counts:
            inversion = invert(
                entries,
                base.state / _FILE,
                counts,
                None if progress is None else lambda done, total: progress("分析", done, total),
            )
        # The dictionary of words took more than all terms do.
        del analyzer, counts
        memory.trim()
        return inversion
