"""Reading a content file: a regular one only, and no more of it than counts."""

from __future__ import annotations

from pathlib import Path

from kb_builder import storage
from kb_builder.diagnostics import Finding, Span
from kb_builder.model import front_matter
from kb_builder.model.front_matter import Fault


def read_regular(path: Path | str, limit: int = front_matter.MAX_BYTES) -> bytes | str:
    """The bytes of a regular file, one more than the limit at most; or why it isn't read, in Chinese."""
    try:
        return storage.read(path, limit)
    except storage.OddFileError as error:
        return str(error.strerror)
    except OSError as error:
        return f"读不了：{error.strerror}"


def unread(why: str) -> Fault:
    """The fault of a file that isn't read."""
    return Fault("unsafe-file", Finding(Span(1, 1), why, "换成普通文件"))
