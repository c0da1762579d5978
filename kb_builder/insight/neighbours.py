"""Which cases of a base are like which: the list 相似案例 on the page of a case.

The same measure as `similarity.find`, with the terms that a case has been counted to have in the place of
those cut from a text. Each case asks once, with its most telling terms only, so that ten
thousand cases take seconds, not the fifty million pairs.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Protocol

from kb_builder import ranking
from kb_builder.analysis.analyzer import KINDS, Kind, is_han
from kb_builder.insight import similarity
from kb_builder.insight.similarity import Telling
from kb_builder.ranking import Postings

MOST = 5
"""So many similar cases are shown."""

LEAST_SHARE = 10
"""Percent from which on two cases are called similar. Of pairs among 2,500 complaints that were read, 7 of 9
with 12 to 14 percent were of one matter, 5 of 9 with 10 or 11; below, it is more and more the place and the
way of writing that they share. In a small base there is little below.
"""

_FIRST_TERMS = 48
_CANDIDATES = 25


class Counted(Protocol):
    """The counts of a document: for each of `KINDS`, each count with its terms; `index.counted` has them."""

    def each(self, place: int) -> Iterator[tuple[int, list[str]]]: ...

    def lengths(self) -> tuple[int, ...]: ...


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
        self._size = len(documents)
        # For each document that holds a term: its number << 32 | how often.
        self._held: dict[str, dict[str, array[int]]] = {
            kind: defaultdict(lambda: array("Q")) for kind in KINDS
        }
        lengths = []
        for docnum, document in enumerate(documents):
            lengths.append(document.lengths())
            for place, kind in enumerate(KINDS):
                held = self._held[kind]
                for count, terms in document.each(place):
                    posting = docnum << 32 | count
                    for term in terms:
                        held[term].append(posting)
        self._dampings: dict[str, list[float]] = {
            kind: ranking.dampings([row[place] for row in lengths], self._size)
            for place, kind in enumerate(KINDS)
        }
        self._scored: dict[tuple[str, str], Postings] = {}

    def __len__(self) -> int:
        """The number of documents."""
        return self._size

    def frequency(self, kind: str, term: str) -> int:
        """In how many documents a term is."""
        return len(self._held[kind].get(term, ()))

    def rarities(self, kind: str) -> Mapping[str, int]:
        """How rare each term of a kind is, as `similarity.rarity` has it."""
        return {
            term: similarity.rarity(len(held), term, self._size)
            for term, held in self._held[kind].items()
        }

    def postings(self, kind: str, term: str) -> Postings:
        """The documents that hold a term, with its impact in each."""
        scored = self._scored.get((kind, term))
        if scored is None:
            held = self._held[kind].get(term, ())
            docnums = [posting >> 32 for posting in held]
            weight = ranking.term_weight(kind, self._size, len(docnums)) if docnums else 0.0
            counts = [posting & 0xFFFFFFFF for posting in held]
            impacts = ranking.impacts(weight, docnums, counts, self._dampings[kind])
            scored = self._scored[kind, term] = Postings(docnums, impacts)
        return scored


def neighbours(
    documents: Mapping[str, Counted], apart: Mapping[str, frozenset[str]]
) -> dict[str, tuple[Neighbour, ...]]:
    """For each document by id, the `MOST` that are most like it, best first.

    `apart` names, for an id, those that must not be in its list.
    """
    ids = sorted(documents)
    index = Memory([documents[id_] for id_ in ids])
    rarities = {kind: index.rarities(kind) for kind in KINDS}
    scores = []
    for docnum, id_ in enumerate(ids):
        scores.append(_score(_choose(documents[id_], rarities, len(index)), index, docnum))
    found = {}
    for docnum, id_ in enumerate(ids):
        hidden = apart.get(id_, ())
        near = [
            (percent, ids[other])
            for other, score in scores[docnum].items()
            if other != docnum and ids[other] not in hidden
            # Of two, the one that says more: three lines have something in common with everything.
            for percent in [score * 100 // max(scores[docnum][docnum], scores[other][other])]
            if percent >= LEAST_SHARE
        ]
        found[id_] = tuple(Neighbour(other, share) for share, other in ranking.order(near, MOST))
    return found


def _choose(
    document: Counted, rarities: Mapping[Kind, Mapping[str, int]], documents: int
) -> tuple[Telling, ...]:
    """The terms that a document is compared by: as `similarity.find` does with a text, but those it has
    been counted to have, and all of them are in the index.
    """
    groups = [
        (kind, count, terms)
        for place, kind in enumerate(KINDS)
        if kind != "infix"
        for count, terms in document.each(place)
    ]
    candidates: dict[int, list[str]] = defaultdict(list)
    for kind, count, terms in groups:
        if kind == "bigram":
            candidates[count] += terms
        elif kind == "word":
            candidates[count] += [t for t in terms if len(t) > 1 and not any(map(is_han, t))]
    characters, infixes = rarities["char"], rarities["infix"]
    held = similarity.choose_pairs(
        candidates, lambda char: characters.get(char) or infixes.get(char, 0), documents
    )
    return similarity.weigh(
        [(kind, n, [t for t in terms if len(t) < 2 or t[:2] in held]) for kind, n, terms in groups],
        lambda kind: rarities[kind].__getitem__,
    )


def _score(terms: Sequence[Telling], index: Memory, docnum: int) -> dict[int, int]:
    """The scores, as `similarity.find` gives them, of a document and of those that can be most like it.

    Whoever is among them is decided by the first terms, which are rare and tell half of all there is to
    tell; the long lists of the others are then only asked for these few.
    """
    pairs = [each for each in terms if len(each.term) > 1]
    singles = [each for each in terms if len(each.term) == 1]
    totals: dict[int, int] = {docnum: 0}
    get = totals.get
    for each in pairs[:_FIRST_TERMS]:
        weight = each.weight
        postings = index.postings(each.kind, each.term)
        for other, impact in zip(postings.docnums, postings.impacts, strict=True):
            totals[other] = get(other, 0) + impact * weight
    if len(totals) > _CANDIDATES:
        # Sorting those only that can be among them: there are thousands.
        least = nlargest(_CANDIDATES, totals.values())[-1]
        near = sorted((-total, other) for other, total in totals.items() if total >= least)
        totals = {docnum: totals[docnum]} | {n: totals[n] for _, n in near[:_CANDIDATES]}
    for each in (*pairs[_FIRST_TERMS:], *singles):
        postings = index.postings(each.kind, each.term)
        docnums, impacts = postings.docnums, postings.impacts
        if len(docnums) <= _CANDIDATES:
            for other, impact in zip(docnums, impacts, strict=True):
                if other in totals:
                    totals[other] += impact * each.weight
            continue
        for other in totals:
            place = bisect_left(docnums, other)
            if place < len(docnums) and docnums[place] == other:
                totals[other] += impacts[place] * each.weight
    return {other: similarity.rounded(total) for other, total in totals.items()}
