"""The counts of documents, kept from run to run, so that a document is analysed once.

    <folder>/00 … ff              the entries whose key begins with these two digits

A file is the SHA-256 of what follows, a line break, and JSON: the version of the analysis, and
key → counts. A key is a digest of a document's texts and weights, so an entry is never
out of date, only unused. A file that is damaged, foreign or of another version counts as missing, and what
was in it is analysed anew. A file is replaced in one step; two writers at a time lose at most work.
Like the index, this recognises damage, and can't protect from somebody who may write here.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from types import TracebackType

from kb_builder.analysis.analyzer import Analyzer
from kb_builder.diagnostics import KbError
from kb_builder.index.counted import Counted, count_entry
from kb_builder.index.entry import Entry

_FORMAT = 1
# A file of a small base may hold so many entries before those nobody asks for are forgotten.
_SLACK = 16

Count = Callable[[Entry], Counted]
"""Gives the counts of a document, from wherever they are."""


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
        self._complete = complete
        self._room = 2 * documents // 256 + _SLACK
        self._version = f"{_FORMAT} {analyzer.version} {_program()}"
        self._shelves: dict[str, dict[str, object]] = {}
        self._asked: dict[str, set[str]] = {}
        self._changed: set[str] = set()

    def count(self, entry: Entry) -> Counted:
        """The counts of a document, analysed if nobody has before."""
        key = _key(entry)
        name = key[:2]
        shelf = self._shelves.get(name)
        if shelf is None:
            shelf = self._shelves[name] = _read(self._folder / name, self._version)
        self._asked.setdefault(name, set()).add(key)
        counted = Counted.parse(shelf.get(key))
        if counted is None:
            counted = count_entry(entry, self._analyzer)
            shelf[key] = counted.groups
            self._changed.add(name)
        return counted

    def __enter__(self) -> CountStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what has changed; raises `KbError` when the disk does not take it."""
        if kind is not None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / "lock").open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
                self._write()
        except OSError as problem:
            raise KbError(
                f"分析结果写不进 {self._folder}：{problem.strerror or problem}"
            ) from problem

    def _write(self) -> None:
        for name, shelf in sorted(self._shelves.items()):
            kept = self._kept(name, shelf)
            if name in self._changed or len(kept) < len(shelf):
                _replace(self._folder / name, self._version, kept)
        for path in self._folder.iterdir():
            # What nobody asked for, and what a killed run left.
            unused = self._complete and path.name not in self._shelves and path.name != "lock"
            if unused or path.suffix == ".new":
                path.unlink()

    def _kept(self, name: str, shelf: dict[str, object]) -> dict[str, object]:
        if self._complete or len(shelf) > self._room:
            return {key: shelf[key] for key in sorted(self._asked[name])}
        return shelf


def _key(entry: Entry) -> str:
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


def _read(path: Path, version: str) -> dict[str, object]:
    """The entries of a file; none when it is missing, damaged, foreign or of another version."""
    try:
        checksum, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return {}  # If the disk is ill, writing will say so.
    if checksum != _hash(body):
        return {}
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    match content:
        case {"version": str(found), "entries": dict(entries)} if found == version:
            return entries
    return {}


def _replace(path: Path, version: str, entries: dict[str, object]) -> None:
    content = {"version": version, "entries": entries}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    fresh = path.with_suffix(".new")
    try:
        fresh.write_bytes(_hash(body) + b"\n" + body)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _hash(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
