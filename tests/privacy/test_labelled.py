"""How much of the labelled lines the gate finds, and how often it is wrong."""

from __future__ import annotations

from collections import Counter

import labelled_lines
import pytest
from labelled_lines import CATEGORIES, WRITTEN, Score

from kb_builder.privacy import Gate

PARTS = ("tune", "held")


def total(gate: Gate, parts: tuple[str, ...], *, written: bool) -> Score:
    scores = labelled_lines.score(gate, parts)
    return sum(
        (each for category, each in scores.items() if (category in WRITTEN) is written), Score()
    )


def test_the_set_is_large_and_half_of_it_are_look_alikes() -> None:
    kinds = Counter(line.kind for line in labelled_lines.lines())
    look_alikes = sum(count for kind, count in kinds.items() if kind.startswith("-"))
    assert kinds.total() >= 400
    assert look_alikes >= kinds.total() / 2
    assert all(kinds[kind] >= 12 for kind in CATEGORIES)
    assert all(bool(line.expected) != line.kind.startswith("-") for line in labelled_lines.lines())


def test_structured_data_is_found(gate: Gate) -> None:
    print(labelled_lines.table(labelled_lines.score(gate, PARTS)))  # noqa: T201  pytest -s shows it
    found = total(gate, PARTS, written=False)
    assert found.recall >= 0.98, found.misses


def test_names_and_addresses_are_found(gate: Gate) -> None:
    found = total(gate, PARTS, written=True)
    assert found.recall >= 0.90, found.misses


def test_what_is_found_is_personal(gate: Gate) -> None:
    everything = total(gate, PARTS, written=False) + total(gate, PARTS, written=True)
    assert everything.precision >= 0.97, everything.misses


@pytest.mark.parametrize(
    "line",
    [
        line
        for line in labelled_lines.lines(("tune", "held", "fresh", "bare", "third", "fourth"))
        if line.kind.startswith("-")
    ],
    ids=lambda line: f"{line.kind[1:]}-{line.text[:16]}",
)
def test_a_look_alike_passes(line: labelled_lines.Line, gate: Gate) -> None:
    assert gate.find(line.text) == ()


@pytest.mark.parametrize(
    ("part", "recall"), [("fresh", 0.94), ("bare", 0.90), ("third", 0.87), ("fourth", 0.93)]
)
def test_names_inside_sentences_are_found(part: str, recall: float, gate: Gate) -> None:
    written = total(gate, (part,), written=True)
    everything = written + total(gate, (part,), written=False)
    assert written.recall >= recall, written.misses
    assert everything.precision >= 0.97, everything.misses
