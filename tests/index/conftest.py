from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from index_base import Base

# The first call of a test loads jieba's dictionary, and others wait for the disk.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path / "index")


@pytest.fixture
def make_base(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Base]:
    return lambda: Base(tmp_path_factory.mktemp("base") / "index")
