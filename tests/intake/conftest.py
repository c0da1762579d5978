"""Tables and an empty base to import into."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parent.parent.parent


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """An empty base with the repository's own settings."""
    root = tmp_path / "base"
    (root / "cases").mkdir(parents=True)
    shutil.copytree(REPOSITORY / "site_config", root / "site_config")
    return root


WriteCsv = Callable[..., Path]


@pytest.fixture
def write_csv(tmp_path: Path) -> WriteCsv:
    """Writes rows as a .csv file and gives its path."""

    def write(rows: Iterable[Sequence[Any]], encoding: str = "utf-8", name: str = "表.csv") -> Path:
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        path = tmp_path / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write
