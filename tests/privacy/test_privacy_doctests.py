"""The examples in docstrings of the privacy package."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["checks", "gate", "names"])
def test_privacy_examples(name: str) -> None:
    module = importlib.import_module(f"kb_builder.privacy.{name}")
    assert doctest.testmod(module).attempted
    assert doctest.testmod(module).failed == 0
