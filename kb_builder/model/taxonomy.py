"""Vocabularies: which values a field may have, and the words readers and editors use for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher


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
    """The values of one field, in the order in which lists show them."""

    name: str
    label: str
    values: Mapping[str, Value]
    help: str = ""
    parent: str = ""
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
                    spelling.setdefault(_fold(name), value.id)
        object.__setattr__(self, "_spelling", spelling)

    def find(self, text: str) -> Value | None:
        """The value written as `text`: id, label or alias, letter case and spaces aside."""
        identity = self._spelling.get(_fold(text))
        return None if identity is None else self.values[identity]

    def nearest(self, text: str) -> Value | None:
        """The value most like `text`, or None when nothing is like it."""
        names = {name: value for value in self for name in (value.label, value.id, *value.aliases)}
        best = nearest(text, names)
        return None if best is None else names[best]

    def label_of(self, identity: str) -> str:
        """The label of a value's id."""
        return self.values[identity].label

    def __iter__(self) -> Iterator[Value]:
        """The values in their order."""
        return iter(self.values.values())


def nearest(text: str, names: Iterable[str]) -> str | None:
    """The name most like `text`, or None when nothing is like it; ties go to the first in order.

    Likeness is the share of characters in common runs (`difflib`), and a name that contains the
    text, or is contained in it, is like it.
    """
    wanted = _fold(text)[:100]
    best, best_score = None, 0.0
    for name in names:
        folded = _fold(name)
        score = SequenceMatcher(None, wanted, folded, autojunk=False).ratio()
        if wanted and folded and (wanted in folded or folded in wanted):
            score += 0.5
        if score > best_score:
            best, best_score = name, score
    return best if best_score >= 0.5 else None


def _fold(text: str) -> str:
    return "".join(text.split()).casefold()
