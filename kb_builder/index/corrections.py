"""What a word that is in no document may have been meant to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kb_builder.analysis.readings import homophones

_MOST = 3


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of the query and the words of the index nearest to it, best first."""

    word: str
    suggestions: tuple[str, ...]


def suggest(word: str, lexicon: Iterable[str], frequency: Callable[[str], int]) -> tuple[str, ...]:
    """What may have been meant by `word`, at most three of `lexicon`: first what sounds the same,
    then the nearest. `frequency` is the number of documents a word is in.
    """
    words = list(lexicon)
    counted = [(-frequency(term), term) for term in homophones(word, words)]
    alike = [term for count, term in sorted(counted) if count]
    near = (term for term in nearest(word, words, frequency) if term not in alike)
    return (*alike, *near)[:_MOST]


def nearest(word: str, lexicon: Iterable[str], frequency: Callable[[str], int]) -> tuple[str, ...]:
    """The words of `lexicon` nearest to `word`, at most three.

    Near is one character put in, left out, replaced, or two neighbours swapped; two such from four
    characters on; and at least one character in common. Of equally near ones, those of the same
    length come first, then those in more documents; `frequency` is asked for these only.
    """
    most = 1 if len(word) < 4 else 2
    chars = set(word)
    near = [
        (distance, abs(len(term) - len(word)), -count, term)
        for term in lexicon
        if len(term) > 1
        and abs(len(term) - len(word)) <= most
        and not chars.isdisjoint(term)
        and 0 < (distance := edit_distance(word, term)) <= most
        and (count := frequency(term))
    ]
    return tuple(term for *_, term in sorted(near)[:_MOST])


def edit_distance(one: str, other: str) -> int:
    """The least number of characters to put in, leave out or replace, or neighbours to swap."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
