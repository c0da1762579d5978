"""The terms by which documents are compared with each other, and those that are chosen for each.

The same choice as `similarity.find` makes, with the terms that a document has been counted to have in the place of those
cut from a text, for many documents together in arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_builder import ranking
from kb_builder.analysis.analyzer import Kind, is_han
from kb_builder.insight import similarity
from kb_builder.insight.inverted import (
    Flags,
    Inversion,
    Numbers,
    Points,
    Small,
    any_flag,
    any_letter,
    ends,
    impacts,
    letters_of,
    stretches,
)

FIRST_TERMS = 48
"""So many long terms decide which documents are looked at at all: they tell half of all there is to tell."""

Seals = NDArray[np.uint64]

_COMPARED: tuple[Kind, ...] = ("bigram", "char", "word")
"""The kinds whose terms are compared, in their order."""

_SINGLES: tuple[Kind, ...] = ("infix", "char")
"""The kinds among which single characters are."""

# So many documents are looked at together: what they need stays in the processor's cache.
_BLOCK = 128
# Rows are sorted as one number: document of a block, value (upside down), term; of 12, 26 and 24 bits.
VALUE_BITS, TERM_BITS = 26, 24
_MOST_VALUE = (1 << VALUE_BITS) - 1
# A row of a block: of 128 documents, each with so many terms that fit in 5,000 characters many times over.
_ROW_BITS = 32
# Odd numbers with their bits well spread: the golden ratio, and what splitmix64 multiplies by.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


class Index:
    """The terms by which documents are compared, of all kinds together, and the rows of each document.

    A term is a number: kinds follow each other, and the terms of each, in code point order. For each, `rarity` is
    as `similarity.rarity` has it; `is_single`, `is_char` say what it is; `pair` numbers its first two characters, -1 where it is a single one; `guess` is its
    rarity as `similarity.choose_pairs` guesses it, -1 where it is not asked.

    A document has as many rows as terms, from `firsts` on: `terms`, how often each is in it (`counts`), `impacts`.
    """

    def __init__(self, inversion: Inversion) -> None:
        self.documents = inversion.documents
        counts = [inversion.counts[kind] for kind in _COMPARED]
        sizes = [each.size for each in counts]
        frequencies = np.concatenate([each.frequencies for each in counts])
        points, starts = letters_of("\n".join(each.written for each in counts if each.size))
        firsts, single = starts[:-1], np.diff(starts) == 1
        self.is_single = single
        self.rarity = _rarities(frequencies, single, self.documents)
        self.is_char = np.repeat([kind == "char" for kind in _COMPARED], sizes)
        self.pair = np.full(len(single), -1, np.int32)
        pairs = points[firsts[~single]].astype(np.int64) << 32 | points[firsts[~single] + 1]
        self.pair[~single] = np.unique(pairs, return_inverse=True)[1]
        # Bigrams and Latin words are asked for.
        latin = np.repeat([kind == "word" for kind in _COMPARED], sizes) & ~single
        latin[latin] = ~any_letter(is_han, points, starts)[latin]
        asked = np.repeat([kind == "bigram" for kind in _COMPARED], sizes) | latin
        self.guess = np.where(asked, _guesses(inversion, points, starts), -1).astype(np.int32)
        self._lay_out(inversion, sizes)
        said = np.unique(self.counts).tolist()
        self.emphasis = np.zeros(max(said, default=0) + 1, np.int32)
        self.emphasis[said] = [similarity.emphasis(count) for count in said]
        kinds = np.repeat(np.arange(len(_COMPARED), dtype=np.uint64), sizes)
        self._seals = _spread(_numbered(points, starts) + kinds)

    def _lay_out(self, inversion: Inversion, sizes: Sequence[int]) -> None:
        """The rows of all kinds; those of one document stand together."""
        counts = [inversion.counts[kind] for kind in _COMPARED]
        held = [np.diff(each.starts) for each in counts]
        self.firsts = ends(np.sum(held, axis=0))
        total = int(self.firsts[-1])
        self.terms, self.impacts = np.empty(total, np.int32), np.empty(total, np.uint8)
        self.counts = np.empty(total, np.result_type(*[each.counts for each in counts]))
        free = self.firsts[:-1].copy()
        for kind, first, rows, each in zip(_COMPARED, ends(sizes)[:-1], held, counts, strict=True):
            places = stretches(free, rows)
            self.terms[places] = each.terms + np.int32(first)
            self.counts[places] = each.counts
            self.impacts[places] = impacts(kind, each)
            free += rows

    def seals(self) -> Seals:
        """For each document, what changes with its terms and their impacts, however terms are numbered."""
        found = np.zeros(self.documents, np.uint64)
        for first in range(0, self.documents, _BLOCK):
            stop = min(first + _BLOCK, self.documents)
            rows = slice(self.firsts[first], self.firsts[stop])
            worth = self._seals[self.terms[rows]] * (2 * self.impacts[rows].astype(np.uint64) + 1)
            found[first:stop] = _sums(worth, self.firsts[first : stop + 1])
        return found

    def seals_of(self, chosen: Chosen) -> Seals:
        """For each document, what changes with the terms that are chosen for it, however they are numbered."""
        said = (chosen.values.astype(np.uint64) << np.uint64(1)) | chosen.early
        return _sums(_spread(self._seals[chosen.terms] + said * _SPREAD), chosen.firsts)


def _sums(values: Seals, firsts: Numbers) -> Seals:
    """The sum of each stretch of values, modulo 2 to the 64th."""
    before = np.zeros(len(values) + 1, np.uint64)
    np.cumsum(values, out=before[1:])
    found: Seals = np.diff(before[firsts - firsts[0]])
    return found


def _numbered(points: Points, starts: Numbers) -> Seals:
    """A number for each name that another hardly has."""
    lengths = np.diff(starts)
    powers = np.cumprod(np.full(int(lengths.max(initial=0)) + 1, _SPREAD))
    places = stretches(np.zeros(len(lengths), np.int64), lengths)
    found: Seals = points.astype(np.uint64) + np.uint64(1)
    found *= powers[places]
    return _sums(found, starts)


def _spread(numbers: Seals) -> Seals:
    """Numbers of which each bit depends on most of those before."""
    numbers = (numbers ^ numbers >> np.uint64(30)) * _MIX
    found: Seals = numbers ^ numbers >> np.uint64(31)
    return found


def _rarities(frequencies: Numbers, single: Flags, documents: int) -> Small:
    """`similarity.rarity` of each term; the same few frequencies again and again."""
    distinct, places = np.unique(frequencies << 1 | single, return_inverse=True)
    found = [
        similarity.rarity(each >> 1, "x" if each & 1 else "xx", documents)
        for each in distinct.tolist()
    ]
    return np.array(found, np.int32)[places]


def _guesses(inversion: Inversion, points: Points, starts: Numbers) -> Numbers:
    """How rare each name is guessed to be from its characters, as `similarity.guesser` does."""
    documents = inversion.documents
    worth = np.full(int(points.max(initial=0)) + 1, -1)
    for kind in _SINGLES:
        counts = inversion.counts[kind]
        names = counts.names
        single = np.fromiter((len(name) == 1 for name in names), bool, len(names))
        rarities = _rarities(counts.frequencies, single, documents)
        for name, bits in zip(names, rarities.tolist(), strict=True):
            if bits and len(name) == 1 and ord(name) < len(worth):
                worth[ord(name)] = bits if bits > 0 else -bits - 1
    found = worth[points]
    totals = np.diff(ends(found)[starts])
    # Nothing is rarer than what is in one document.
    most = similarity.rarity(1, "", documents)
    return np.where(any_flag(found < 0, starts), -1, np.minimum(totals, most))


@dataclass(frozen=True, slots=True)
class Rows:
    """Documents, counted from the first of a block, each with terms (or pairs, or documents) and what these are worth."""

    documents: Numbers
    values: Numbers
    terms: Numbers

    def where(self, mask: Flags) -> Rows:
        """Some of the rows."""
        return Rows(self.documents[mask], self.values[mask], self.terms[mask])

    def best(self, limit: int) -> Rows:
        """For each document those that are worth most, best first; of equals, the lower term."""
        upside_down = _MOST_VALUE - self.values
        packed = self.documents << VALUE_BITS + TERM_BITS | upside_down << TERM_BITS | self.terms
        packed.sort()
        packed = packed[ordinals(packed >> VALUE_BITS + TERM_BITS) < limit]
        return Rows(
            packed >> VALUE_BITS + TERM_BITS,
            _MOST_VALUE - (packed >> TERM_BITS & _MOST_VALUE),
            packed & (1 << TERM_BITS) - 1,
        )


def _rows(documents: Numbers, values: Small | Numbers, terms: Small | Numbers) -> Rows:
    """Rows of small numbers, that they may be packed."""
    return Rows(documents, values.astype(np.int64), terms.astype(np.int64))


def ordinals(groups: Numbers) -> Numbers:
    """The place of each element within its group, from 0; equal ones stand together."""
    places = np.arange(len(groups))
    new = np.diff(groups, prepend=-1) != 0
    return places - np.maximum.accumulate(np.where(new, places, 0))


def among(held: Numbers, asked: Numbers) -> Flags:
    """Which of the numbers asked for are among those that are held, in ascending order."""
    if not len(held):
        return np.zeros(len(asked), bool)
    places = np.searchsorted(held, asked)
    found: Flags = held[np.minimum(places, len(held) - 1)] == asked
    return found


@dataclass(frozen=True, slots=True)
class Chosen:
    """The terms that are chosen for each of several documents, from `firsts` on, and what they weigh (`values`).

    `early` are those that decide which documents are looked at.
    """

    firsts: Numbers
    terms: Small
    values: Small
    early: Flags

    def rows(self, documents: Numbers, *, early: bool) -> Rows:
        """Those of some of the documents, counted from the first, that are early, or that are not."""
        sizes = np.diff(self.firsts)[documents]
        places = stretches(self.firsts[documents], sizes)
        own = self.early[places] == early
        places = places[own]
        owners = np.repeat(np.arange(len(documents)), sizes)[own]
        return _rows(owners, self.values[places], self.terms[places])


def choose(index: Index) -> Chosen:
    """The terms that documents are compared by: as `similarity.find` does with a text, but those they have been counted
    to have, and all of them are in the index.
    """
    parts = [
        _choose(index, first, min(first + _BLOCK, index.documents))
        for first in range(0, index.documents, _BLOCK)
    ]
    sizes, terms, values, early = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Chosen(ends(sizes), terms, values, early)


def _choose(index: Index, first: int, stop: int) -> tuple[Numbers, Small, Small, Flags]:
    """How many terms are chosen for each of several documents; these, best first, what they weigh, which are early."""
    rows = slice(index.firsts[first], index.firsts[stop])
    terms, said = index.terms[rows], index.emphasis[index.counts[rows]]
    documents = np.repeat(np.arange(stop - first), np.diff(index.firsts[first : stop + 1]))
    pairs, rarity = index.pair[terms], index.rarity[terms]
    single, telling = pairs < 0, rarity > 0
    wanted = single.copy()
    wanted[~single] = _held(
        documents[~single], pairs[~single], index.guess[terms[~single]], said[~single]
    )
    enough = np.bincount(documents[wanted & telling & ~single], minlength=stop - first) > 0
    wanted &= telling | (rarity != 0) & ~enough[documents]
    chosen = np.flatnonzero(wanted)
    documents, terms = documents[chosen], terms[chosen]
    said, rarity = said[chosen], rarity[chosen]
    bits = np.where(rarity > 0, rarity, -rarity - 1)
    weights = np.maximum(bits * said >> 8 + similarity.WEIGHT_SHIFT + index.is_char[terms], 1)
    best = _rows(documents, weights, terms).best(ranking.MAX_SIMILAR_TERMS)
    long = ~index.is_single[best.terms]
    sizes = np.bincount(best.documents, minlength=stop - first)
    before = ends(long)
    nth = before[:-1] - np.repeat(before[ends(sizes)[:-1]], sizes)
    early = long & (nth < FIRST_TERMS)
    return sizes, best.terms.astype(np.int32), best.values.astype(np.int32), early


def _held(documents: Numbers, pairs: Small, guesses: Small, said: Small) -> Flags:
    """Which rows begin with a pair that is looked up for their document.

    Latin words may begin alike: of each beginning, the best counts.
    """
    count = len(pairs)
    packed = (documents << TERM_BITS | pairs) << _ROW_BITS | np.arange(count)
    packed.sort()
    rows = packed & (1 << _ROW_BITS) - 1
    packed >>= _ROW_BITS
    starts = np.flatnonzero(np.diff(packed, prepend=-1))
    values = np.where(guesses < 0, -1, guesses * said >> 8)[rows]
    best = np.maximum.reduceat(values, starts) if count else values
    asked = np.flatnonzero(best >= 0)
    found = _rows(packed[starts[asked]] >> TERM_BITS, best[asked], asked)
    held = np.zeros(len(starts), bool)
    held[found.best(ranking.MAX_SIMILAR_PAIRS).terms] = True
    flags = np.empty(count, bool)
    flags[rows] = np.repeat(held, np.diff(starts, append=count))
    return flags
