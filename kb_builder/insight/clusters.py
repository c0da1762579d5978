"""Cases that come close together: in time, and in what they are about.

Two sorts. `gather` finds those of one group, such as one product with one fault, of which many fall
into few days. `accounts` finds those that tell of one matter in words that hardly anybody else uses, so that
a matter is seen before an editor has filled in what it is about.

Why not the similar cases of the case pages: those are alike in subject and in the answer given, and the clusters they
made of 2,816 complaints were of health insurance and driving licences all over a province. What readers call one
matter shares names: of a road, a firm, a village. How rare a piece of text is, is said by
`similarity.rarity`, as everywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_builder.analysis.folding import fold
from kb_builder.insight.days import Dated
from kb_builder.insight.pieces import PIECE, Integers, Pieces
from kb_builder.insight.similarity import rarity

_RUN = re.compile(r"[^\W_]{4,}")

_LINKS = 4
"""With so many of the next that hold a piece, a text is compared: enough to connect all, however many."""

_COMMON_SHARE = 10
_COMMON_FLOOR = 8
"""A piece in more than a tenth of the texts, and in more than eight, is a way of speaking."""

_FEWEST_PIECES = 8
"""So many pieces must be common to a matter: two names, or a sentence."""
_FEWEST_HELD = 5
"""Of these, every text of the matter holds so many."""

_LONGEST_WORD = 16
_WORDS = 4


@dataclass(frozen=True, slots=True)
class Account:
    """What a customer told, as a case has it: its title and its record."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cases close together: the ids in the order of their days, the first and the last day, and the words
    that they have in common, where it is the words that connect them.
    """

    ids: tuple[str, ...]
    first: int
    last: int
    words: tuple[str, ...] = ()


def gather(
    cases: Sequence[Dated], days: int, enough: Callable[[Collection[Dated]], bool]
) -> tuple[Cluster, ...]:
    """The stretches in which `enough` cases surely fall into `days` days, the earliest first.

    Stretches that share a case are one. `cases` are in their order; one that is known to a year only is
    in no stretch, for it may have been any day.
    """
    firsts = [case.first for case in cases]
    found: list[set[Dated]] = []
    for place, case in enumerate(cases):
        end = case.first + days
        near = {other for other in cases[place : bisect_right(firsts, end)] if other.last <= end}
        if not enough(near):
            continue
        if found and not found[-1].isdisjoint(near):
            found[-1] |= near
        else:
            found.append(near)
    return tuple(_cluster(each) for each in found)


def accounts(
    texts: Mapping[str, Account], cases: Sequence[Dated], days: int, least: int, share: int
) -> tuple[Cluster, ...]:
    """The matters of which at least `least` cases tell, and two, the earliest first; `texts` by id.

    Two cases that can be at most `days` days apart are connected when, of the shorter one's pieces weighed by
    how rare they are, the other holds `share` percent. What is connected is a matter if most of it holds
    the same rare pieces; who holds none of them is left out.
    """
    pieces = Pieces(_folded(texts[case.id]) for case in cases)
    least = max(least, 2)
    groups = [each for each in _connected(pieces, cases, days, share) if len(each) >= least]
    held = pieces.held_by({place for group in groups for place in group})
    found = []
    for group in groups:
        members, common = _core(group, held, pieces.frequency, len(cases))
        if len(members) >= least:
            near = [cases[place] for place in members]
            words = _words(
                [texts[case.id] for case in near], frozenset(map(pieces.written, common))
            )
            found.append(_cluster(near, words))
    return tuple(sorted(found, key=lambda each: (each.first, each.ids)))


def _connected(
    pieces: Pieces, cases: Sequence[Dated], days: int, share: int
) -> Iterable[list[int]]:
    """The places of the cases that are connected with each other, of each group in their order."""
    leader = list(range(len(cases)))
    own, pairs, common = _weigh(pieces, cases, days)
    one, other = np.divmod(pairs, max(len(cases), 1))
    enough = common * 100 >= share * np.minimum(own[one], own[other])
    for place, near in zip(one[enough].tolist(), other[enough].tolist(), strict=True):
        leader[_lead(leader, place)] = _lead(leader, near)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place in range(len(cases)):
        groups[_lead(leader, place)].append(place)
    return groups.values()


def _weigh(
    pieces: Pieces, cases: Sequence[Dated], days: int
) -> tuple[Integers, Integers, Integers]:
    """What the pieces of each text weigh; pairs of texts near in time with a piece in common, each as the place of the
    one times the number of cases plus that of the other; and what they have in common.
    """
    total = len(cases)
    # What a term weighs depends on how many hold it, and not on which one it is.
    counts = np.unique(pieces.frequency)
    weights = np.zeros(total + 1, dtype=np.int64)
    weights[counts] = [max(rarity(count, "piece", total), 0) for count in counts.tolist()]
    weight = weights[pieces.frequency][pieces.pieces]
    # As floating point numbers these sums are exact: they are far below 2 to the 53rd.
    own = np.bincount(pieces.texts, weight, total).astype(np.int64)
    own += max(rarity(1, "piece", total), 0) * pieces.alone
    telling = ~_is_common(pieces.frequency, total)[pieces.pieces]
    numbers, places, weight = pieces.pieces[telling], pieces.texts[telling], weight[telling]
    ends = np.array([case.first for case in cases], dtype=np.int64) + days
    lasts = np.array([case.last for case in cases], dtype=np.int64)
    found, worth = [], []
    for step in range(1, _LINKS + 1):
        one, other = places[:-step], places[step:]
        near = (numbers[:-step] == numbers[step:]) & (lasts[other] <= ends[one])
        found.append(one[near] * total + other[near])
        worth.append(weight[:-step][near])
    pairs, which = np.unique(np.concatenate(found), return_inverse=True)
    common = np.bincount(which, np.concatenate(worth), pairs.size).astype(np.int64)
    return own, pairs, common


def _core(
    group: Sequence[int], held: Mapping[int, frozenset[int]], frequency: Integers, texts: int
) -> tuple[list[int], frozenset[int]]:
    """Those of a group that hold what is common to most of it and rare elsewhere; and these pieces."""
    counts = Counter(piece for place in group for piece in held[place])
    shared = [piece for piece, count in counts.items() if 2 * count > len(group)]
    often = frequency[shared]
    kept = (often <= 2 * len(group)) & ~_is_common(often, texts)
    pieces = frozenset(piece for piece, keep in zip(shared, kept.tolist(), strict=True) if keep)
    if len(pieces) < _FEWEST_PIECES:
        return [], pieces
    return [place for place in group if len(pieces & held[place]) >= _FEWEST_HELD], pieces


def _is_common(frequency: Integers, texts: int) -> NDArray[np.bool_]:
    return (frequency > _COMMON_FLOOR) & (frequency * _COMMON_SHARE > texts)


def _words(told: Sequence[Account], pieces: frozenset[str]) -> tuple[str, ...]:
    """What the pieces read like where they stand: those in the most texts first, then the longest.

    Those of the titles, where there are any: they name the matter, and no customer.
    """
    for texts in ([each.title for each in told], [each.text for each in told]):
        found: Counter[str] = Counter()
        for text in texts:
            # As it was written, wherever folding left every character in its place.
            written = text if len(fold(text)) == len(text) else fold(text)
            places = [place for run in _RUN.finditer(fold(text)) for place in _covered(run, pieces)]
            found.update({written[start:end][:_LONGEST_WORD] for start, end in places})
        if found:
            break
    chosen: list[str] = []
    for word in sorted(found, key=lambda word: (-found[word], -len(word), word)):
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
    return tuple(chosen[:_WORDS])


def _covered(run: re.Match[str], pieces: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The stretches of a run that its common pieces cover, as places in the text."""
    text = run.string
    start = end = run.start()
    for place in range(run.start(), run.end() - PIECE + 1):
        if text[place : place + PIECE] not in pieces:
            continue
        if place > end:
            if end > start:
                yield start, end
            start = place
        elif end == start:
            start = place
        end = place + PIECE
    if end > start:
        yield start, end


def _folded(told: Account) -> str:
    return fold(f"{told.title}\n\n{told.text}")


def _cluster(cases: Iterable[Dated], words: tuple[str, ...] = ()) -> Cluster:
    ordered = sorted(cases)
    last = max(case.last for case in ordered)
    return Cluster(tuple(case.id for case in ordered), ordered[0].first, last, words)


def _lead(leader: list[int], place: int) -> int:
    """The one that stands for all that are connected with a text."""
    while leader[place] != place:
        leader[place] = leader[leader[place]]
        place = leader[place]
    return place
