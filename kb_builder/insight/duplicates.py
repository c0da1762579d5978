"""Which texts are nearly the same: the same event entered twice, or a page copied to begin another.

Two texts are compared by their pieces of five characters, marks and spaces aside: `shared` is how many of
all the pieces of both are in both, in percent. Comparing every pair would take hours, so only those
are compared that have two long pieces in common, beginning with one of the commonest characters: a
piece of eight characters is the same in two texts by copying, hardly ever by chance.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LEAST = 50
"""Percent of shared pieces from which on two texts are nearly the same. Of 2,816 complaints, 72 pairs
share as much; 34 were read, and all told of one matter. From 30 on it is another account of it.
"""

SHORTEST = 40
"""Shorter texts say too little to tell the same from the like; in letters and digits."""

_PIECE = 5
_MARKS = re.compile(r"[\W_]+")
# One character in eight of ordinary prose.
_LANDMARK = re.compile("(?=([的了是不在有我这一].{7}))")
_FEWEST_LANDMARKS = 2


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two documents with nearly the same text; `shared` in percent."""

    later: str
    earlier: str
    shared: int


def duplicates(texts: Mapping[str, str]) -> tuple[Pair, ...]:
    """The pairs among texts by id, in the order of the later id, then of the earlier one.

    Of many copies, not every pair is named: each copy is compared with the first text and with the one before
    that hold a piece of it, so that all are connected.
    """
    found = Duplicates()
    found.update(texts)
    return found.pairs


class Duplicates:
    """The pairs among texts that change now and then: a change costs what the changed texts are long."""

    def __init__(self) -> None:
        self._bare: dict[str, str] = {}
        self._holding: dict[str, tuple[str, ...]] = {}
        """Landmark → the texts that hold it, in the order of their ids."""
        self._common: Counter[tuple[str, str]] = Counter()
        """Earlier and later id → how many landmarks make them candidates."""
        self._pairs: dict[tuple[str, str], Pair] = {}

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """As `duplicates` says them."""
        return tuple(sorted(self._pairs.values()))

    def update(self, texts: Mapping[str, str | None]) -> None:
        """Put in new texts, exchange those of ids that are known, take out those that are None."""
        gone: defaultdict[str, set[str]] = defaultdict(set)
        come: defaultdict[str, list[str]] = defaultdict(list)
        for id_ in sorted(texts):
            for landmark in _landmarks(self._bare.pop(id_, "")):
                gone[landmark].add(id_)
            text = texts[id_]
            if text is not None:
                self._bare[id_] = _MARKS.sub("", text)
                for landmark in _landmarks(self._bare[id_]):
                    come[landmark].append(id_)
        touched: set[tuple[str, str]] = set()
        for landmark in gone.keys() | come.keys():
            before = self._holding.pop(landmark, ())
            after = (
                *(id_ for id_ in before if id_ not in gone.get(landmark, ())),
                *come.get(landmark, ()),
            )
            if before:
                after = tuple(sorted(after))
            if after:
                self._holding[landmark] = after
            for pair in _candidates(before):
                self._common[pair] -= 1
                touched.add(pair)
            for pair in _candidates(after):
                self._common[pair] += 1
                touched.add(pair)
        for pair in touched:
            self._compare(*pair)

    def _compare(self, earlier: str, later: str) -> None:
        pair = (earlier, later)
        self._pairs.pop(pair, None)
        count = self._common[pair]
        if not count:
            del self._common[pair]
        elif count >= _FEWEST_LANDMARKS or self._bare[earlier] == self._bare[later]:
            shared = share(self._bare[earlier], self._bare[later])
            if shared >= LEAST:
                self._pairs[pair] = Pair(later, earlier, shared)


def share(one: str, other: str) -> int:
    """The pieces that two bare texts share, in percent of all that are in either."""
    here, there = _pieces(one), _pieces(other)
    whole = len(here | there)
    return 100 * len(here & there) // whole if whole else 0


def _pieces(text: str) -> set[str]:
    return {text[i : i + _PIECE] for i in range(len(text) - _PIECE + 1)}


def _landmarks(text: str) -> set[str]:
    return {text, *_LANDMARK.findall(text)} if len(text) >= SHORTEST else set()


def _candidates(holding: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The pairs (earlier, later) of those that hold one landmark: each with the first and the one before."""
    for place in range(1, len(holding)):
        yield holding[0], holding[place]
        if place > 1:
            yield holding[place - 1], holding[place]
