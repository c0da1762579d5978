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
from kb_builder.analysis.analyzer import KINDS, Kind, is_han
from kb_builder.insight import similarity
from kb_builder.insight.inverted import (
    Counted,
    Flags,
    Inversion,
    Numbers,
    Terms,
    ends,
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

_SINGLES: tuple[Kind, ...] = ("infix", "char")
"""The kinds among which single characters are."""

_FIRST_TERMS = 48
_CANDIDATES = 25
# Cells of a table of scores, documents asking by documents found, that is filled at a time: 32 MB.
_CELLS = 4_000_000
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
        self._inversion = Inversion(documents)
        self._ranks = {
            kind: {name: rank for rank, name in enumerate(terms.names)}
            for kind, terms in self._inversion.kinds.items()
        }

    def __len__(self) -> int:
        """The number of documents."""
        return self._inversion.documents

    def frequency(self, kind: str, term: str) -> int:
        """In how many documents a term is."""
        return len(self.postings(kind, term).docnums)

    def postings(self, kind: str, term: str) -> Postings:
        """The documents that hold a term, with its impact in each."""
        for own, terms in self._inversion.kinds.items():
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
    return neighbours_in(Inversion([documents[id_] for id_ in ids]), ids, apart)


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
        kinds = [inversion.kinds[kind] for kind in sorted(KINDS) if kind != "infix"]
        sizes = [len(terms.names) for terms in kinds]
        self.rarity = np.concatenate([_rarities(terms, self.documents) for terms in kinds])
        self.is_char = np.repeat([terms.kind == "char" for terms in kinds], sizes)
        names = [name for terms in kinds for name in terms.names]
        pairs = sorted({name[:2] for name in names if len(name) > 1})
        numbers = {pair: number for number, pair in enumerate(pairs)}
        self.pair = np.array([numbers.get(name[:2], -1) for name in names], np.int64)
        self.guess = _guesses(inversion, kinds)
        starts = [terms.starts[:-1] for terms in kinds]
        lengths = [len(terms.docnums) for terms in kinds]
        self.starts = np.concatenate([*starts, [0]]) + np.repeat(ends(lengths), [*sizes, 1])
        self.docnums = np.concatenate([terms.docnums for terms in kinds])
        self.impacts = np.concatenate([terms.impacts for terms in kinds]).astype(np.int64)
        self._lay_out_by_document(kinds, sizes)

    def _lay_out_by_document(self, kinds: Sequence[Terms], sizes: Sequence[int]) -> None:
        """The same postings in the order of documents, those of all kinds of one together."""
        held = [np.diff(terms.starts_by_document) for terms in kinds]
        self.firsts = ends(np.sum(held, axis=0))
        total = int(self.firsts[-1])
        self.terms, self.counts = np.empty(total, np.int32), np.empty(total, np.int32)
        self.impacts_by_document = np.empty(total, np.int32)
        before = self.firsts[:-1].copy()
        for terms, first, rows in zip(kinds, ends(sizes)[:-1], held, strict=True):
            places = stretches(before, rows)
            self.terms[places] = terms.terms_by_document + first
            self.counts[places] = terms.counts_by_document
            self.impacts_by_document[places] = terms.impacts_by_document
            before += rows


def _rarities(terms: Terms, documents: int) -> Numbers:
    """`similarity.rarity` of each term; the same few frequencies again and again."""
    frequencies = terms.frequencies.tolist()
    known: dict[tuple[int, bool], int] = {}
    for name, frequency in zip(terms.names, frequencies, strict=True):
        key = (frequency, len(name) == 1)
        if key not in known:
            known[key] = similarity.rarity(frequency, name, documents)
    pairs = zip(frequencies, terms.names, strict=True)
    return np.array([known[frequency, len(name) == 1] for frequency, name in pairs], np.int64)


def _guesses(inversion: Inversion, kinds: Sequence[Terms]) -> Numbers:
    """How rare each term is guessed to be from its characters, as `similarity.choose_pairs` does."""
    rarities: dict[str, int] = {}
    for kind in _SINGLES:
        terms = inversion.kinds[kind]
        found = _rarities(terms, inversion.documents).tolist()
        rarities.update(zip(terms.names, found, strict=True))
    guess = similarity.guesser(lambda char: rarities.get(char, 0), inversion.documents)
    return np.array(
        [
            guess(name) if terms.kind == "bigram" or _is_latin_word(terms.kind, name) else -1
            for terms in kinds
            for name in terms.names
        ],
        np.int64,
    )


def _is_latin_word(kind: Kind, name: str) -> bool:
    return kind == "word" and len(name) > 1 and not any(map(is_han, name))


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
    terms, counts = index.terms[rows].astype(np.int64), index.counts[rows]
    documents = np.repeat(np.arange(stop - first), np.diff(index.firsts[first : stop + 1]))
    distinct, places = np.unique(counts, return_inverse=True)
    said = np.array([similarity.emphasis(count) for count in distinct.tolist()], np.int64)[places]
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
    found = np.empty(len(cells), np.int64)
    weights = np.zeros(len(index.rarity), np.int32)
    rows = np.arange(block + 1)
    cuts = np.searchsorted(cells, rows * index.documents)
    terms = np.searchsorted(chosen.documents, rows)
    others = cells % index.documents
    starts, sizes = index.firsts[others], index.firsts[others + 1] - index.firsts[others]
    for row in range(block):
        own = slice(terms[row], terms[row + 1])
        asked = slice(cuts[row], cuts[row + 1])
        weights[chosen.terms[own]] = chosen.values[own]
        postings = stretches(starts[asked], sizes[asked])
        scores = weights[index.terms[postings]] * index.impacts_by_document[postings]
        sums = np.concatenate(([0], np.cumsum(scores, dtype=np.int64)))
        found[asked] = np.diff(sums[ends(sizes[asked])])
        weights[chosen.terms[own]] = 0
    return found
