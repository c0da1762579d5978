"""The privacy gate: a text in, the personal data in it out. gate.js is the twin of this module."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from kb_builder.model.privacy import Numbering, Privacy
from kb_builder.privacy import names, patterns
from kb_builder.privacy.candidates import TESTS
from kb_builder.privacy.categories import Category
from kb_builder.privacy.patterns import Pattern
from kb_builder.privacy.reading import read

BEFORE, REACH, AFTER = 16, 40, 8
"""How much of the text around a candidate is looked at, in characters."""

_FEWEST_DIGITS = 6
"""Fewer digits in a run are no number of the kinds in patterns.NUMBERS."""

_run = re.compile(patterns.RUN)
_date = re.compile(patterns.DATE)
_syntax = re.compile(r"[\\^$.*+?()\[\]{}|/]")
_SEPARATORS = re.compile("[^0-9a-z一-龥@.:_]+")
_PUNCTUATED = re.compile("(?![0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$)[0-9._:]+$")
_NOT_DIGIT = re.compile("[^0-9]+")
_COUNTRY = re.compile("(?:00)?86(?=1[3-9][0-9]{9}$)")


@dataclass(frozen=True, slots=True, order=True)
class Disclosure:
    """Personal data in a text: from `start` to `end`, in characters; `value` is the same for every
    way to write the same number or name.
    """

    start: int
    end: int
    category: Category
    value: str


def canonical(text: str) -> str:
    """One spelling for all ways to write a value.

    >>> canonical("+86 138-0000-1234") == canonical("１３８００００１２３４")
    True
    """
    value = _SEPARATORS.sub("", read(text).text.lower())
    if _PUNCTUATED.match(value):
        value = _NOT_DIGIT.sub("", value)
    return _COUNTRY.sub("", value, count=1)


def masked(text: str) -> str:
    """The text with its middle hidden, as long as before.

    >>> masked("13800001234"), masked("张伟")
    ('138******34', '张*')
    """
    head, tail = (3, 2) if len(text) > 9 else (1, 1) if len(text) > 4 else (1, 0)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


class Gate:
    """Finds personal data by the settings of a base; `roles` are words that name nobody."""

    def __init__(self, settings: Privacy | None = None, roles: Collection[str] = ()) -> None:
        self._settings = settings or Privacy()
        self._allowed = frozenset((*roles, *self._settings.people))
        self._numbers = [_Compiled(each) for each in patterns.NUMBERS]
        self._first = [_Compiled(each) for each in (*self.declared, *patterns.OTHERS)]
        self._last = [_Compiled(each) for each in patterns.ADDRESSES]
        self._domains = tuple(f"@{domain}" for domain in self._settings.domains)

    @property
    def declared(self) -> tuple[Pattern, ...]:
        """The patterns of the base's own numbers."""
        return tuple(
            pattern for numbering in self._settings.numbers for pattern in _declared(numbering)
        )

    @cached_property
    def reviewed(self) -> frozenset[str]:
        """The values that the owner of the base has reviewed, each in its one spelling."""
        return frozenset(canonical(each.value) for each in self._settings.reviewed)

    def find(self, text: str) -> tuple[Disclosure, ...]:
        """The personal data in a text, in the order in which it stands there; reviewed or not."""
        reading = read(text)
        found: list[tuple[int, int, Category]] = []
        for start, end, category in self._stretches(reading.text):
            if all(end <= first or last <= start for first, last, _ in found):
                found.append((start, end, category))
        found = _joined(sorted(found, key=lambda stretch: stretch[:2]))
        return tuple(
            Disclosure(*reading.place(start, end), category, canonical(reading.text[start:end]))
            for start, end, category in found
        )

    def _stretches(self, text: str) -> Iterator[tuple[int, int, Category]]:
        """What is found, the surest first; stretches may overlap."""
        for each in self._first:
            if each.is_possible(text):
                for start, end in each.find(text, text, 0):
                    if each.category is not Category.EMAIL or not self._is_ours(text[start:end]):
                        yield start, end, each.category
        for run in _run.finditer(text):
            digits = sum(map(run[0].count, "0123456789"))
            if digits >= _FEWEST_DIGITS and not _date.fullmatch(run[0]):
                for each in self._numbers:
                    for start, end in each.find(run[0], text, run.start()):
                        yield start, end, each.category
        for each in self._last:
            if each.is_possible(text):
                for start, end in each.find(text, text, 0):
                    yield start, end, each.category
        for name in names.find_names(text, self._allowed):
            yield name.start, name.end, Category.LABELLED if name.labelled else Category.NAME

    def _is_ours(self, address: str) -> bool:
        return address.lower().endswith(self._domains) if self._domains else False


def _joined(found: list[tuple[int, int, Category]]) -> list[tuple[int, int, Category]]:
    """The stretches in order, with the parts of one address as one."""
    joined: list[tuple[int, int, Category]] = []
    for start, end, category in found:
        if joined and category is Category.ADDRESS and joined[-1][1:] == (start, category):
            joined[-1] = (joined[-1][0], end, category)
        else:
            joined.append((start, end, category))
    return joined


class _Compiled:
    """A pattern made ready."""

    def __init__(self, pattern: Pattern) -> None:
        self.category = pattern.category
        self._pattern = re.compile(pattern.pattern)
        self._test = TESTS.get(pattern.test)
        self._near = re.compile(pattern.near) if pattern.near else None
        before, after = pattern.never_before, pattern.never_after
        self._never_before = re.compile(f"(?:{before})[ ]?{patterns.END}") if before else None
        self._never_after = re.compile(after) if after else None
        self._reach = re.compile(pattern.reach) if pattern.reach else None
        self._triggers = pattern.triggers

    def is_possible(self, text: str) -> bool:
        """Whether one of the triggers is in the text."""
        return not self._triggers or any(word in text for word in self._triggers)

    def find(self, part: str, text: str, offset: int) -> Iterator[tuple[int, int]]:
        """The stretches of `text` that the pattern finds in its `part`, which begins at `offset`."""
        for match in self._pattern.finditer(part):
            start, end = offset + match.start(1), offset + match.end(1)
            if self._reach:
                reached = self._reach.search(text[max(0, start - REACH) : start])
                if reached is None:
                    continue
                start -= len(reached[0])
            before = text[max(0, start - BEFORE) : start]
            after = text[end : end + AFTER]
            if self._near and not (self._near.search(before) or self._near.search(after)):
                continue
            if self._never_before and self._never_before.search(before):
                continue
            if self._never_after and self._never_after.match(after):
                continue
            skip = self._test(text[start:end], before, after) if self._test else 0
            if skip is not None and start + skip < end:
                yield start + skip, end


def _declared(numbering: Numbering) -> Iterator[Pattern]:
    if numbering.after:
        words = "|".join(_literal(word) for word in sorted(numbering.after, key=len, reverse=True))
        number = "([A-Za-z0-9][A-Za-z0-9\\-]{4,39})(?![A-Za-z0-9])"
        yield Pattern(
            Category.ORDER,
            f"(?:{words})[ ]?(?:[:：=（(|]|是|为)*[ ]?{number}",
            "declared",
        )
    for form in numbering.forms:
        written = "".join(
            {"#": "[0-9]", "@": "[A-Za-z]"}.get(char) or _literal(char) for char in form
        )
        yield Pattern(Category.ORDER, f"(?<![0-9A-Za-z])({written})(?![0-9A-Za-z])")


def _literal(text: str) -> str:
    # Not re.escape: a browser refuses to escape what needs none.
    return _syntax.sub(lambda match: f"\\{match[0]}", text)
