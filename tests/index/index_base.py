"""An index in a folder, for tests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from kb_builder.analysis.analyzer import Analyzer
from kb_builder.index import Entry, Searcher, Update, update

ANALYZER = Analyzer(["座椅套"])


def make_entry(id_: str, text: str, **changes: object) -> Entry:
    """An entry whose title is the first line of `text`."""
    title, _, body = text.partition("\n")
    given = {
        "id": id_,
        "kind": "case",
        "title": title,
        "address": f"/c/{id_}/",
        "texts": (("title", 3, title), ("body", 1, body)),
        "facets": {},
        "date": "",
    }
    return Entry(**(given | changes))  # type: ignore[arg-type]


class Base:
    """An index in a folder and the documents that belong in it."""

    def __init__(self, folder: Path, analyzer: Analyzer = ANALYZER) -> None:
        self.folder = folder
        self.analyzer = analyzer
        self.analysed: list[str] = []

    def update(self, documents: Mapping[str, str | Entry]) -> Update:
        entries = {
            id_: document if isinstance(document, Entry) else make_entry(id_, document)
            for id_, document in documents.items()
        }
        digests = {
            id_: hashlib.sha256(repr(entry).encode()).hexdigest() for id_, entry in entries.items()
        }
        self.analysed = []

        def entry_of(id_: str) -> Entry:
            self.analysed.append(id_)
            return entries[id_]

        return update(self.folder, self.analyzer, digests, entry_of)

    def open(self) -> Searcher:
        return Searcher.open(self.folder, self.analyzer)

    def find(self, query: str) -> list[tuple[int, str]]:
        searcher = self.open()
        try:
            return searcher.rank(query, limit=1000)
        finally:
            searcher.close()

    def ids(self, query: str) -> list[str]:
        return [id_ for _, id_ in self.find(query)]
