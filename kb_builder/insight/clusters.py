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
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kb_builder.analysis.folding import fold
from kb_builder.insight.days import Dated
from kb_builder.insight.similarity import rarity

_PIECE = 4
"""Characters: as long as most names with what stands beside them."""
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
    """The matters of which at least `least` cases tell, the earliest first; `texts` by id.

    Two cases that can be at most `days` days apart are connected when, of the shorter one's pieces weighed by
    how rare they are, the other holds `share` percent. What is connected is a matter if most of it holds
    the same rare pieces; who holds none of them is left out.
    """
    held = {case.id: _pieces(texts[case.id]) for case in cases}
    frequency: Counter[str] = Counter()
    for each in held.values():
        frequency.update(each)
    own, common = _weigh(held, frequency, cases, days)
    leader = list(range(len(cases)))
    for (one, other), weight in common.items():
        if weight * 100 >= share * min(own[one], own[other]):
            leader[_lead(leader, one)] = _lead(leader, other)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place in range(len(cases)):
        groups[_lead(leader, place)].append(place)
    found = []
    for group in groups.values():
        if len(group) >= least:
            near = [cases[place] for place in group]
            members, pieces = _core(near, held, frequency, len(cases))
            if len(members) >= least:
                told = [texts[case.id] for case in members]
                found.append(_cluster(members, _words(told, pieces)))
    return tuple(sorted(found, key=lambda each: (each.first, each.ids)))


def _weigh(
    held: Mapping[str, AbstractSet[str]],
    frequency: Mapping[str, int],
    cases: Sequence[Dated],
    days: int,
) -> tuple[list[int], dict[tuple[int, int], int]]:
    """What the pieces of each text weigh, and those that two texts near in time have in common."""
    # What a term weighs depends on how many hold it, and not on which one it is.
    weights = {
        count: max(rarity(count, "piece", len(cases)), 0) for count in set(frequency.values())
    }
    own = []
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for place, case in enumerate(cases):
        pieces = held[case.id]
        own.append(sum(map(weights.__getitem__, map(frequency.__getitem__, pieces))))
        for piece in pieces:
            if frequency[piece] > 1:
                holders[piece].append(place)
    common: defaultdict[tuple[int, int], int] = defaultdict(int)
    for piece, places in holders.items():
        if _is_common(frequency[piece], len(cases)):
            continue
        weight = weights[frequency[piece]]
        for at, place in enumerate(places):
            end = cases[place].first + days
            for other in places[at + 1 : at + 1 + _LINKS]:
                if cases[other].last <= end:
                    common[place, other] += weight
    return own, common


def _core(
    group: Sequence[Dated],
    held: Mapping[str, AbstractSet[str]],
    frequency: Mapping[str, int],
    texts: int,
) -> tuple[list[Dated], frozenset[str]]:
    """Those of a group that hold what is common to most of it and rare elsewhere; and these pieces."""
    counts = Counter(piece for case in group for piece in held[case.id])
    pieces = frozenset(
        piece
        for piece, count in counts.items()
        if 2 * count > len(group)
        and frequency[piece] <= 2 * len(group)
        and not _is_common(frequency[piece], texts)
    )
    if len(pieces) < _FEWEST_PIECES:
        return [], pieces
    members = [case for case in group if len(pieces.intersection(held[case.id])) >= _FEWEST_HELD]
    return members, pieces


def _is_common(frequency: int, texts: int) -> bool:
    return frequency > _COMMON_FLOOR and frequency * _COMMON_SHARE > texts


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
    for place in range(run.start(), run.end() - _PIECE + 1):
        if text[place : place + _PIECE] not in pieces:
            continue
        if place > end:
            if end > start:
                yield start, end
            start = place
        elif end == start:
            start = place
        end = place + _PIECE
    if end > start:
        yield start, end


def _pieces(told: Account) -> set[str]:
    return {
        run[place : place + _PIECE]
        for run in _RUN.findall(fold(f"{told.title}\n\n{told.text}"))
        for place in range(len(run) - _PIECE + 1)
    }


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
