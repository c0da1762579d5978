"""The labelled lines: what the gate must find, and look-alikes that it must let pass.

The tables have three columns: the part, the category or `-` with the kind of look-alike, and the text. The
parts are `tune`, `held` (once held out), `fresh` and `third` (once written for the figure alone) and `bare`
(names inside sentences, and sentences of complaints without any): the gate has been tuned on all of them, so
what it does on them is no promise for others.

`fourth` was written by somebody who had not seen the gate, with names as common as in the population. The
gate was run on it once: 89 of 95 found, none wrong. Afterwards lists of what looks like a name and is none
(families, places, firms, titles) were let pass. The figure stayed 89 of 95, none wrong, but it is now that of
a set seen before.

A line of `third` with names and an address stands there twice, each time without the other. The personal
parts are in ⟦ ⟧; `\\n` is a line end, `\\uXXXX` a character that can't be seen. All numbers are invented;
birthdays in ids are of 1900–1903.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kb_builder.privacy import Category, Disclosure, Gate

TABLES = [
    Path(__file__).parent / name
    for name in ("labelled.tsv", "fresh.tsv", "bare.tsv", "third.tsv", "fourth.tsv")
]

CATEGORIES = {
    "phone": Category.PHONE,
    "id": Category.RESIDENT,
    "card": Category.CARD,
    "passport": Category.PASSPORT,
    "plate": Category.PLATE,
    "vin": Category.VIN,
    "uscc": Category.COMPANY,
    "email": Category.EMAIL,
    "im": Category.ACCOUNT,
    "ip": Category.IP,
    "order": Category.ORDER,
    "address": Category.ADDRESS,
    "name": Category.NAME,
    "label": Category.LABELLED,
}
WRITTEN = {Category.NAME, Category.LABELLED, Category.ADDRESS}
"""Those that are told by words rather than by form and check digits."""


@dataclass(frozen=True)
class Line:
    """A labelled line: its text without the brackets, and the stretches that are personal."""

    part: str
    kind: str
    text: str
    expected: tuple[tuple[int, int], ...]


@dataclass
class Score:
    """How many personal parts there are, how many are found, and how many findings are wrong."""

    expected: int = 0
    found: int = 0
    wrong: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.expected + other.expected,
            self.found + other.found,
            self.wrong + other.wrong,
            self.misses + other.misses,
        )


def lines(parts: Iterable[str] = ("tune", "held")) -> Iterator[Line]:
    rows = [row for table in TABLES for row in table.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        part, kind, text = row.split("\t")
        if part not in parts:
            continue
        text = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
        text = text.replace("\\n", "\n")
        expected, plain = [], ""
        for piece in re.split("(⟦[^⟧]*⟧)", text):
            inner = piece.strip("⟦⟧")
            if piece.startswith("⟦"):
                expected.append((len(plain), len(plain) + len(inner)))
            plain += inner
        yield Line(part, kind, plain, tuple(expected))


def score(gate: Gate, parts: Iterable[str]) -> dict[Category, Score]:
    """By category; a wrong finding counts for the category that it claims."""
    scores = {category: Score() for category in Category}
    for line in lines(parts):
        found = gate.find(line.text)
        wanted = CATEGORIES.get(line.kind)
        for start, end in line.expected:
            assert wanted is not None
            scores[wanted].expected += 1
            if any(_covers(each, start, end, wanted) for each in found):
                scores[wanted].found += 1
            else:
                scores[wanted].misses.append(f"{line.kind}: {line.text[start:end]} | {line.text}")
        for each in found:
            if not any(each.start < end and start < each.end for start, end in line.expected):
                scores[each.category].wrong += 1
                what = line.text[each.start : each.end]
                scores[each.category].misses.append(f"+{each.category.value}: {what} | {line.text}")
    return scores


def _covers(found: Disclosure, start: int, end: int, wanted: Category) -> bool:
    """Whether nearly all of a personal part is found; a name by its label is still that name."""
    same = found.category is wanted or {found.category, wanted} == {
        Category.NAME,
        Category.LABELLED,
    }
    overlap = min(found.end, end) - max(found.start, start)
    return same and overlap >= 0.8 * (end - start)


def table(scores: dict[Category, Score]) -> str:
    rows = [f"{'':10} {'parts':>5} {'recall':>7} {'precision':>9}"]
    rows += [
        f"{category.value:10} {each.expected:5} {each.recall:7.3f} {each.precision:9.3f}"
        for category, each in scores.items()
    ]
    return "\n".join(rows)
