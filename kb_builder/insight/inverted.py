"""All terms of many documents in memory, in arrays: where each is, how often, and with what impact.

What compares every document with every other, and the index for the browser, are made from this. With numpy,
because ten thousand cases have eight million postings: as Python's numbers, each step over them takes seconds.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb_builder import ranking
from kb_builder.analysis.analyzer import KINDS, Kind

Numbers = NDArray[np.int64]
Small = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]


class Counted(Protocol):
    """The counts of a document: for each of `KINDS`, each count with its terms; `index.counted` has them."""

    def each(self, place: int) -> Iterator[tuple[int, list[str]]]: ...

    def lengths(self) -> tuple[int, ...]: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one kind, in code point order, and their postings, twice.

    By term: `starts` has where those of each begin, and where the last ones end; `docnums` ascend within a
    term. By document, each with its terms in any order: `starts_by_document` has where those of each begin.
    """

    kind: Kind
    names: list[str]
    starts: Numbers
    docnums: Small
    impacts: Bytes
    terms_by_document: Small
    counts_by_document: Small
    impacts_by_document: Bytes
    starts_by_document: Numbers

    @property
    def frequencies(self) -> Numbers:
        """In how many documents each term is."""
        return np.diff(self.starts)


class Inversion:
    """Documents, numbered from 0 in the order in which they are given, and the terms of each kind."""

    def __init__(self, documents: Sequence[Counted]) -> None:
        lengths = [document.lengths() for document in documents]
        self._counts = {
            kind: _count(place, documents, [row[place] for row in lengths])
            for place, kind in enumerate(KINDS)
        }
        self.documents = len(documents)

    @cached_property
    def kinds(self) -> dict[Kind, Terms]:
        """The terms of each kind."""
        return {kind: _invert(kind, counts) for kind, counts in self._counts.items()}

    def of(self, docnums: Sequence[int]) -> Inversion:
        """The inversion of some of the documents, as if there were no others."""
        if len(docnums) == self.documents:
            return self
        found = copy(self)
        found.__dict__.pop("kinds", None)
        found._counts = {kind: counts.of(docnums) for kind, counts in self._counts.items()}
        found.documents = len(docnums)
        return found


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often each term of one kind is in each document: rows in the order of documents.

    `names` are in code point order, `terms` their numbers; `starts` has where the rows of each document begin.
    `lengths` are the weighted numbers of terms.
    """

    names: list[str]
    terms: Small
    counts: Small
    starts: Numbers
    lengths: Numbers

    def of(self, docnums: Sequence[int]) -> _Counts:
        """Those of some documents; terms that are in none of them are left out."""
        chosen = np.array(docnums, np.int64)
        sizes = np.diff(self.starts)[chosen]
        rows = stretches(self.starts[chosen], sizes)
        held, terms = np.unique(self.terms[rows], return_inverse=True)
        names = [self.names[number] for number in held.tolist()]
        lengths = self.lengths[chosen]
        return _Counts(names, terms.astype(np.int32), self.counts[rows], ends(sizes), lengths)


def _count(place: int, documents: Sequence[Counted], lengths: Sequence[int]) -> _Counts:
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    number_of = numbers.__getitem__
    seen, groups = array("i"), array("i")
    for docnum, document in enumerate(documents):
        for count, terms in document.each(place):
            seen.extend(map(number_of, terms))
            groups.extend((docnum, count, len(terms)))
    unordered = list(numbers)
    order = sorted(range(len(unordered)), key=unordered.__getitem__)
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    of_group = np.frombuffer(groups, np.int32).reshape(-1, 3)
    sizes = of_group[:, 2]
    held = np.bincount(of_group[:, 0], weights=sizes, minlength=len(documents)).astype(np.int64)
    return _Counts(
        names=[unordered[number] for number in order],
        terms=ranks[np.frombuffer(seen, np.int32)],
        counts=np.repeat(of_group[:, 1], sizes),
        starts=ends(held),
        lengths=np.array(lengths, np.int64),
    )


def _invert(kind: Kind, counts: _Counts) -> Terms:
    documents = len(counts.lengths)
    docnums = np.repeat(np.arange(documents, dtype=np.int32), np.diff(counts.starts))
    frequencies = np.bincount(counts.terms, minlength=len(counts.names))
    weights = _weights(kind, documents, frequencies)
    dampings = np.array(ranking.dampings(counts.lengths.tolist(), documents), np.float64)
    impacts = _impacts(weights[counts.terms], counts.counts, dampings[docnums])
    # A stable sort by term leaves the documents of each ascending.
    by_term = np.argsort(counts.terms, kind="stable")
    return Terms(
        kind=kind,
        names=counts.names,
        starts=ends(frequencies),
        docnums=docnums[by_term],
        impacts=impacts[by_term],
        terms_by_document=counts.terms,
        counts_by_document=counts.counts,
        impacts_by_document=impacts,
        starts_by_document=counts.starts,
    )


def _weights(kind: Kind, documents: int, frequencies: Numbers) -> NDArray[np.float64]:
    """`ranking.term_weight` of each term; the same few frequencies again and again."""
    distinct, places = np.unique(frequencies, return_inverse=True)
    weights = [ranking.term_weight(kind, documents, int(each)) for each in distinct]
    return np.array(weights, np.float64)[places]


def _impacts(weights: NDArray[np.float64], counts: Small, dampings: NDArray[np.float64]) -> Bytes:
    """`ranking.impact` of each posting: the same operations in the same order, so the same numbers."""
    values = np.rint(ranking.IMPACT_SCALE * weights * counts / (counts + dampings))
    return np.clip(values, 1, ranking.MAX_IMPACT).astype(np.uint8)


def ends(sizes: Sequence[int] | Numbers) -> Numbers:
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
    return np.repeat(starts - before[:-1], sizes) + np.arange(before[-1])
