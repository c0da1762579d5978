"""The examples in the docstrings of what reports are made with."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "insight.tables",
        "insight.durations",
        "insight.effect",
        "insight.days",
        "insight.months",
        "insight.rising",
        "cli.stats",
    ],
)
def test_examples(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"kb_builder.{name}"))
    assert outcome.attempted
    assert not outcome.failed
