"""The examples in docstrings."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = [
    "diagnostics",
    "reporters.people",
    "model.corpus",
    "model.dates",
    "model.people",
    "model.plain",
    "model.prose",
    "model.schema",
    "model.sections",
    "model.taxonomy",
    "rules",
    "rules.kb602_full_width_digit",
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = importlib.import_module(f"kb_builder.{name}")
    assert doctest.testmod(module).failed == 0
