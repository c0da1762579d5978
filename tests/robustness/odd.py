"""What may stand in the place of a file or a folder, and belongs there never."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

Put = Callable[[Path], object]

HUNG = -9
LIMIT = 120.0
"""Seconds after which a run is taken to hang, and killed; it needs one or two."""


def full_folder(path: Path) -> None:
    (path / "inner").mkdir(parents=True)
    (path / "inner" / "file").write_text("?")


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


UNREAD: dict[str, Put] = {"FIFO": os.mkfifo, "dangling": dangling, "endless": endless}
"""What is neither a file nor a folder."""
