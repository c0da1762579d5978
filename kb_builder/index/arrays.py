"""Arrays in a file that says whether it is whole.

    kb-arrays-1 <SHA-256 of all that follows>
    {"version": …, "arrays": [[name, type, length] …]}
    <the arrays, one after the other>

The second line is JSON; types are as numpy writes them, numbers little-endian. A file that is damaged, foreign or of another
version counts as missing. Like the store of counts, this recognises damage, and can't protect from somebody who may write
here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kb_builder import caches, storage

Arrays: TypeAlias = Mapping[str, NDArray[Any]]

_MARK = b"kb-arrays-1 "
_MOST_FIRST = len(_MARK) + 2 * hashlib.sha256().digest_size + 1


def read(path: Path, version: str) -> Arrays:
    """The arrays of a file by name, each of one dimension; none where it is missing, damaged, foreign or of another version."""
    try:
        with storage.opened(path) as file:
            first = file.readline(_MOST_FIRST)
            start = file.tell()
            # The file is read twice: whole beside its arrays it would take as much room again.
            if first != _first_line(hashlib.file_digest(file, "sha256")):
                return {}
            file.seek(start)
            head = json.loads(file.readline())
            if head["version"] != version:
                return {}
            return {name: np.fromfile(file, type_, size) for name, type_, size in head["arrays"]}
    except OSError:
        return {}  # If the disk is ill, writing will say so.


def write(path: Path, version: str, arrays: Arrays) -> None:
    """Write arrays of one dimension, with their names. Raises KbError when the disk does not take them."""
    kept = {
        name: np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        for name, array in arrays.items()
    }
    sizes = [(name, array.dtype.str, len(array)) for name, array in kept.items()]
    head = json.dumps({"version": version, "arrays": sizes}).encode() + b"\n"
    parts: list[bytes | memoryview] = [head]
    parts += [array.view(np.uint8).data for array in kept.values()]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    caches.write(path, _first_line(digest), *parts)


def of_text(text: str) -> NDArray[np.uint8]:
    """A text as an array: its bytes in UTF-8."""
    return np.frombuffer(text.encode(), np.uint8)


def text_of(array: NDArray[np.uint8]) -> str:
    """The text that an array is made of."""
    return array.tobytes().decode()


def _first_line(digest: Any) -> bytes:
    return b"%s%s\n" % (_MARK, digest.hexdigest().encode())
