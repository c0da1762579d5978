"""Looking for files below a folder, however deep."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from kb_builder.diagnostics import KbError


def paths_below(root: Path, folder: str, is_wanted: Callable[[str], bool]) -> list[str]:
    """The paths, relative to `root`, of the files below a folder whose names are wanted, in code point order.

    Names that begin with a dot are left out, and links to folders are not followed. Raises KbError when a folder
    can't be read.
    """
    paths = []
    # Not by recursion: folders may be nested deeper than Python's stack.
    folders = [f"{folder}/"]
    while folders:
        prefix = folders.pop()
        try:
            with os.scandir(root / prefix) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(f"{prefix}{entry.name}/")
                    elif is_wanted(entry.name):
                        paths.append(prefix + entry.name)
        except OSError as error:
            raise KbError(f"读不了文件夹 {prefix}：{error.strerror}") from error
    return sorted(paths)
