"""What the program keeps in the state folder of a base and can make anew: caches, records, the index.

Anything may have been put there. What isn't of the right kind, such as a folder where a file belongs, or a FIFO, a device or a
link anywhere, counts as missing, and is removed when what belongs there is made. Nothing outside of the state folder is
ever removed; nor is anything in it where it is a link itself, for that may lead anywhere.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from kb_builder import storage

STATE = ".kb"
"""Where index and caches live; never published, never in git."""


def read(path: Path) -> bytes | None:
    """What a file holds; None where there is none that can be read."""
    try:
        return storage.read(path)
    except OSError:
        return None  # If the disk is ill, writing will say so.


def write(path: Path, *data: bytes | memoryview) -> None:
    """Write a file as `storage.write` does, in the place of whatever is there. Raises KbError when it can't be written."""
    make_way(path)
    storage.write(path, *data)


def locked(path: Path, busy: str) -> AbstractContextManager[None]:
    """Hold a lock as `storage.locked` does, in the place of whatever is there. Raises what that raises."""
    make_way(path)
    return storage.locked(path, busy)


def make_way(path: Path) -> None:
    """Make the folder of a file, and remove from the file's place what is none. Raises KbError when that can't be done."""
    make_folder(path.parent)
    with storage.explained(path):
        _clear([*_below_state(path)][-1:], stat.S_ISREG)


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it is in, in the place of whatever is there. Raises KbError when that can't be done."""
    with storage.explained(folder):
        _clear(_below_state(folder), stat.S_ISDIR)
        folder.mkdir(parents=True, exist_ok=True)


def _below_state(path: Path) -> Iterator[Path]:
    """A path in a state folder, with the folders between before it, outermost first; nothing of any other path."""
    names = path.parts
    if STATE not in names:
        return
    depth = len(names) - names[::-1].index(STATE)
    if not Path(*names[:depth]).is_symlink():
        yield from (Path(*names[:end]) for end in range(depth + 1, len(names) + 1))


def _clear(paths: Iterable[Path], is_right: Callable[[int], bool]) -> None:
    """Remove those that are there and not of the right kind."""
    for path in paths:
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            return
        if not is_right(mode):
            storage.remove(path)
