"""Which texts are nearly the same: the same event entered twice, or a page copied to begin another.

Two texts are compared by their pieces of five characters, marks and spaces aside: `shared` is how many of
all the pieces of both are in both, in percent. Comparing every pair would take hours, so only those
are compared that have two long pieces in common, beginning with one of the commonest characters: a
piece of eight characters is the same in two texts by copying, hardly ever by chance.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from zlib import crc32

LEAST = 50
"""Percent of shared pieces from which on two texts are nearly the same. Of 2,816 complaints, 72 pairs
share as much; 34 were read, and all told of one matter. From 30 on it is another account of it.
"""

SHORTEST = 40
"""Shorter texts say too little to tell the same from the like; in letters and digits."""

_Holder = TypeVar("_Holder", int, str)

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
    found.update(dict.fromkeys(texts, ""), texts.__getitem__)
    return found.pairs


_NEW_IN_ALL = 8
"""Where one text in so many has changed, comparing all of them anew is not much more work."""


class Duplicates:
    """The pairs among texts that change now and then: a change costs what the changed texts are long.

    What is known is who holds which landmark, as two arrays of numbers in the order of landmarks; it can be stored.
    """

    def __init__(
        self,
        versions: Mapping[str, str] | None = None,
        ids: Sequence[str] = (),
        landmarks: array[int] | None = None,
        holders: array[int] | None = None,
        pairs: Iterable[Pair] = (),
    ) -> None:
        """Nothing yet, or what another one has come to: its attributes of these names."""
        self.versions = dict(versions or {})
        """Id → the version of its text."""
        self.ids = list(ids)
        """The ids by the number that `holders` has for them; some may be gone."""
        self.landmarks = landmarks if landmarks is not None else array("I")
        self.holders = holders if holders is not None else array("I")
        self._pairs = {(pair.earlier, pair.later): pair for pair in pairs}

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """As `duplicates` says them."""
        return tuple(sorted(self._pairs.values()))

    def update(self, versions: Mapping[str, str], text: Callable[[str], str]) -> None:
        """Take these ids, each with the version of its text, in the place of those known.

        `text` gives the text of an id; it is asked where a version is new, and what such a text resembles.
        """
        gone = {id_ for id_, known in self.versions.items() if versions.get(id_) != known}
        come = {id_ for id_, now in versions.items() if self.versions.get(id_) != now}
        self.versions = dict(versions)
        if not gone and not come:
            return
        if _NEW_IN_ALL * (len(gone) + len(come)) > len(versions):
            self._begin(text)
        else:
            self._exchange(gone, come, _Texts(text))

    def _begin(self, text: Callable[[str], str]) -> None:
        self.ids = sorted(self.versions)
        texts = {id_: _MARKS.sub("", text(id_)) for id_ in self.ids}
        # A landmark and its holder are one number: sorting numbers is quick.
        codes = sorted(
            landmark << 32 | number
            for number, id_ in enumerate(self.ids)
            for landmark in _landmarks(texts[id_])
        )
        self.landmarks = array("I", [code >> 32 for code in codes])
        self.holders = array("I", [code & 0xFFFFFFFF for code in codes])
        common: Counter[tuple[int, int]] = Counter()
        start = 0
        for end in range(1, len(codes) + 1):
            if end == len(codes) or self.landmarks[end] != self.landmarks[start]:
                if end > start + 1:
                    common.update(_candidates(self.holders[start:end]))
                start = end
        self._pairs = {}
        for (first, second), count in common.items():
            earlier, later = self.ids[first], self.ids[second]
            self._compare(earlier, later, count, texts.__getitem__)

    def _exchange(self, gone: set[str], come: set[str], texts: _Texts) -> None:
        numbers = {id_: number for number, id_ in enumerate(self.ids)}
        leaving = {numbers[id_] for id_ in gone}
        places = [at for at, number in enumerate(self.holders) if number in leaving]
        coming: defaultdict[int, list[str]] = defaultdict(list)
        for id_ in sorted(come):
            for landmark in texts.landmarks(id_):
                coming[landmark].append(id_)
            if id_ not in numbers:
                numbers[id_] = len(self.ids)
                self.ids.append(id_)
        touched: set[tuple[str, str]] = set()
        concerned = {self.landmarks[at] for at in places} | coming.keys()
        before = {landmark: self._holding(landmark) for landmark in concerned}
        after = {
            landmark: sorted(
                [*(id_ for id_ in before[landmark] if id_ not in gone), *coming[landmark]]
            )
            for landmark in concerned
        }
        self._replace(concerned, after, numbers)
        for landmark in concerned:
            touched |= set(_candidates(before[landmark])) ^ set(_candidates(after[landmark]))
        for pair in [pair for pair in self._pairs if not gone.isdisjoint(pair)]:
            del self._pairs[pair]
            touched.add(pair)
        compared: dict[int, set[tuple[str, str]]] = {}
        for earlier, later in sorted(touched):
            self._pairs.pop((earlier, later), None)
            if earlier in self.versions and later in self.versions:
                count = self._count(earlier, later, texts, compared)
                self._compare(earlier, later, count, texts.bare)

    def _holding(self, landmark: int) -> list[str]:
        """The ids that hold a landmark, in their order."""
        start = bisect_left(self.landmarks, landmark)
        end = bisect_right(self.landmarks, landmark, lo=start)
        return sorted(self.ids[number] for number in self.holders[start:end])

    def _replace(
        self, concerned: Iterable[int], holding: Mapping[int, list[str]], numbers: Mapping[str, int]
    ) -> None:
        landmarks, holders = array("I"), array("I")
        at = 0
        for landmark in sorted(concerned):
            start = bisect_left(self.landmarks, landmark, lo=at)
            landmarks += self.landmarks[at:start]
            holders += self.holders[at:start]
            at = bisect_right(self.landmarks, landmark, lo=start)
            landmarks.extend([landmark] * len(holding[landmark]))
            holders.extend(numbers[id_] for id_ in holding[landmark])
        self.landmarks = landmarks + self.landmarks[at:]
        self.holders = holders + self.holders[at:]

    def _count(
        self,
        earlier: str,
        later: str,
        texts: _Texts,
        compared: dict[int, set[tuple[str, str]]],
    ) -> int:
        """How many landmarks make two texts candidates; no further than it takes to know.

        `compared` holds the candidates of landmarks that were looked at.
        """
        count = 0
        for landmark in texts.landmarks(earlier) & texts.landmarks(later):
            if landmark not in compared:
                compared[landmark] = set(_candidates(self._holding(landmark)))
            count += (earlier, later) in compared[landmark]
            if count == _FEWEST_LANDMARKS:
                break
        return count

    def _compare(self, earlier: str, later: str, count: int, bare: Callable[[str], str]) -> None:
        if count >= _FEWEST_LANDMARKS or (count and bare(earlier) == bare(later)):
            shared = share(bare(earlier), bare(later))
            if shared >= LEAST:
                self._pairs[earlier, later] = Pair(later, earlier, shared)


class _Texts:
    """Bare texts and their landmarks, each made once."""

    def __init__(self, text: Callable[[str], str]) -> None:
        self._text = text
        self._bare: dict[str, str] = {}
        self._landmarks: dict[str, set[int]] = {}

    def bare(self, id_: str) -> str:
        if id_ not in self._bare:
            self._bare[id_] = _MARKS.sub("", self._text(id_))
        return self._bare[id_]

    def landmarks(self, id_: str) -> set[int]:
        if id_ not in self._landmarks:
            self._landmarks[id_] = _landmarks(self.bare(id_))
        return self._landmarks[id_]


def share(one: str, other: str) -> int:
    """The pieces that two bare texts share, in percent of all that are in either."""
    here, there = _pieces(one), _pieces(other)
    whole = len(here | there)
    return 100 * len(here & there) // whole if whole else 0


def _pieces(text: str) -> set[str]:
    return {text[i : i + _PIECE] for i in range(len(text) - _PIECE + 1)}


def _landmarks(text: str) -> set[int]:
    """The landmarks of a text as numbers. Two that get one number by chance only make two texts be compared."""
    if len(text) < SHORTEST:
        return set()
    return {crc32(landmark.encode()) for landmark in (text, *_LANDMARK.findall(text))}


def _candidates(holding: Sequence[_Holder]) -> Iterator[tuple[_Holder, _Holder]]:
    """The pairs (earlier, later) of those that hold one landmark: each with the first and the one before."""
    for place in range(1, len(holding)):
        yield holding[0], holding[place]
        if place > 1:
            yield holding[place - 1], holding[place]
