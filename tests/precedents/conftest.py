"""What several tests of this folder need."""

from __future__ import annotations

import pytest
from known import Known

from kb_builder.model.settings import Settings


@pytest.fixture(scope="session")
def known(settings: Settings) -> Known:
    """What the cues of this repository know of a text."""
    return Known(settings)
