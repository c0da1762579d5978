"""Copies of a site's files that a web server can send as they are to browsers that take gzip."""

from __future__ import annotations

import gzip
from pathlib import Path

SUFFIX = ".gz"

# Shards (.bin) and pictures are compressed already.
_TEXT = frozenset({".css", ".csv", ".html", ".js", ".json", ".svg", ".txt", ".xml"})

_LEAST = 1024
"""Below this many bytes a file fits into the packets that its headers travel in."""


def compress(folder: Path) -> int:
    """Write a `.gz` beside every file that becomes smaller by it; returns how many.

    The same file gives the same copy: neither its name nor a time is in there.
    """
    count = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix not in _TEXT or path.is_symlink() or not path.is_file():
            continue
        data = path.read_bytes()
        packed = gzip.compress(data, mtime=0) if len(data) >= _LEAST else data
        if len(packed) < len(data):
            path.with_name(path.name + SUFFIX).write_bytes(packed)
            count += 1
    return count
