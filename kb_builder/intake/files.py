"""Puts files into a base: each whole or not at all, and never over one that is there."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb_builder import storage
from kb_builder.diagnostics import KbError

_LEFT = ".kb-intake-"
"""How the names of temporary files begin, so that what a killed run left can be told from others'."""


def create(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a new file, making its folder. Raises FileExistsError, and writes nothing, if it is
    there already, even when another program made it a moment ago. `mode` is what the umask may
    still lessen.
    """
    _make_folder(path.parent)
    with _explained(path), _beside(path, data, mode) as whole:
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
        if hashlib.sha256(storage.read(path)).hexdigest() != digest:
            return False
        shutil.copymode(path, whole)
        whole.replace(path)
    return True


def sweep(folder: Path) -> None:
    """Remove the temporary files that killed runs left below `folder`."""
    with _explained(folder):
        for path in sorted(folder.rglob(f"{_LEFT}*.tmp")):
            number = path.name.split(".")[-2]
            if not (number.isdecimal() and _is_running(int(number))):
                path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _beside(path: Path, data: bytes, mode: int = 0o666) -> Iterator[Path]:
    """A file with the data next to `path`, for the time of the block; the loader skips it."""
    temporary = path.with_name(f"{_LEFT}{path.name}.{os.getpid()}.tmp")
    try:
        # What a killed process of the same number left must not lend its mode.
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
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
