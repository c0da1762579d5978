"""Reads regular files only, and puts files and folders on the disk whole or not at all, one writer at a time.

What is written is synced before it takes its name, so that after a crash a name stands for the old
content or for the new one. A file system that swaps two folders in one step (Linux, macOS) does; on
another, a folder is missing for the moment between two renames, and the next run puts it back.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import io
import os
import shutil
import stat
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from kb_builder.diagnostics import BusyError, KbError

T = TypeVar("T")

_AT_FDCWD = -100
_EXCHANGE = 2
"""RENAME_EXCHANGE of Linux's renameat2(2), and RENAME_SWAP of macOS' renamex_np(2)."""


_ODD = "不是普通文件，不读取"
_PIECE = 1024 * 1024


class OddFileError(OSError):
    """Something else than a regular file has the name: a folder, a link, a FIFO, a device; `strerror` says so in Chinese."""


def read(path: Path | str, limit: int | None = None) -> bytes:
    """The bytes of a regular file, one more than the limit at most. No link is followed, and no FIFO waited for.

    Raises OddFileError, or another OSError when it can't be read.
    """
    most = sys.maxsize if limit is None else limit + 1
    handle = _handle(path)
    try:
        # A file object costs more than the reading of a page.
        data = os.read(handle, min(os.fstat(handle).st_size + 1, most))
        while len(data) < most and (more := os.read(handle, min(_PIECE, most - len(data)))):
            data += more
        return data
    finally:
        os.close(handle)


def opened(path: Path) -> io.BufferedReader:
    """A regular file, open to be read. Raises what `read` raises."""
    return os.fdopen(_handle(path), "rb")


def _handle(path: Path | str) -> int:
    try:
        # O_NONBLOCK: opening a FIFO must not wait for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if Path(path).is_symlink():
            raise OddFileError(error.errno, "是符号链接，不读取", str(path)) from None
        if error.errno == errno.ENXIO:  # a socket
            raise OddFileError(error.errno, _ODD, str(path)) from None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OddFileError(errno.EINVAL, _ODD, str(path))
    return handle


def write(path: Path, *data: bytes | memoryview) -> None:
    """Write a file whole, of pieces that follow each other: whoever reads it meanwhile, or after a crash, has the old or the new one.

    Makes its folder. Raises KbError when it can't be written; the old file is then untouched.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            # Made anew: what has the name may be a link or a FIFO.
            temporary.unlink(missing_ok=True)
            with temporary.open("xb") as file:
                file.writelines(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _clear(path)
        sync(path.parent)


def _clear(path: Path) -> None:
    """Remove what killed writers of `path` left beside it."""
    for name in os.listdir(path.parent):  # noqa: PTH208  names are all it needs
        if name.startswith(f".{path.name}.") and name.endswith(".tmp"):
            writer = name.removeprefix(f".{path.name}.").removesuffix(".tmp")
            if writer.isdecimal() and not _runs(int(writer)):
                (path.parent / name).unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


@contextmanager
def locked(path: Path, busy: str) -> Iterator[None]:
    """Hold the lock file `path` meanwhile, and leave none behind.

    Raises BusyError with the text `busy` if another process holds it. The lock ends with its process,
    however that ends: the file a killed one leaves means nothing, and the next holder removes it.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = _acquire(path, busy)
    try:
        yield
    finally:
        # Removed while it is held: who opened it meanwhile finds that it has no name any more.
        path.unlink(missing_ok=True)
        os.close(handle)


def _acquire(path: Path, busy: str) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_named(handle, path):
                return handle
        except BlockingIOError:
            os.close(handle)
            raise BusyError(busy) from None
        except BaseException:
            os.close(handle)
            raise
        # The holder before us removed it between our opening and our locking: try the new one.
        os.close(handle)


def _is_named(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


def replace_folder(
    target: Path,
    fill: Callable[[Path], T],
    *,
    spare: Path | None = None,
    held: Collection[str] = (),
) -> T:
    """Let `fill` write a new folder, then put it in the place of `target` as a whole.

    `fill` gets an empty folder beside the target. If it raises, the target is untouched and nothing
    stays beside it. The caller holds a lock: what an earlier run left beside the target is removed.

    With `spare`, the folder that was replaced is kept there, and `fill` gets it the next time instead of an empty
    one: to make tens of thousands of folders and links anew, and to remove them, takes seconds. A file in it may
    have a second name in `target`: `fill` must put another in its place, and never write into it. `held` are the
    paths of files that the folder must hold to be used; one with something else than folders and files isn't.
    """
    recover(target)
    fresh, old = _beside(target, "new"), _beside(target, "old")
    try:
        fresh.parent.mkdir(parents=True, exist_ok=True)
        if spare is None or not (_holds(spare, held) and _moved(spare, fresh)):
            fresh.mkdir()
        outcome = fill(fresh)
        sync_tree(fresh)
        if target.exists():
            _swap(fresh, target)
        else:
            fresh.rename(target)
        sync(target.parent)
        if spare is not None:
            _moved(old if old.exists() else fresh, spare)
    finally:
        remove(fresh)
        remove(old)
    return outcome


def empty(folder: Path) -> None:
    """Remove everything in a folder, but not the folder."""
    remove(folder)
    folder.mkdir()


def recover(target: Path) -> None:
    """Clear away what a killed `replace_folder` left; if it had moved the target, put it back."""
    old = _beside(target, "old")
    if old.exists() and not target.exists():
        old.rename(target)
    remove(old)
    remove(_beside(target, "new"))


def differing(folder: Path, digests: Mapping[str, str]) -> tuple[list[str], str]:
    """The paths below `folder`, in order, whose files aren't what they should be: of another content, missing,
    or not meant to be there; and the `listing` of the folder. `digests` are SHA-256 in hex by path, with forward slashes.
    """
    wrong = []
    right = 0
    listed = hashlib.sha256()
    for path, _ in _files(str(folder)):
        digest, status = _inspect(f"{folder}/{path}")
        listed.update(_line(path, status))
        if digest and digests.get(path) == digest:
            right += 1
        else:
            wrong.append(path)
    if right < len(digests):
        wrong += digests.keys() - {path for path, _ in _files(str(folder))}
    return sorted(wrong), listed.hexdigest()


def listing(folder: Path) -> str:
    """Changes when a file below `folder` gets another name, size or time; empty when there is no folder."""
    if not folder.is_dir():
        return ""
    listed = hashlib.sha256()
    for path, entry in _files(str(folder)):
        listed.update(_line(path, entry.stat(follow_symlinks=False)))
    return listed.hexdigest()


def _line(path: str, status: os.stat_result) -> bytes:
    return f"{path}\0{status.st_size} {status.st_mtime_ns}\n".encode(errors="surrogateescape")


def _files(folder: str, inner: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """All that is no folder, with its path, always in the same order."""
    # Without `Path` and `os.walk`: there are tens of thousands.
    with os.scandir(f"{folder}/{inner}") as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(folder, f"{inner}{entry.name}/")
        else:
            yield f"{inner}{entry.name}", entry


def _inspect(path: str) -> tuple[str, os.stat_result]:
    """SHA-256 of a regular file in hex, empty of anything else; and its size and time."""
    # Without a buffer, which would take as long as the reading.
    try:
        handle = _handle(path)
    except OddFileError:
        return "", os.lstat(path)
    try:
        status = os.fstat(handle)
        digest = hashlib.sha256()
        while data := os.read(handle, status.st_size + 1):
            digest.update(data)
        return digest.hexdigest(), status
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Wait until everything below `folder` is on the disk.

    Linux syncs a whole file system in one call: thousands of pages one by one take minutes.
    """
    library = ctypes.CDLL(None, use_errno=True)
    if hasattr(library, "syncfs"):
        handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if library.syncfs(handle):
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number), str(folder))
        finally:
            os.close(handle)
        return
    for name, _, files in os.walk(folder, topdown=False):
        for file in files:
            sync(Path(name, file))
        sync(Path(name))


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the operating system says about `path` into a KbError."""
    try:
        yield
    except OSError as error:
        raise KbError(f"写不了 {path}：{error.strerror or error}") from error


def _swap(fresh: Path, target: Path) -> None:
    """Exchange two folders; in one step where the system can."""
    if _exchange(fresh, target):
        return
    old = _beside(target, "old")
    target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        old.rename(target)
        raise


def _exchange(one: Path, other: Path) -> bool:
    """Whether the system exchanged two names in one step; false when it has no way to."""
    names = os.fsencode(one), os.fsencode(other)
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(*names, _EXCHANGE)
    elif hasattr(library, "renameat2"):
        failed = library.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE)
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):  # not on this file system
        return False
    raise OSError(number, os.strerror(number), str(other))


def _holds(folder: Path, files: Collection[str]) -> bool:
    """Whether a folder is there that holds these files, and nothing through which we would write elsewhere, or wait."""
    if not is_folder(folder):
        return False
    found = set()
    for path, entry in _files(str(folder)):
        if not entry.is_file(follow_symlinks=False):
            return False
        found.add(path)
    return found.issuperset(files)


def _moved(source: Path, target: Path) -> bool:
    """Whether a folder is now where another may have been; false when it isn't there, or on another disk."""
    if not is_folder(source):
        return False
    remove(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    return True


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f".{target.name}.{what}")


def remove(path: Path) -> None:
    """Remove whatever has a name, if anything has: a folder with all that is in it, of a link only the link."""
    if is_folder(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink(missing_ok=True)


def is_folder(path: Path) -> bool:
    """Whether a name is that of a folder, and not of a link to one."""
    return path.is_dir() and not path.is_symlink()
