"""The counts of documents, kept from run to run, so that a document is analysed once.

    <folder>/00 … ff              the entries whose key begins with these two digits

A file is the SHA-256 of what follows, a line break, the version of the analysis, and a line for each entry: its key,
a space and the counts as JSON. A key is a digest of a document's texts and weights, so an entry is never
out of date, only unused. A file that is damaged, foreign or of another version counts as missing, and what
was in it is analysed anew. A file is replaced in one step; two writers at a time lose at most work.
Like the index, this recognises damage, and can't protect from somebody who may write here.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from types import TracebackType

from kb_builder import caches, storage
from kb_builder.analysis.analyzer import Analyzer
from kb_builder.diagnostics import BusyError, KbError
from kb_builder.index import workers
from kb_builder.index.counted import Counted, count_entry
from kb_builder.index.entry import Entry

_FORMAT = 2
# A file of a small base may hold so many entries before those nobody asks for are forgotten.
_SLACK = 16
MANY = 300
"""From so many new documents on, a process that must first load the dictionary saves time."""

Count = Callable[[Iterable[Entry]], Iterator[Counted]]
"""Gives the counts of documents in their order, from wherever they are."""


class CountStore:
    """Counts of documents in a folder, as a context manager: what is new is written at its end.

    `complete` says that all documents will be asked for: entries of others are forgotten. Else they are
    forgotten only where a file has grown to more than twice what `documents` documents need.
    An error or interruption writes nothing, and neither does a run beside another that is writing.
    """

    def __init__(
        self, folder: Path, analyzer: Analyzer, *, documents: int, complete: bool = False
    ) -> None:
        self._folder = folder
        self._analyzer = analyzer
        self.complete = complete
        """Whether all documents will be asked for."""
        self._room = 2 * documents // 256 + _SLACK
        self.version = f"{_FORMAT} {analyzer.version} {_program()}"
        """Changes whenever the same texts may have other counts."""
        self._shelves: dict[str, dict[str, bytes]] = {}
        self._asked: dict[str, set[str]] = {}
        self._changed: set[str] = set()
        self._running: list[Generator[bytes, None, None]] = []

    def count(self, entries: Iterable[Entry]) -> Iterator[Counted]:
        """The counts of documents in their order, analysed if nobody has before."""
        asked = [(key_of(entry), entry) for entry in entries]
        new = {key: entry for key, entry in asked if key not in self._shelf(key)}
        analysed = self._analyse([*new.values()])
        self._running.append(analysed)
        for key, entry in asked:
            shelf = self._shelf(key)
            counted = Counted.decode(shelf.get(key, b""))
            if counted is None:
                # A shelf may hold something else, signed, in the place of counts.
                shelf[key] = next(analysed) if key in new else self._analyse_one(entry)
                counted = Counted.decode(shelf[key])
                assert counted is not None
                self._changed.add(key[:2])
            self._asked.setdefault(key[:2], set()).add(key)
            yield counted

    def _shelf(self, key: str) -> dict[str, bytes]:
        shelf = self._shelves.get(key[:2])
        if shelf is None:
            shelf = self._shelves[key[:2]] = _read(self._folder / key[:2], self.version)
        return shelf

    def _analyse(self, entries: Sequence[Entry]) -> Generator[bytes, None, None]:
        """The counts of new documents as bytes: many of them by other processes."""
        done = 0
        if len(entries) >= MANY and (count := workers.processes()):
            for counted in workers.each(self._analyse_one, entries, count):
                done += 1
                yield counted
        yield from map(self._analyse_one, entries[done:])

    def _analyse_one(self, entry: Entry) -> bytes:
        return count_entry(entry, self._analyzer).encode()

    def __enter__(self) -> CountStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what has changed; raises `KbError` when the disk does not take it."""
        for analysed in self._running:
            analysed.close()
        if kind is not None:
            return
        try:
            with caches.locked(self._folder / "lock", ""):
                self._write()
        except BusyError:
            return
        except OSError as problem:
            raise KbError(
                f"分析结果写不进 {self._folder}：{problem.strerror or problem}"
            ) from problem

    def _write(self) -> None:
        for name, shelf in sorted(self._shelves.items()):
            kept = self._kept(name, shelf)
            if name in self._changed or len(kept) < len(shelf):
                _replace(self._folder / name, self.version, kept)
        for path in self._folder.iterdir():
            # What nobody asked for, what a killed run left, and what is no file.
            unused = self.complete and path.name not in self._shelves and path.name != "lock"
            if unused or path.suffix == ".new" or path.is_symlink() or not path.is_file():
                storage.remove(path)

    def _kept(self, name: str, shelf: dict[str, bytes]) -> dict[str, bytes]:
        if self.complete or len(shelf) > self._room:
            return {key: shelf[key] for key in self._asked.get(name, ())}
        return shelf


def key_of(entry: Entry) -> str:
    """What the counts of a document are kept under: a digest of its texts and their weights, in hex."""
    digest = hashlib.sha256()
    for _, weight, text in entry.texts:
        content = text.encode("utf-8", "surrogatepass")
        digest.update(b"%d %d " % (weight, len(content)))
        digest.update(content)
    return digest.hexdigest()


@cache
def _program() -> str:
    """A digest of all that the counts depend on besides texts and dictionary: our code, the libraries
    and their data, and the Unicode tables of this Python."""
    digest = hashlib.sha256(unicodedata.unidata_version.encode())
    for name in ("jieba", "opencc"):
        digest.update(f"{name} {metadata.version(name)}".encode())
    sources = [resources.files("kb_builder.analysis"), resources.files("kb_builder.index")]
    wanted = {"analyzer.py", "folding.py", "segmenter.py", "counted.py"}
    for item in sorted((i for s in sources for i in s.iterdir() if i.name in wanted), key=str):
        digest.update(item.read_bytes())
    return digest.hexdigest()[:16]


def _read(path: Path, version: str) -> dict[str, bytes]:
    """The entries of a file; none when it is missing, damaged, foreign or of another version."""
    checksum, _, body = (caches.read(path) or b"").partition(b"\n")
    found, *lines = body.split(b"\n")
    if checksum != _hash(body) or found != version.encode():
        return {}
    pairs = (line.partition(b" ") for line in lines)
    return {key.decode("ascii", "replace"): counted for key, _, counted in pairs}


def _replace(path: Path, version: str, entries: dict[str, bytes]) -> None:
    lines = (b"%s %s" % (key.encode(), counted) for key, counted in sorted(entries.items()))
    body = b"\n".join([version.encode(), *lines])
    fresh = path.with_suffix(".new")
    caches.make_way(path)
    storage.remove(fresh)
    try:
        with fresh.open("xb") as file:
            file.write(_hash(body) + b"\n" + body)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _hash(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
