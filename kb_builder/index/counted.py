"""How often each term is in a document: what Whoosh's index and the browser's are both made of."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb_builder.analysis.analyzer import KINDS, Analyzer
from kb_builder.index.entry import Entry


@dataclass(frozen=True, slots=True)
class Counted:
    """The weighted counts of a document's terms; all its fields are one stream.

    For each of `KINDS`: (count, the terms that are in it so often, with a space between), by count.
    So a document takes a tenth of the memory of its `Counter`s, and is quickly stored and read.
    """

    groups: tuple[tuple[tuple[int, str], ...], ...]

    def of(self, place: int) -> dict[str, int]:
        """Term → count, of the kind `KINDS[place]`."""
        counts: dict[str, int] = {}
        for count, terms in self.each(place):
            counts.update(dict.fromkeys(terms, count))
        return counts

    def each(self, place: int) -> Iterator[tuple[int, list[str]]]:
        """Count and terms, of the kind `KINDS[place]`."""
        return ((count, terms.split(" ")) for count, terms in self.groups[place])

    def lengths(self) -> tuple[int, ...]:
        """The weighted number of terms by kind."""
        return tuple(
            sum(count * (terms.count(" ") + 1) for count, terms in groups) for groups in self.groups
        )

    def encode(self) -> bytes:
        """The counts as bytes, without a line break."""
        return json.dumps(self.groups, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, data: bytes) -> Counted | None:
        """The counts from what `encode` gives; None when it is something else."""
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, list) or len(value) != len(KINDS):
            return None
        kinds = []
        for groups in value:
            if not isinstance(groups, list) or not all(map(_is_group, groups)):
                return None
            kinds.append(tuple((count, terms) for count, terms in groups))
        return cls(tuple(kinds))


def _is_group(value: object) -> bool:
    match value:
        case [int(count), str(terms)]:
            return count > 0 and bool(terms)
    return False


def count_entries(entries: Iterable[Entry], analyzer: Analyzer) -> Iterator[Counted]:
    """Analyse documents."""
    return (count_entry(entry, analyzer) for entry in entries)


def count_entry(entry: Entry, analyzer: Analyzer) -> Counted:
    """Analyse a document."""
    totals: tuple[Counter[str], ...] = tuple(Counter() for _ in KINDS)
    # The longest text is most of the work: it is counted first and the others are added to it.
    for _, weight, text in sorted(entry.texts, key=lambda field: -len(field[2])):
        counted = analyzer.count_terms(text)
        for total, kind in zip(totals, KINDS, strict=True):
            counts = counted.of(kind)
            if weight == 1 and not total:
                total.update(counts)
                continue
            for term, count in counts.items():
                total[term] += weight * count
    return Counted(tuple(map(_group, totals)))


def _group(counts: Counter[str]) -> tuple[tuple[int, str], ...]:
    by_count: dict[int, list[str]] = {}
    for term, count in counts.items():
        by_count.setdefault(count, []).append(term)
    return tuple((count, " ".join(by_count[count])) for count in sorted(by_count))
