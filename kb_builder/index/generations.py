"""How the index lies on the disk, and how a new one takes the place of the old.

    <directory>/lock              held by the one who writes
    <directory>/current.json      the manifest: which generation counts, and what is in it
    <directory>/gen-000001/       a Whoosh index and documents.json; never changed once published

A new generation is a directory of its own (unchanged files are hard links) and counts when
current.json is replaced, in one step. Whoever is killed leaves the old one in force. A Whoosh index
is full of pickles, and opening a pickle runs what it says: nothing is opened whose bytes don't
have the hash in the manifest. That recognises damage and foreign files; it can't protect from somebody
who may write to the directory and rewrites the manifest as well.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TypeVar

from kb_builder import caches, storage
from kb_builder.diagnostics import KbError
from kb_builder.index import documents

T = TypeVar("T")

# Raise it whenever the files mean something else; an index of another format is made anew.
FORMAT = 1

_MANIFEST = "current.json"
_NAME = re.compile(r"gen-(\d{6,})")


class NoIndexError(KbError):
    """There is no index that can be used: none, damaged, or made by another version."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in the generation that counts.

    `files` has the SHA-256 of every file, `digests` the content digest of every document by id;
    `analysis` and `engine` are the versions of the analyzer and of Whoosh that made it.
    """

    generation: str
    analysis: str
    engine: str
    files: Mapping[str, str]
    digests: Mapping[str, str]


def engine_version() -> str:
    """Which Whoosh is installed; asked without importing it."""
    for name in ("Whoosh3", "Whoosh"):
        try:
            return f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            continue
    return "Whoosh"


def read(directory: Path) -> Manifest:
    """The manifest, its own hash and versions checked, and the files compared with it.

    Raises `NoIndexError`.
    """
    return load(directory, lambda manifest: manifest)


def is_whole(directory: Path) -> bool:
    """Whether there is an index that can be used: neither missing nor damaged nor of another version."""
    try:
        read(directory)
    except NoIndexError:
        return False
    return True


def load(directory: Path, open_files: Callable[[Manifest], T]) -> T:
    """What `open_files` makes of the generation that counts, once its files are found to be whole.

    No writer removes the files meanwhile. Whoever was overtaken by two writers before that finds them gone,
    and begins again with the new ones. Raises `NoIndexError`.
    """
    while True:
        manifest = _manifest(directory)
        folder = directory / manifest.generation
        try:
            with _held(folder):
                if not {*_names(folder)} <= manifest.files.keys():
                    raise _damaged(directory)
                for name, expected in manifest.files.items():
                    if hash_file(folder / name) != expected:
                        raise _damaged(directory)
                return open_files(manifest)
        except (NoIndexError, FileNotFoundError, NotADirectoryError) as error:
            if _manifest(directory).generation == manifest.generation:
                raise error if isinstance(error, NoIndexError) else _damaged(directory) from None


def _names(folder: Path) -> Iterator[str]:
    """What is in a generation: Whoosh opens the file whose number is the highest, be it in the manifest or not."""
    return (path.name for path in folder.iterdir() if not path.name.startswith("."))


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep writers from removing a generation."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def _remove_unread(folder: Path) -> None:
    """Remove a generation, unless somebody is opening it; then the next writer does. What has only the name of one goes too."""
    if not storage.is_folder(folder):
        storage.remove(folder)
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        pass
    finally:
        os.close(handle)


def _manifest(directory: Path) -> Manifest:
    try:
        text = storage.read(directory / _MANIFEST).decode()
    except FileNotFoundError:
        raise NoIndexError(f"{directory} 中还没有索引，请运行 kb index") from None
    except (OSError, UnicodeDecodeError):
        raise _damaged(directory) from None
    checksum, _, body = text.partition("\n")
    if checksum != _hash(body.encode()):
        raise _damaged(directory)
    content = json.loads(body)
    if content.pop("format", None) != FORMAT or content["engine"] != engine_version():
        raise NoIndexError(f"{directory} 中的索引是另一个版本做的，请运行 kb index")
    return Manifest(**content)


def publish(directory: Path, manifest: Manifest) -> None:
    """Make `manifest` the one that counts, then remove what nobody needs any more.

    The generation before stays for readers who are opening it.
    """
    try:
        keep = {manifest.generation, read(directory).generation}
    except NoIndexError:
        keep = {manifest.generation}
    body = json.dumps(
        {"format": FORMAT, **asdict(manifest)}, ensure_ascii=True, sort_keys=True, indent=0
    )
    folder = directory / manifest.generation
    for path in [*(folder / name for name in manifest.files), folder]:
        storage.sync(path)
    caches.write(directory / _MANIFEST, f"{_hash(body.encode())}\n{body}".encode())
    for path in directory.iterdir():
        if _NAME.fullmatch(path.name) and path.name not in keep:
            _remove_unread(path)


def new_generation(directory: Path, previous: Manifest | None) -> Path:
    """An empty directory for the next generation, or one with the files of `previous`."""
    numbers = [int(m[1]) for path in directory.iterdir() if (m := _NAME.fullmatch(path.name))]
    folder = directory / f"gen-{max(numbers, default=0) + 1:06}"
    folder.mkdir()
    if previous is not None:
        try:
            for name in previous.files:
                if name != documents.NAME:
                    _link(directory / previous.generation / name, folder / name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return folder


def discard(directory: Path, folder: Path) -> None:
    """Remove a generation that was not finished; one that counts already stays."""
    try:
        counts = read(directory).generation == folder.name
    except NoIndexError:
        counts = False
    if not counts:
        shutil.rmtree(folder, ignore_errors=True)


def locked(directory: Path) -> AbstractContextManager[None]:
    """Be the only writer; raises `BusyError` if somebody else is. A killed writer leaves no lock."""
    return caches.locked(
        directory / "lock", f"另一个 kb index 正在写 {directory}，请等它结束后再运行"
    )


def hash_file(path: Path) -> str:
    """SHA-256 of a file in hex; empty when it can't be read."""
    try:
        with storage.opened(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _damaged(directory: Path) -> NoIndexError:
    return NoIndexError(f"{directory} 中的索引已损坏，请运行 kb index 重建")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # A file system without hard links.
        shutil.copyfile(source, target)
