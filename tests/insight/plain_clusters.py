"""`clusters.accounts` as it reads without arrays: what the one with arrays must give."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from kb_builder.analysis.folding import fold
from kb_builder.insight import clusters
from kb_builder.insight.clusters import Account, Cluster
from kb_builder.insight.days import Dated
from kb_builder.insight.similarity import rarity

_RUN = re.compile(r"[^\W_]{4,}")
_LINKS, _COMMON_SHARE, _COMMON_FLOOR, _FEWEST_PIECES, _FEWEST_HELD = 4, 10, 8, 8, 5


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
            leader[clusters._lead(leader, one)] = clusters._lead(leader, other)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place in range(len(cases)):
        groups[clusters._lead(leader, place)].append(place)
    found = []
    for group in groups.values():
        if len(group) >= least:
            near = [cases[place] for place in group]
            members, pieces = _core(near, held, frequency, len(cases))
            if len(members) >= least:
                told = [texts[case.id] for case in members]
                found.append(clusters._cluster(members, clusters._words(told, pieces)))
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


def pieces_of(text: str) -> set[str]:
    """Every four letters or digits that stand together."""
    return {run[place : place + 4] for run in _RUN.findall(text) for place in range(len(run) - 3)}


def _pieces(told: Account) -> set[str]:
    return pieces_of(fold(f"{told.title}\n\n{told.text}"))
