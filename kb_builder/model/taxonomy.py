"""Vocabularies: which values a field may have, and the words readers and editors use for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Value:
    """One value: the model holds the `id`, the reader sees the `label`, an editor may write either
    or an alias. `parent` is the id of a value in the parent vocabulary, `deputy` of another role.
    """

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    help: str = ""
    parent: str = ""
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The values of one field, in the order in which lists show them.

    An `exact` one knows each value only as it is declared, character by character.
    """

    name: str
    label: str
    values: Mapping[str, Value]
    help: str = ""
    parent: str = ""
    exact: bool = False
    _spelling: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index every way a value may be written; an id wins over a label, a label over an alias."""
        spelling: dict[str, str] = {}
        for ways in (
            ((value.id,) for value in self.values.values()),
            ((value.label,) for value in self.values.values()),
            (value.aliases for value in self.values.values()),
        ):
            for value, names in zip(self.values.values(), ways, strict=True):
                for name in names:
                    spelling.setdefault(self._key(name), value.id)
        object.__setattr__(self, "_spelling", spelling)

    def find(self, text: str) -> Value | None:
        """The value written as `text`: id, label or alias, letter case and spaces aside unless `exact`."""
        identity = self._spelling.get(self._key(text))
        return None if identity is None else self.values[identity]

    def nearest(self, text: str) -> Value | None:
        """The value most like `text`, or None when nothing is like it."""
        names = {name: value for value in self for name in (value.label, value.id, *value.aliases)}
        best = nearest(text, names)
        return None if best is None else names[best]

    def label_of(self, identity: str) -> str:
        """The label of a value's id."""
        return self.values[identity].label

    def _key(self, text: str) -> str:
        return text if self.exact else _fold(text)

    def __iter__(self) -> Iterator[Value]:
        """The values in their order."""
        return iter(self.values.values())


def nearest(text: str, names: Iterable[str], *, least: float = 0.5) -> str | None:
    """The name most like `text`, or None when nothing is like it; ties go to the first in order.

    Likeness is the share of characters in common runs (`difflib`), from 0 to 1, and must be `least`
    or more. A name is also like a text that contains it, or that it contains, unless one is four
    times as long.
    """
    return _nearest(_fold(text)[:100], tuple(names), least)


# One misspelling is often in a thousand documents; a thousand misspellings are mostly one author's.
@lru_cache(maxsize=4096)
def _nearest(wanted: str, names: tuple[str, ...], least: float) -> str | None:
    matcher = SequenceMatcher(None, b=wanted, autojunk=False)
    best, best_score = None, least
    for name in names:
        folded = _fold(name)
        if not wanted or not folded:
            continue
        short, long = sorted((wanted, folded), key=len)
        bonus = 0.5 if short in long and len(short) * 4 > len(long) else 0.0
        matcher.set_seq1(folded)
        # The two cheap bounds spare nearly all the exact comparisons.
        if matcher.real_quick_ratio() + bonus < best_score:
            continue
        if matcher.quick_ratio() + bonus < best_score:
            continue
        score = matcher.ratio() + bonus
        if score > best_score or (best is None and score == best_score):
            best, best_score = name, score
    return best


def _fold(text: str) -> str:
    return "".join(text.split()).casefold()
