"""The search index on the disk: the one home of Whoosh.

`update` brings it up to date, `Searcher` searches it. Whoosh is imported when there is something to
write or to search, not before.
"""

from kb_builder.index.building import Update, update
from kb_builder.index.corrections import Correction
from kb_builder.index.entry import Entry
from kb_builder.index.generations import NoIndexError, is_whole
from kb_builder.index.searching import (
    Filters,
    Hit,
    Results,
    Searcher,
    SimilarHit,
    SimilarResults,
)
from kb_builder.index.store import CountStore

__all__ = [
    "Correction",
    "CountStore",
    "Entry",
    "Filters",
    "Hit",
    "NoIndexError",
    "Results",
    "Searcher",
    "SimilarHit",
    "SimilarResults",
    "Update",
    "is_whole",
    "update",
]
