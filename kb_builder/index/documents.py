"""The table of documents beside the Whoosh index: what every search needs of every document.

Whoosh keeps field lengths in one byte; the ranking formula needs them exact. And filtering and
counting facets would have to unpack every stored document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

NAME = "documents.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One document; `lengths` are its weighted numbers of words, bigrams and characters."""

    kind: str
    date: str
    lengths: tuple[int, ...]
    facets: Mapping[str, tuple[str, ...]]


def save(path: Path, ids: Iterable[str | None], rows: Mapping[str, Row]) -> None:
    """Write the rows by document number; None, and no row, where a document was deleted."""
    table = []
    for id_ in ids:
        row = None if id_ is None else rows[id_]
        table.append(row and [id_, row.kind, row.date, row.lengths, row.facets])
    path.write_text(json.dumps(table, default=dict, sort_keys=True), "utf-8")


def load(path: Path) -> tuple[list[str | None], dict[str, Row]]:
    """The id of each document by number, and the rows by id."""
    ids: list[str | None] = []
    rows: dict[str, Row] = {}
    for line in json.loads(path.read_text("utf-8")):
        if line is None:
            ids.append(None)
            continue
        id_, kind, date, lengths, facets = line
        ids.append(id_)
        rows[id_] = Row(
            kind, date, tuple(lengths), {name: tuple(values) for name, values in facets.items()}
        )
    return ids, rows
