"""Trying an exported index: is every document found by a piece of its own text?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb_builder.analysis.folding import HAN
from kb_builder.browser.reading import Reader
from kb_builder.index import Entry

_PIECE = 8
_STRETCH = re.compile(rf"[{HAN}]{{2,}}|[^\W_]+")


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that a piece of its text does not find; `place` is the field of the piece."""

    id: str
    place: str
    piece: str


def self_test(folder: Path, entries: Sequence[Entry], *, most: int | None = None) -> list[Failure]:
    """The documents of `entries` that the index in `folder` does not find; none if all is well.

    Of each document, a piece from the middle of its title and of its longest text is searched, and every file
    is read. With `most`, so many documents are tried, evenly spread, and only the files that they need; the entries
    must then be all that were written, in the order of their ids. Raises `DamagedError`.
    """
    reader = Reader(folder)
    if most is None:
        reader.check()
        numbers = {shown.id: number for number, shown in enumerate(reader.documents())}
    else:
        step = -(-len(entries) // most) or 1
        places = range(0, len(entries), step)
        # Where each is follows from the order of all.
        numbers = {id_: place for place in places if (id_ := _id_at(reader, place))}
        entries = entries[::step]
    failures = []
    for entry in entries:
        for place, piece in _pieces(entry):
            number = numbers.get(entry.id)
            if number is None or not _finds(reader, piece, number):
                failures.append(Failure(entry.id, place, piece))
    return failures


def _id_at(reader: Reader, number: int) -> str:
    """The id of the document of this number, or empty."""
    return reader.document(number).id if number < len(reader) else ""


def _pieces(entry: Entry) -> Iterator[tuple[str, str]]:
    name, _, text = max(entry.texts, key=lambda field: len(field[2]))
    for place, whole in (("title", entry.title), (name, text)):
        found = list(_STRETCH.finditer(whole))
        if found:
            middle = found[len(found) // 2].group()
            start = max(len(middle) - _PIECE, 0) // 2
            yield place, middle[start : start + _PIECE]


def _finds(reader: Reader, piece: str, number: int) -> bool:
    """Whether a document is among the hits, without scoring the others."""
    terms = reader.select(reader.cut(piece))
    strong = [term for term in terms if len(term.term) > 1] or terms
    return any(number in reader.postings(t.kind, t.term).docnums for t in strong)
