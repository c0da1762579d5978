"""Puts files into a base: each whole or not at all, and never over one that is there."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb_builder.diagnostics import KbError


def create(path: Path, data: bytes) -> None:
    """Write a new file, making its folder. Raises FileExistsError, and writes nothing, if it is
    there already, even when another program made it a moment ago.
    """
    _make_folder(path.parent)
    with _explained(path), _beside(path, data) as whole:
        try:
            os.link(whole, path)
        except FileExistsError:
            raise
        except OSError:
            # A file system without hard links: exclusive, though not whole for a moment.
            _write_new(path, data)


def replace(path: Path, data: bytes, digest: str) -> bool:
    """Replace a file whose content has the SHA-256 `digest`; False, and nothing written, if it
    has changed.
    """
    with _explained(path), _beside(path, data) as whole:
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            return False
        shutil.copymode(path, whole)
        whole.replace(path)
    return True


@contextmanager
def only_one(path: Path, busy: str) -> Iterator[None]:
    """Hold the lock file `path` meanwhile. Raises KbError with the text `busy` if another does."""
    _make_folder(path.parent)
    with _explained(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise KbError(busy) from error
        yield
    finally:
        os.close(handle)


@contextmanager
def _beside(path: Path, data: bytes) -> Iterator[Path]:
    """A file with the data next to `path`, for the time of the block; the loader skips it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _write_new(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        try:
            file.write(data)
        except BaseException:
            with contextlib.suppress(OSError):
                path.unlink()
            raise


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KbError(f"建不了文件夹 {folder}：{error.strerror}") from error


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        raise KbError(f"写不了 {path}：{error.strerror}") from error
