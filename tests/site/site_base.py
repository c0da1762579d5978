"""Documents for small bases, and ways to look at the sites built from them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

TODAY = datetime.date(2026, 11, 22)

MKDOCS = "site_name: 测试库\ndocs_dir: cases\nplugins: [kb]\n"

MakeBase = Callable[..., Path]
BuildSite = Callable[..., Path]


def write(root: Path, path: str, text: str) -> None:
    """Write one file of a base."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def read(folder: Path, address: str) -> str:
    """The HTML of a page."""
    return (folder / address / "index.html").read_text(encoding="utf-8")
