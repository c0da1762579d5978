"""Reading the file of searches in vain that a user names: a pipe will do, and no more is read than such a file has."""

from __future__ import annotations

from pathlib import Path

from kb_builder.diagnostics import KbError
from kb_builder.insight.missed import Missed, read

_LARGEST = 1_000_000


def read_missed(path: Path) -> tuple[Missed, ...]:
    """The exported searches in a file, the most frequent first. Raises KbError when it is something else."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise KbError(f"读不了 {path}：{error.strerror}") from error
    if len(content) > _LARGEST:
        raise KbError(f"{path}: 超过 1 MB，不像是搜索页导出的 kb-search-missed.json")
    try:
        return read(content.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise KbError(f"{path}: 不是搜索页导出的 kb-search-missed.json") from error
