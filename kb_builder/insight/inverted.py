"""All terms of many documents in memory, in arrays: where each is, how often, and with what impact.

What compares every document with every other, and the index for the browser, are made from this. With numpy,
because ten thousand cases have seven million postings: as Python's numbers, each step over them takes seconds.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kb_builder import ranking
from kb_builder.analysis.analyzer import KINDS, Kind

Numbers: TypeAlias = NDArray[np.int64]
Small: TypeAlias = NDArray[np.int32]
Bytes: TypeAlias = NDArray[np.uint8]
Flags: TypeAlias = NDArray[np.bool_]
Points: TypeAlias = NDArray[np.uint32]
Unsigned: TypeAlias = NDArray[np.unsignedinteger]
"""Of one, two or four bytes each, whatever the greatest needs."""

# The postings of so many documents are weighed at a time: that stays in the processor's cache.
_BLOCK = 128
# So many postings are sorted or counted at a time: 10 MB.
_SORTED = 400_000
# A posting is sorted as one number: term, document, impact; of 31, 24 and 8 bits.
_DOCUMENT_BITS, _IMPACT_BITS = 24, 8


class Counted(Protocol):
    """The counts of a document: for each of `KINDS`, each count with its terms; `index.counted` has them."""

    def each(self, place: int) -> Iterator[tuple[int, list[str]]]: ...

    def lengths(self) -> tuple[int, ...]: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one kind, in code point order, and their postings.

    `starts` has where those of each term begin, and where the last ones end; `docnums` ascend within a term.
    """

    written: str
    starts: Numbers
    docnums: Small
    impacts: Bytes

    @property
    def names(self) -> list[str]:
        """The terms: made anew each time."""
        return self.written.split("\n") if self.written else []

    @property
    def frequencies(self) -> Numbers:
        """In how many documents each term is."""
        return np.diff(self.starts)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each term of one kind is in each document: rows in the order of documents.

    `written` are the names in code point order with a line break between: so they take a twentieth of the room of
    as many strings. `terms` are the numbers of names; `starts` has where the rows of each document begin, and where
    the last ones end. `lengths` are the weighted numbers of terms. Each name is in a document.
    """

    written: str
    terms: Small
    counts: Unsigned
    starts: Numbers
    lengths: Numbers

    @property
    def size(self) -> int:
        """How many names there are."""
        return self.written.count("\n") + 1 if self.written else 0

    @property
    def names(self) -> list[str]:
        """The names: made anew each time."""
        return self.written.split("\n") if self.written else []

    @property
    def frequencies(self) -> Numbers:
        """In how many documents each term is."""
        size = self.size
        found = np.zeros(size, np.int64)
        # In parts, for each is copied as numbers of eight bytes.
        for first in range(0, len(self.terms), _SORTED):
            found += np.bincount(self.terms[first : first + _SORTED], minlength=size)
        return found

    def of(self, docnums: Numbers) -> Counts:
        """Those of some documents, in this order; terms that are in none of them are left out."""
        sizes = np.diff(self.starts)[docnums]
        # Documents that follow each other as before are taken together.
        runs = np.split(docnums, np.flatnonzero(np.diff(docnums) != 1) + 1) if len(docnums) else []
        rows = [slice(self.starts[run[0]], self.starts[run[-1] + 1]) for run in runs]
        terms = np.concatenate([self.terms[:0], *(self.terms[each] for each in rows)])
        held = np.zeros(self.size, bool)
        held[terms] = True
        written = self.written
        if not held.all():
            numbers = (np.cumsum(held) - 1).astype(np.int32)
            terms = numbers[terms]
            written = "\n".join(compress(self.names, held.tolist()))
        counts = np.concatenate([self.counts[:0], *(self.counts[each] for each in rows)])
        return Counts(written, terms, counts, ends(sizes), self.lengths[docnums])

    def joined(self, other: Counts) -> Counts:
        """Those of our documents and of others behind them."""
        names, others = self.names, other.names
        places = [bisect_left(names, name) for name in others]
        new = [
            place == len(names) or names[place] != name
            for place, name in zip(places, others, strict=True)
        ]
        at, is_new = np.array(places, np.int64), np.array(new, bool)
        # How many new names stand before each of ours, and before each of theirs.
        before = np.cumsum(np.bincount(at[is_new], minlength=len(names) + 1))
        of_ours = (np.arange(len(names)) + before[:-1]).astype(np.int32)
        of_theirs = at + np.where(is_new, np.cumsum(is_new) - 1, before[at])
        return Counts(
            # Two lists that are in order are merged, not sorted.
            "\n".join(sorted([*names, *compress(others, new)])),
            np.concatenate([of_ours[self.terms], of_theirs.astype(np.int32)[other.terms]]),
            np.concatenate([self.counts, other.counts]),
            np.concatenate([self.starts, other.starts[1:] + self.starts[-1]]),
            np.concatenate([self.lengths, other.lengths]),
        )


class Inversion:
    """Documents, numbered from 0 in the order in which they are given, and the terms of each kind."""

    def __init__(self, counts: Mapping[Kind, Counts]) -> None:
        self.counts = counts

    @classmethod
    def made(cls, documents: Iterable[Counted]) -> Inversion:
        """The inversion of documents, which are asked for one after the other."""
        counters = [_Counter() for _ in KINDS]
        for document in documents:
            lengths = document.lengths()
            for place, counter in enumerate(counters):
                counter.add(document.each(place), lengths[place])
        # Each is let go when it has told what it knows.
        return cls({kind: counters.pop(0).finish() for kind in KINDS})

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return len(self.counts[KINDS[0]].lengths)

    def terms(self, kind: Kind) -> Terms:
        """The terms of a kind: made anew each time, for they are large."""
        return _invert(kind, self.counts[kind])

    def of(self, docnums: Sequence[int]) -> Inversion:
        """The inversion of some of the documents in this order, as if there were no others."""
        if list(docnums) == list(range(self.documents)):
            return self
        chosen = np.array(docnums, np.int64)
        return Inversion({kind: counts.of(chosen) for kind, counts in self.counts.items()})

    def edit(self, new: Inversion, docnums: Sequence[int]) -> None:
        """Become that of some of our documents and of new ones, counted behind ours, in the order of their numbers.

        One kind after the other: the old and the new together take twice the room.
        """
        chosen = np.array(docnums, np.int64)
        counts = dict(self.counts)
        self.counts = {}
        for kind in KINDS:
            self.counts[kind] = counts.pop(kind).joined(new.counts[kind]).of(chosen)


class _Counter:
    """Numbers the terms of one kind, as they come."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self._seen = array("i")
        # Of each document, each count and how many terms have it.
        self._counts, self._sizes = array("i"), array("i")
        self._rows, self._lengths = array("q"), array("q")

    def add(self, groups: Iterable[tuple[int, list[str]]], length: int) -> None:
        """Take a document: each count with its terms, and the weighted number of all."""
        before = len(self._seen)
        number_of = self._numbers.__getitem__
        for count, terms in groups:
            self._seen.extend(map(number_of, terms))
            self._counts.append(count)
            self._sizes.append(len(terms))
        self._rows.append(len(self._seen) - before)
        self._lengths.append(length)

    def finish(self) -> Counts:
        """The counts of all documents."""
        names = sorted(self._numbers)
        order = np.fromiter(map(self._numbers.__getitem__, names), np.int32, len(names))
        self._numbers.clear()
        ranks = np.empty(len(order), np.int32)
        ranks[order] = np.arange(len(order), dtype=np.int32)
        counts = np.array(self._counts, np.int32)
        return Counts(
            written="\n".join(names),
            terms=ranks[np.frombuffer(self._seen, np.int32)],
            counts=np.repeat(narrow(counts), np.array(self._sizes, np.int32)),
            starts=ends(np.array(self._rows, np.int64)),
            lengths=np.array(self._lengths, np.int64),
        )


def _invert(kind: Kind, counts: Counts) -> Terms:
    starts = ends(counts.frequencies)
    numbers = np.arange(len(counts.lengths), dtype=np.int32)
    owners = np.repeat(numbers, np.diff(counts.starts))
    by_document = impacts(kind, counts)
    docnums, by_term = np.empty_like(owners), np.empty_like(by_document)
    # Some terms at a time: all at once would take three times the room.
    cuts = np.unique(np.searchsorted(starts, range(0, len(owners) + _SORTED, _SORTED)))
    for first, stop in pairwise(np.minimum(cuts, len(starts) - 1).tolist()):
        rows = np.flatnonzero((counts.terms >= first) & (counts.terms < stop))
        packed = counts.terms[rows].astype(np.int64)
        packed <<= _DOCUMENT_BITS
        packed |= owners[rows]
        packed <<= _IMPACT_BITS
        packed |= by_document[rows]
        packed.sort()
        part = slice(starts[first], starts[stop])
        by_term[part] = packed & (1 << _IMPACT_BITS) - 1
        packed >>= _IMPACT_BITS
        docnums[part] = packed & (1 << _DOCUMENT_BITS) - 1
    return Terms(counts.written, starts, docnums, by_term)


def impacts(kind: Kind, counts: Counts) -> Bytes:
    """`ranking.impact` of each row.

    The same operations in the same order, so the same numbers.
    """
    documents = len(counts.lengths)
    weights = ranking.IMPACT_SCALE * _weights(kind, documents, counts.frequencies)
    dampings = np.array(ranking.dampings(counts.lengths.tolist(), documents), np.float64)
    found = np.empty(len(counts.terms), np.uint8)
    for first in range(0, documents, _BLOCK):
        bounds = counts.starts[first : first + _BLOCK + 1]
        rows = slice(bounds[0], bounds[-1])
        said = counts.counts[rows]
        damping = np.repeat(dampings[first : first + _BLOCK], np.diff(bounds))
        values = np.rint(weights[counts.terms[rows]] * said / (said + damping))
        found[rows] = np.clip(values, 1, ranking.MAX_IMPACT)
    return found


def _weights(kind: Kind, documents: int, frequencies: Numbers) -> NDArray[np.float64]:
    """`ranking.term_weight` of each term; the same few frequencies again and again."""
    distinct, places = np.unique(frequencies, return_inverse=True)
    weights = [ranking.term_weight(kind, documents, int(each)) for each in distinct]
    return np.array(weights, np.float64)[places]


def narrow(numbers: NDArray[np.integer]) -> Unsigned:
    """Numbers from 0 up in as few bytes as the greatest needs."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def letters(names: Sequence[str]) -> tuple[Points, Numbers]:
    """The code points of names, one name after the other, and where those of each begin and the last ones end."""
    points = np.frombuffer("".join(names).encode("utf-32-le"), "<u4")
    return points, ends(np.fromiter(map(len, names), np.int64, len(names)))


def letters_of(written: str) -> tuple[Points, Numbers]:
    """The same of names with a line break between; no name is empty.

    >>> [each.tolist() for each in letters_of("ab\\nc")]
    [[97, 98, 99], [0, 2, 3]]
    """
    points = np.frombuffer(written.encode("utf-32-le"), "<u4")
    breaks = np.flatnonzero(points == ord("\n"))
    points = np.delete(points, breaks)
    last = [len(points)] if written else []
    return points, np.concatenate([[0], breaks - np.arange(len(breaks)), last]).astype(np.int64)


def any_letter(holds: Callable[[str], bool], points: Points, starts: Numbers) -> Flags:
    """Whether any letter of each name is of a sort; each different one is looked at once."""
    distinct, places = np.unique(points, return_inverse=True)
    held = np.array([holds(chr(point)) for point in distinct.tolist()], bool)
    return any_flag(held[places], starts)


def any_flag(flags: Flags, starts: Numbers) -> Flags:
    """Whether any flag of each stretch is set; where they begin and the last one ends, as `ends` has it."""
    found: Flags = np.diff(ends(flags)[starts]) > 0
    return found


def ends(sizes: Sequence[int] | NDArray[np.integer | np.bool_]) -> Numbers:
    """Where each of several stretches begins that follow each other, and where the last one ends."""
    ends = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=ends[1:])
    return ends


def stretches(starts: Numbers, sizes: Numbers) -> Numbers:
    """The places of several stretches, one after the other: each from its start on, as many as its size.

    >>> stretches(np.array([7, 2]), np.array([2, 3])).tolist()
    [7, 8, 2, 3, 4]
    """
    before = ends(sizes)
    places = np.arange(before[-1])
    places += np.repeat(starts - before[:-1], sizes)
    return places
