"""The gate with this repository's settings."""

from __future__ import annotations

import pytest

from kb_builder.model.settings import Settings
from kb_builder.privacy import Gate
from kb_builder.rules.personal import gate_of


@pytest.fixture(scope="session")
def gate(settings: Settings) -> Gate:
    return gate_of(settings)
