"""Which categories rise: a test, and not an impression.

For each category: of its cases in the window and in the time before, are more in the window than chance
would put there, given how many of all cases are? That is Fisher's exact test, one-sided: the number in the window is
hypergeometric when dates have nothing to do with categories, and exactly so when dates are shuffled. What
happens to all categories alike (a busy season, more diligent recording) makes none of them rise.

Many categories are tested at once, so Benjamini and Hochberg's procedure decides which are called rising: Benjamini
and Hochberg (1995), “Controlling the false discovery rate”, Journal of the Royal Statistical Society B
57, 289-300. When nothing rises at all, it calls anything rising in at most `level` of all bases;
`benchmarks/warning.py` measures it on shuffled dates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kb_builder.insight.days import Dated


@dataclass(frozen=True, slots=True)
class Period:
    """A window and the time before it that it is compared with, in days as `Dated` has them: from `before`
    up to the day before `start`, and from `start` to `end`.
    """

    before: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Placed:
    """The ids of the cases in the time before, and of those in the window; who may have been in either is in
    none.
    """

    earlier: frozenset[str]
    window: frozenset[str]

    @property
    def compared(self) -> int:
        """How many cases can be compared; none unless both times have some."""
        both = self.earlier and self.window
        return len(self.earlier) + len(self.window) if both else 0


@dataclass(frozen=True, slots=True)
class Rise:
    """What the test says of a category.

    `expected` is how many would be in the window if the category kept its share; `chance` how
    likely so many or more are then.
    """

    category: str
    earlier: tuple[str, ...]
    window: tuple[str, ...]
    expected: float
    chance: float
    rising: bool


def place(cases: Iterable[Dated], period: Period) -> Placed:
    """Which cases surely happened when."""
    earlier, window = set(), set()
    for case in cases:
        if period.start <= case.first and case.last <= period.end:
            window.add(case.id)
        elif period.before <= case.first and case.last < period.start:
            earlier.add(case.id)
    return Placed(frozenset(earlier), frozenset(window))


def judge(
    categories: Mapping[str, AbstractSet[str]], placed: Placed, *, level: float, least: int
) -> tuple[Rise, ...]:
    """What is said of every category (its ids by name) that has at least `least` cases in both times
    together; the least likely first. Smaller ones can't be told from chance and would only blunt the test,
    and one that holds all cases has no share to grow.
    """
    inside, outside = len(placed.window), len(placed.earlier)
    if not inside or not outside:
        return ()
    found = []
    for name, ids in categories.items():
        window = tuple(sorted(placed.window & ids))
        earlier = tuple(sorted(placed.earlier & ids))
        size = len(window) + len(earlier)
        if least <= size < inside + outside:
            chance = tail(len(window), size, inside, outside)
            expected = size * inside / (inside + outside)
            found.append(Rise(name, earlier, window, expected, chance, rising=False))
    found.sort(key=lambda rise: (rise.chance, rise.category))
    rising = max(
        (rank for rank, rise in enumerate(found, 1) if rise.chance <= level * rank / len(found)),
        default=0,
    )
    return tuple(
        Rise(rise.category, rise.earlier, rise.window, rise.expected, rise.chance, rank < rising)
        for rank, rise in enumerate(found)
    )


def tail(hits: int, drawn: int, inside: int, outside: int) -> float:
    """How likely at least `hits` of `drawn` cases are in the window, of which it holds `inside` and the time
    before `outside`.

    >>> round(tail(4, 5, 10, 40), 6)
    0.004084
    """
    fewest, most = max(0, drawn - outside), min(drawn, inside)
    if hits <= fewest:
        return 1.0
    chance = math.exp(
        _log_comb(inside, hits)
        + _log_comb(outside, drawn - hits)
        - _log_comb(inside + outside, drawn)
    )
    total = chance
    for count in range(hits, most):
        chance *= (inside - count) * (drawn - count)
        chance /= (count + 1) * (outside - drawn + count + 1)
        total += chance
    return min(total, 1.0)


def _log_comb(whole: int, part: int) -> float:
    return math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)
