"""Which cases of a base are like which: the list 相似案例 on the page of a case.

The same measure as `similarity.find`, with the terms that a case has been counted to have in the place of
those cut from a text. Each case asks once, with its most telling terms only, and all cases together in
arrays, so that ten thousand take seconds, not the fifty million pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb_builder import ranking
from kb_builder.analysis.analyzer import Kind, is_han
from kb_builder.insight import similarity
from kb_builder.insight.inverted import (
    Counted,
    Flags,
    Inversion,
    Numbers,
    Points,
    any_flag,
    any_letter,
    ends,
    letters,
    stretches,
)
from kb_builder.ranking import Postings

MOST = 5
"""So many similar cases are shown."""

LEAST_SHARE = 10
"""Percent from which on two cases are called similar. Of pairs among 2,500 complaints that were read, 7 of 9
with 12 to 14 percent were of one matter, 5 of 9 with 10 or 11; below, it is more and more the place and the
way of writing that they share. In a small base there is little below.
"""

_COMPARED: tuple[Kind, ...] = ("bigram", "char", "word")
"""The kinds whose terms are compared, in their order."""

_SINGLES: tuple[Kind, ...] = ("infix", "char")
"""The kinds among which single characters are."""

_FIRST_TERMS = 48
_CANDIDATES = 25
# Cells of a table of scores, documents asking by documents found, that is filled at a time: 8 MB.
_CELLS = 1_000_000
_BLOCK = 4096
# Rows are sorted as one number: document of a block, value (upside down), term; of 12, 26 and 24 bits.
_VALUE_BITS, _TERM_BITS = 26, 24
_MOST_VALUE = (1 << _VALUE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A document that is like another.

    `share` is what that one scores for it, in percent of what the two score for themselves at most.
    """

    id: str
    share: int


class Memory:
    """An index in memory, of documents numbered from 0 in the order in which they are given."""

    def __init__(self, documents: Sequence[Counted]) -> None:
        inversion = Inversion.made(documents)
        self._documents = inversion.documents
        self._terms = {kind: inversion.terms(kind) for kind in inversion.counts}
        self._ranks = {
            kind: {name: rank for rank, name in enumerate(terms.names)}
            for kind, terms in self._terms.items()
        }

    def __len__(self) -> int:
        """The number of documents."""
        return self._documents

    def frequency(self, kind: str, term: str) -> int:
        """In how many documents a term is."""
        return len(self.postings(kind, term).docnums)

    def postings(self, kind: str, term: str) -> Postings:
        """The documents that hold a term, with its impact in each."""
        for own, terms in self._terms.items():
            rank = self._ranks[own].get(term)
            if own == kind and rank is not None:
                held = slice(terms.starts[rank], terms.starts[rank + 1])
                return Postings(terms.docnums[held].tolist(), terms.impacts[held].tolist())
        return Postings([], [])


def neighbours(
    documents: Mapping[str, Counted], apart: Mapping[str, frozenset[str]]
) -> dict[str, tuple[Neighbour, ...]]:
    """For each document by id, the `MOST` that are most like it, best first.

    `apart` names, for an id, those that must not be in its list.
    """
    ids = sorted(documents)
    return neighbours_in(Inversion.made(documents[id_] for id_ in ids), ids, apart)


def neighbours_in(
    inversion: Inversion, ids: Sequence[str], apart: Mapping[str, frozenset[str]]
) -> dict[str, tuple[Neighbour, ...]]:
    """The same of documents that are inverted already, in the order of their ids."""
    if not ids:
        return {}
    found: dict[str, list[tuple[int, str]]] = {id_: [] for id_ in ids}
    for one, other, share in _alike(inversion):
        if ids[other] not in apart.get(ids[one], ()):
            found[ids[one]].append((share, ids[other]))
    return {
        id_: tuple(Neighbour(other, share) for share, other in ranking.order(near, MOST))
        for id_, near in found.items()
    }


def _alike(inversion: Inversion) -> Iterator[tuple[int, int, int]]:
    """Two documents and what they share in percent, for those that are alike at all."""
    index = _Index(inversion)
    block = max(min(_CELLS // index.documents, _BLOCK), 1)
    parts = [
        _score(index, first, min(first + block, index.documents))
        for first in range(0, index.documents, block)
    ]
    asking, others, scores = (np.concatenate(each) for each in zip(*parts, strict=True))
    of_itself = np.zeros(index.documents, np.int64)
    itself = asking == others
    of_itself[asking[itself]] = scores[itself]
    # Of two, the one that says more: three lines have something in common with everything.
    shares = scores * 100 // np.maximum(of_itself[asking], of_itself[others])
    alike = ~itself & (shares >= LEAST_SHARE)
    return zip(*(each[alike].tolist() for each in (asking, others, shares)), strict=True)


class _Index:
    """The terms by which documents are compared, of all kinds together, and their postings.

    A term is a number: kinds follow each other, and the terms of each, in code point order. For each,
    `rarity` is as `similarity.rarity` has it; `pair` numbers its first two characters, -1 where it is a
    single one; `guess` is its rarity as `similarity.choose_pairs` guesses it, -1 where it is not asked.
    """

    def __init__(self, inversion: Inversion) -> None:
        self.documents = inversion.documents
        counts = [inversion.counts[kind] for kind in _COMPARED]
        sizes = [len(each.names) for each in counts]
        names = [name for each in counts for name in each.names]
        frequencies = np.concatenate([each.frequencies for each in counts])
        self.rarity = _rarities(names, frequencies, self.documents)
        self.is_char = np.repeat([kind == "char" for kind in _COMPARED], sizes)
        said = np.unique(np.concatenate([np.unique(each.counts) for each in counts])).tolist()
        self.emphasis = np.zeros(max(said, default=0) + 1, np.int64)
        self.emphasis[said] = [similarity.emphasis(count) for count in said]
        points, starts = letters(names)
        firsts, single = starts[:-1], np.diff(starts) == 1
        self.pair = np.full(len(names), -1)
        pairs = points[firsts[~single]].astype(np.int64) << 32 | points[firsts[~single] + 1]
        self.pair[~single] = np.unique(pairs, return_inverse=True)[1]
        # Bigrams and Latin words are asked for.
        latin = np.repeat([kind == "word" for kind in _COMPARED], sizes) & ~single
        latin[latin] = ~any_letter(is_han, points, starts)[latin]
        asked = np.repeat([kind == "bigram" for kind in _COMPARED], sizes) | latin
        self.guess = np.where(asked, _guesses(inversion, points, starts), -1)
        self._lay_out(inversion, sizes)

    def _lay_out(self, inversion: Inversion, sizes: Sequence[int]) -> None:
        """The postings of all kinds, by term and by document; those of one document stand together."""
        counts = [inversion.counts[kind] for kind in _COMPARED]
        held = [np.diff(each.starts) for each in counts]
        self.firsts = ends(np.sum(held, axis=0))
        total = int(self.firsts[-1])
        self.docnums, self.impacts = np.empty(total, np.int32), np.empty(total, np.uint8)
        self.terms, self.impacts_by_document = np.empty(total, np.int32), np.empty(total, np.uint8)
        self.counts = np.empty(total, np.result_type(*[each.counts for each in counts]))
        starts, before, free = [], 0, self.firsts[:-1].copy()
        for kind, first, rows in zip(_COMPARED, ends(sizes)[:-1], held, strict=True):
            terms = inversion.terms(kind)
            starts.append(terms.starts[:-1] + before)
            own = slice(before, before + len(terms.docnums))
            self.docnums[own], self.impacts[own] = terms.docnums, terms.impacts
            before = own.stop
            places = stretches(free, rows)
            self.terms[places] = terms.terms_by_document + first
            self.counts[places] = terms.counts_by_document
            self.impacts_by_document[places] = terms.impacts_by_document
            free += rows
        self.starts: Numbers = np.concatenate([*starts, [before]])


def _rarities(names: Sequence[str], frequencies: Numbers, documents: int) -> Numbers:
    """`similarity.rarity` of each term; the same few frequencies again and again."""
    single = np.fromiter((len(name) == 1 for name in names), bool, len(names))
    _, examples, places = np.unique(
        frequencies << 1 | single, return_index=True, return_inverse=True
    )
    found = [
        similarity.rarity(int(frequencies[example]), names[example], documents)
        for example in examples.tolist()
    ]
    return np.array(found, np.int64)[places]


def _guesses(inversion: Inversion, points: Points, starts: Numbers) -> Numbers:
    """How rare each name is guessed to be from its characters, as `similarity.guesser` does."""
    documents = inversion.documents
    worth = np.full(int(points.max(initial=0)) + 1, -1)
    for kind in _SINGLES:
        counts = inversion.counts[kind]
        rarities = _rarities(counts.names, counts.frequencies, documents)
        for name, bits in zip(counts.names, rarities.tolist(), strict=True):
            if bits and len(name) == 1 and ord(name) < len(worth):
                worth[ord(name)] = bits if bits > 0 else -bits - 1
    found = worth[points]
    totals = np.diff(ends(found)[starts])
    # Nothing is rarer than what is in one document.
    most = similarity.rarity(1, "", documents)
    return np.where(any_flag(found < 0, starts), -1, np.minimum(totals, most))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Documents, counted from the first of a block, each with terms (or pairs) and what these are worth."""

    documents: Numbers
    values: Numbers
    terms: Numbers

    def where(self, mask: Flags) -> _Rows:
        """Some of the rows."""
        return _Rows(self.documents[mask], self.values[mask], self.terms[mask])

    def best(self, limit: int) -> _Rows:
        """For each document those that are worth most, best first; of equals, the lower term."""
        upside_down = _MOST_VALUE - self.values
        packed = self.documents << _VALUE_BITS + _TERM_BITS | upside_down << _TERM_BITS | self.terms
        packed.sort()
        documents = packed >> _VALUE_BITS + _TERM_BITS
        packed = packed[_ordinals(documents) < limit]
        return _Rows(
            packed >> _VALUE_BITS + _TERM_BITS,
            _MOST_VALUE - (packed >> _TERM_BITS & _MOST_VALUE),
            packed & (1 << _TERM_BITS) - 1,
        )

    def once(self) -> _Rows:
        """Each term of a document once, with the most it is worth; in ascending order of terms."""
        upside_down = _MOST_VALUE - self.values
        packed = (
            self.documents << _VALUE_BITS + _TERM_BITS | self.terms << _VALUE_BITS | upside_down
        )
        packed.sort()
        packed = packed[np.diff(packed >> _VALUE_BITS, prepend=-1) != 0]
        return _Rows(
            packed >> _VALUE_BITS + _TERM_BITS,
            _MOST_VALUE - (packed & _MOST_VALUE),
            packed >> _VALUE_BITS & (1 << _TERM_BITS) - 1,
        )

    def keys(self) -> Numbers:
        """Document and term as one number."""
        return self.documents << _TERM_BITS | self.terms


def _ordinals(groups: Numbers) -> Numbers:
    """The place of each element within its group, from 0; equal ones stand together."""
    places = np.arange(len(groups))
    new = np.diff(groups, prepend=-1) != 0
    return places - np.maximum.accumulate(np.where(new, places, 0))


def _among(held: Numbers, asked: Numbers) -> Flags:
    """Which of the numbers asked for are among those that are held, in ascending order."""
    if not len(held):
        return np.zeros(len(asked), bool)
    places = np.searchsorted(held, asked)
    found: Flags = held[np.minimum(places, len(held) - 1)] == asked
    return found


def _choose(index: _Index, first: int, stop: int) -> _Rows:
    """The terms that documents are compared by, best first: as `similarity.find` does with a text, but
    those they have been counted to have, and all of them are in the index.
    """
    rows = slice(index.firsts[first], index.firsts[stop])
    terms = index.terms[rows].astype(np.int64)
    documents = np.repeat(np.arange(stop - first), np.diff(index.firsts[first : stop + 1]))
    said = index.emphasis[index.counts[rows]]
    pairs, guesses, rarity = index.pair[terms], index.guess[terms], index.rarity[terms]
    asked = _Rows(documents, guesses * said >> 8, pairs).where(guesses >= 0)
    # Latin words may begin alike: of each beginning, the best counts.
    held = np.sort(asked.once().best(ranking.MAX_SIMILAR_PAIRS).keys())
    single = pairs < 0
    wanted = single | _among(held, documents << _TERM_BITS | np.maximum(pairs, 0))
    telling = rarity > 0
    enough = np.bincount(documents[wanted & telling & ~single], minlength=stop - first) > 0
    wanted &= (rarity != 0) & (telling | ~enough[documents])
    bits = np.where(telling, rarity, -rarity - 1)
    weights = np.maximum(bits * said >> 8 + similarity.WEIGHT_SHIFT + index.is_char[terms], 1)
    return _Rows(documents, weights, terms).where(wanted).best(ranking.MAX_SIMILAR_TERMS)


def _score(index: _Index, first: int, stop: int) -> tuple[Numbers, Numbers, Numbers]:
    """Who asks, who is found, and the score as `similarity.find` gives it: of each document itself and
    of those that can be most like it.

    Whoever is among them is decided by the first terms, which are rare and tell half of all there is to
    tell; the long lists of the others are then only asked for these few.
    """
    chosen = _choose(index, first, stop)
    long = index.pair[chosen.terms] >= 0
    nth: Numbers = np.cumsum(long) - long  # long ones before it, in all documents
    starts = np.searchsorted(chosen.documents, np.arange(stop - first))
    before = np.append(nth, 0)[starts]
    early = long & (nth - before[chosen.documents] < _FIRST_TERMS)
    size = index.documents
    table = _first_scores(index, chosen.where(early), stop - first)
    found = np.flatnonzero(table)
    near = _Rows(found // size, table[found], found % size).best(_CANDIDATES)
    asking = np.arange(stop - first)
    cells = np.union1d(near.documents * size + near.terms, asking * size + asking + first)
    totals = table[cells] + _rest_scores(index, chosen.where(~early), cells, stop - first)
    return cells // size + first, cells % size, np.maximum(totals >> similarity.SCORE_SHIFT, 1)


def _first_scores(index: _Index, chosen: _Rows, block: int) -> Numbers:
    """What the documents of a block score by these terms for every document, row after row."""
    sizes = index.starts[chosen.terms + 1] - index.starts[chosen.terms]
    postings = stretches(index.starts[chosen.terms], sizes)
    cells = np.repeat(chosen.documents * index.documents, sizes) + index.docnums[postings]
    scores = index.impacts[postings] * np.repeat(chosen.values, sizes)
    # As floating point numbers these sums are exact: they are far below 2 to the 53rd.
    table = np.bincount(cells, weights=scores, minlength=block * index.documents)
    return table.astype(np.int64)


def _rest_scores(index: _Index, chosen: _Rows, cells: Numbers, block: int) -> Numbers:
    """What is scored by these terms in the cells asked for: row of the block times documents, plus column."""
    found = np.zeros(len(cells), np.int64)
    weights = np.zeros(len(index.rarity), np.int32)
    rows = np.arange(block + 1)
    terms = np.searchsorted(chosen.documents, rows)
    others = cells % index.documents
    starts, sizes = index.firsts[others], index.firsts[others + 1] - index.firsts[others]
    held = np.flatnonzero(sizes)
    starts, sizes = starts[held], sizes[held]
    cuts = np.searchsorted(cells[held], rows * index.documents)
    for row in range(block):
        own = slice(terms[row], terms[row + 1])
        asked = slice(cuts[row], cuts[row + 1])
        if own.start == own.stop or asked.start == asked.stop:
            continue
        weights[chosen.terms[own]] = chosen.values[own]
        postings = stretches(starts[asked], sizes[asked])
        # No sum comes near 2 to the 31st: 128 terms of some thousand times 255.
        scores = weights[index.terms[postings]] * index.impacts_by_document[postings]
        found[held[asked]] = np.add.reduceat(scores, ends(sizes[asked])[:-1])
        weights[chosen.terms[own]] = 0
    return found
