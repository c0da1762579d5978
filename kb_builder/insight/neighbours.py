"""Which cases of a base are like which: the list 相似案例 on the page of a case.

The same measure as `similarity.find`, with the terms that a case has been counted to have in the place of
those cut from a text. Each case asks once, with its most telling terms only, and all cases together in
arrays, so that ten thousand take seconds, not the fifty million pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kb_builder import ranking
from kb_builder.insight import similarity
from kb_builder.insight.comparing import Chosen, Index, Rows, Seals, among, choose, ordinals
from kb_builder.insight.inverted import (
    Bytes,
    Counted,
    Flags,
    Inversion,
    Numbers,
    Small,
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

_CANDIDATES = 25
# Cells of a table of scores, documents asking by documents found, that is filled at a time: 8 MB.
_CELLS = 1_000_000
_BLOCK = 512
# A posting is sorted as one number: term, document, impact; of 24, 24 and 8 bits.
_DOCUMENT_BITS, _IMPACT_BITS = 24, 8


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
    return neighbours_in(Index(Inversion.made(documents[id_] for id_ in ids)), ids, apart)[0]


def neighbours_in(
    index: Index,
    ids: Sequence[str],
    apart: Mapping[str, frozenset[str]],
    kept: Scores | None = None,
) -> tuple[dict[str, tuple[Neighbour, ...]], Scores]:
    """The same of documents that are laid out already, in the order of their ids; and the scores.

    `kept` are the scores of the last time, of whatever documents there were: they change nothing in what is found.
    """
    if not ids:
        return {}, _NO_SCORES
    scores = _score(index, ids, kept)
    found: dict[str, list[tuple[int, str]]] = {id_: [] for id_ in ids}
    for one, other, share in _alike(scores):
        if ids[other] not in apart.get(ids[one], ()):
            found[ids[one]].append((share, ids[other]))
    near = {
        id_: tuple(Neighbour(other, share) for share, other in ranking.order(near, MOST))
        for id_, near in found.items()
    }
    return near, scores


@dataclass(frozen=True, slots=True)
class Scores:
    """What documents score for each other: for each its candidates and itself, as `cells`, by its place and then by theirs.

    By document: `ids`; `choices` and `contents`, which change with what is chosen for it and with what it is scored by;
    `bounds`, more than which no other scores by the first terms.
    """

    ids: Sequence[str]
    choices: Seals
    contents: Seals
    bounds: Small
    cells: Cells


@dataclass(frozen=True, slots=True)
class Cells:
    """Two documents each, who asks and who is found, and the sums of impacts times weights: by the first terms, by all."""

    asking: Small
    others: Small
    firsts: Small
    totals: Small

    def where(self, mask: Flags | Numbers) -> Cells:
        """Some of the cells, by flags or places."""
        return Cells(self.asking[mask], self.others[mask], self.firsts[mask], self.totals[mask])

    @classmethod
    def joined(cls, parts: Sequence[Cells]) -> Cells:
        """The cells of all parts, in their order."""
        columns = [(each.asking, each.others, each.firsts, each.totals) for each in parts]
        return cls(*(np.concatenate(each) for each in zip(*columns, strict=True)))


def _alike(scores: Scores) -> Iterator[tuple[int, int, int]]:
    """Two documents and what they share in percent, for those that are alike at all."""
    cells = scores.cells
    points = np.maximum(cells.totals >> similarity.SCORE_SHIFT, 1).astype(np.int64)
    itself = cells.asking == cells.others
    of_itself = np.zeros(len(scores.ids), np.int64)
    of_itself[cells.asking[itself]] = points[itself]
    # Of two, the one that says more: three lines have something in common with everything.
    shares = points * 100 // np.maximum(of_itself[cells.asking], of_itself[cells.others])
    alike = ~itself & (shares >= LEAST_SHARE)
    return zip(
        *(each[alike].tolist() for each in (cells.asking, cells.others, shares)), strict=True
    )


def _score(index: Index, ids: Sequence[str], kept: Scores | None) -> Scores:
    """The scores of all documents; those that can't have changed are taken from the last ones."""
    chosen = choose(index)
    choices, contents = index.seals_of(chosen), index.seals()
    kept = kept or _NO_SCORES
    anew, bounds, cells = _unchanged(index, chosen, choices, contents, kept, ids)
    new = _score_anew(index, chosen, np.flatnonzero(anew), bounds)
    cells = Cells.joined([cells, new])
    order = np.lexsort((cells.others, cells.asking))
    return Scores(ids, choices, contents, bounds, cells.where(order))


@dataclass(frozen=True, slots=True)
class _Lists:
    """The postings of some of the terms: `starts` has where those of each begin, and where the last ones end."""

    starts: Numbers
    docnums: Small
    impacts: Bytes

    @classmethod
    def of(cls, index: Index, terms: Numbers, documents: Numbers) -> _Lists:
        """Those of some terms in some documents, which ascend."""
        wanted = np.zeros(len(index.rarity), bool)
        wanted[terms] = True
        parts = []
        for first in range(0, len(documents), _BLOCK):
            own = documents[first : first + _BLOCK]
            sizes = np.diff(index.firsts)[own]
            rows = stretches(index.firsts[own], sizes)
            asked = wanted[index.terms[rows]]
            rows, docnums = rows[asked], np.repeat(own, sizes)[asked]
            packed = index.terms[rows].astype(np.int64) << _DOCUMENT_BITS | docnums
            parts.append(packed << _IMPACT_BITS | index.impacts[rows])
        packed = np.concatenate([np.zeros(0, np.int64), *parts])
        del parts  # they take as much room again
        packed.sort()
        impacts: Bytes = packed.astype(np.uint8)
        packed >>= _IMPACT_BITS
        held = packed.astype(np.int32)  # the lowest bits of each
        held &= (1 << _DOCUMENT_BITS) - 1
        packed >>= _DOCUMENT_BITS
        return cls(ends(np.bincount(packed, minlength=len(wanted))), held, impacts)

    def scores(self, chosen: Rows, size: int) -> tuple[Numbers, Numbers]:
        """What these rows give: cells, as the place of who asks times `size` plus who is found, any often; and scores."""
        sizes = self.starts[chosen.terms + 1] - self.starts[chosen.terms]
        postings = stretches(self.starts[chosen.terms], sizes)
        cells = np.repeat(chosen.documents * size, sizes) + self.docnums[postings]
        scores = self.impacts[postings].astype(np.int64)
        scores *= np.repeat(chosen.values, sizes)
        return cells, scores


def _score_anew(index: Index, chosen: Chosen, documents: Numbers, bounds: Small) -> Cells:
    """The cells of some documents, which ascend; their bounds are set.

    Who is among the candidates of one is decided by its first terms; the long lists of the others are then only asked for
    these few.
    """
    size = index.documents
    first_terms = chosen.rows(documents, early=True).terms
    lists = _Lists.of(index, first_terms, np.arange(size))
    parts = [_NO_CELLS]
    block = max(min(_CELLS // max(size, 1), _BLOCK), 1)
    for first in range(0, len(documents), block):
        own = documents[first : first + block]
        # As floating point numbers these sums are exact: they are far below 2 to the 53rd.
        table = np.bincount(*lists.scores(chosen.rows(own, early=True), size), len(own) * size)
        found = np.flatnonzero(table)
        near = Rows(found // size, table[found].astype(np.int64), found % size)
        near = near.best(_CANDIDATES + 1)
        over = ordinals(near.documents) == _CANDIDATES
        bounds[own] = 0
        bounds[own[near.documents[over]]] = near.values[over]
        near = near.where(~over)
        places = np.arange(len(own))
        cells = np.union1d(near.documents * size + near.terms, places * size + own)
        asking, others, firsts = own[cells // size], cells % size, table[cells].astype(np.int64)
        parts.append(_cells(asking, others, firsts, firsts + _rest(index, chosen, asking, others)))
    return Cells.joined(parts)


def _unchanged(
    index: Index, chosen: Chosen, choices: Seals, contents: Seals, kept: Scores, ids: Sequence[str]
) -> tuple[Flags, Small, Cells]:
    """Which documents are to be scored anew, the bounds, and the cells of the others.

    With the same terms chosen, a document scores the same for one of which the contents are the same. For one that has
    changed, the score by the first terms is computed: it says whether that one is, or would be, among the candidates.
    """
    size = len(ids)
    numbers = {id_: number for number, id_ in enumerate(ids)}
    places = np.array([numbers.get(id_, -1) for id_ in kept.ids], np.int64)
    now = places[places >= 0]
    changed, anew = np.ones(size, bool), np.ones(size, bool)
    changed[now] = contents[now] != kept.contents[places >= 0]
    anew[now] = changed[now] | (choices[now] != kept.choices[places >= 0])
    bounds = np.zeros(size, np.int32)
    bounds[now] = kept.bounds[places >= 0]
    cells = kept.cells
    asking, others = places[cells.asking], places[cells.others]
    anew[asking[(asking >= 0) & (others < 0)]] = True
    own = asking >= 0
    own[own] = ~anew[asking[own]]
    cells = _cells(asking[own], others[own], cells.firsts[own], cells.totals[own])
    if not changed.any() or anew.all():
        return anew, bounds, cells

    keys, firsts = _firsts(index, chosen, np.flatnonzero(~anew), np.flatnonzero(changed))
    known = cells.asking.astype(np.int64) * size + cells.others
    touched = changed[cells.others]
    cells.firsts[touched] = _looked_up(keys, firsts, known[touched])
    anew[cells.asking[touched & (cells.firsts <= bounds[cells.asking])]] = True
    least = np.full(size, np.iinfo(np.int32).max)
    np.minimum.at(least, cells.asking, cells.firsts)
    strange = ~among(known, keys)
    asking, scores = keys[strange] // size, firsts[strange]
    # Who has fewer candidates than there may be has room for any.
    anew[asking[scores >= np.where(bounds > 0, least, 1)[asking]]] = True
    np.maximum.at(bounds, asking, scores)
    cells = cells.where(~anew[cells.asking])
    touched = changed[cells.others]
    rest = _rest(index, chosen, cells.asking[touched], cells.others[touched])
    cells.totals[touched] = cells.firsts[touched] + rest
    return anew, bounds, cells


def _firsts(
    index: Index, chosen: Chosen, documents: Numbers, others: Numbers
) -> tuple[Numbers, Small]:
    """What some documents score by their first terms for some others, where that is anything: the places of both as one
    number, ascending, and the scores.
    """
    size = index.documents
    lists = _Lists.of(index, chosen.rows(documents, early=True).terms, others)
    keys, sums = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
    for first in range(0, len(documents), _BLOCK):
        own = documents[first : first + _BLOCK]
        cells, scores = lists.scores(chosen.rows(own, early=True), size)
        distinct, places = np.unique(cells, return_inverse=True)
        keys.append(own[distinct // size] * size + distinct % size)
        sums.append(np.bincount(places, scores, len(distinct)).astype(np.int32))
    return np.concatenate(keys), np.concatenate(sums)


def _looked_up(keys: Numbers, values: Small, asked: Numbers) -> Small:
    """The values of keys, which ascend; 0 for those that are not there."""
    found = np.zeros(len(asked), np.int32)
    known = among(keys, asked)
    found[known] = values[np.searchsorted(keys, asked[known])]
    return found


def _rest(
    index: Index, chosen: Chosen, asking: Numbers | Small, others: Numbers | Small
) -> Numbers:
    """What documents score by all but their first terms for others; `asking` ascends."""
    found = np.zeros(len(asking), np.int64)
    weights = np.zeros(len(index.rarity), np.int32)
    starts, sizes = index.firsts[others], np.diff(index.firsts)[others]
    documents, cuts = np.unique(asking, return_index=True)
    ranges = pairwise([*cuts.tolist(), len(asking)])
    for document, (low, high) in zip(documents.tolist(), ranges, strict=True):
        own = slice(chosen.firsts[document], chosen.firsts[document + 1])
        late = ~chosen.early[own]
        terms = chosen.terms[own][late]
        weights[terms] = chosen.values[own][late]
        postings = stretches(starts[low:high], sizes[low:high])
        # No sum comes near 2 to the 31st: 128 terms of some thousand times 255.
        scores = weights[index.terms[postings]] * index.impacts[postings]
        found[low:high] = np.diff(ends(scores)[ends(sizes[low:high])])
        weights[terms] = 0
    return found


def _cells(*columns: Numbers | Small) -> Cells:
    return Cells(*(each.astype(np.int32) for each in columns))


_NO_CELLS = Cells(*np.zeros((4, 0), np.int32))
_NO_SCORES = Scores(
    (), np.zeros(0, np.uint64), np.zeros(0, np.uint64), np.zeros(0, np.int32), _NO_CELLS
)
