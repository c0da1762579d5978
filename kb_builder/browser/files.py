"""How the files of an index are named, checked and written."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kb_builder.ranking import steady

FORMAT = 2
"""Raise it whenever a byte means something else; the client says so when it meets another."""

ENTRY = "entry.json"
DISK_ENTRY = "entry.js"
_DIGITS = 12
# About so many bytes of shards are put into one script, for pages opened from a disk.
_PACK = 48_000


@dataclass(frozen=True, slots=True)
class ShardSet:
    """Shards of one sort; they are named `name`-`digest`/0.bin, 1.bin …

    Where a shard has several files, these are 0-0.bin, 0-1.bin … `pack` shards are in one script on the disk.
    """

    name: str
    digest: str
    count: int
    pack: int

    def path(self, number: int, part: int | None = None) -> str:
        """Where a shard is, or one of its files, relative to the folder of the index."""
        name = number if part is None else f"{number}-{part}"
        return f"{self.name}-{self.digest}/{name}.bin"


@dataclass(slots=True)
class Output:
    """The bytes of an index, before any is written: path → content.

    `layout` stands for all that the shards of a document or a key depend on besides the documents that
    they tell of: see FORMAT.md.
    """

    layout: str
    files: dict[str, bytes] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    """How many bytes a web server sends, by sort."""

    def add(self, name: str, shards: Sequence[bytes]) -> ShardSet:
        """Take the shards of a sort, whose names change when any of them does."""
        digest = hashlib.sha256()
        for shard in shards:
            digest.update(len(shard).to_bytes(8, "big"))
            digest.update(shard)
        return self._add(name, digest.hexdigest()[:_DIGITS], [[(None, shard)] for shard in shards])

    def add_lasting(self, name: str, shards: Sequence[bytes]) -> ShardSet:
        """Take the shards of a sort, whose names only change with the layout."""
        return self._add(name, self.layout, [[(None, shard)] for shard in shards])

    def add_files(self, name: str, shards: Sequence[Sequence[bytes]]) -> ShardSet:
        """Take the shards of a sort, each of several files, whose names only change with the layout."""
        return self._add(name, self.layout, [list(enumerate(files)) for files in shards])

    def _add(
        self, name: str, digest: str, shards: Sequence[Sequence[tuple[int | None, bytes]]]
    ) -> ShardSet:
        total = sum(len(data) for files in shards for _, data in files)
        pack = max(steady(_PACK * len(shards) // max(total, 1)), 1)
        made = ShardSet(name, digest, len(shards), pack)
        scripts: dict[int, list[bytes]] = {}
        self.sizes[name] = 0
        for number, files in enumerate(shards):
            for part, data in files:
                path = made.path(number, part)
                sealed = seal(path, data)
                self.files[path] = sealed
                self.sizes[name] += len(sealed)
                scripts.setdefault(number // pack, []).append(as_script(path, sealed))
        for number, parts in scripts.items():
            self.files[f"{name}-{digest}/disk{number}.js"] = b"".join(parts)
        return made


def layout_of(*parts: object) -> str:
    """The name of a layout, from what JSON can say of it."""
    return hashlib.sha256(to_json([FORMAT, *parts])).hexdigest()[:_DIGITS]


def as_script(path: str, sealed: bytes) -> bytes:
    """A line of script that hands a file to a page that was opened from a disk."""
    return b'kbSearchPart("%s","%s");\n' % (path.encode(), base64.b64encode(sealed))


def seal(path: str, data: bytes) -> bytes:
    """A file's content: a check sum over its name and its data, then the data.

    The name is in it so that a file in the wrong place is recognised too.
    """
    return zlib.crc32(data, zlib.crc32(path.encode())).to_bytes(4, "big") + data


def check_sum(data: bytes) -> int:
    """What a term shard knows of a file of its postings: so an older or newer one is not read in its place."""
    return zlib.crc32(data)


def unseal(path: str, content: bytes) -> bytes | None:
    """The data of a file; None when it is not what was written under this name."""
    data = content[4:]
    return data if seal(path, data) == content else None


def deflate(data: bytes) -> bytes:
    """Compress, without header and check sum: the client's `inflate.js` reads it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return packer.compress(data) + packer.flush()


def inflate(data: bytes) -> bytes:
    """The other way round."""
    return zlib.decompress(data, -15)


def to_json(value: object) -> bytes:
    """The same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def write(
    folder: Path, files: Mapping[str, bytes], manifest: str, held: Mapping[str, str]
) -> dict[str, str]:
    """Put an index into `folder`, the entry last, then remove what the one before left there.

    Until the entry is replaced, in one step, the old index is in force, unless it has the same layout: then its shards
    are replaced one by one. `held` is what the folder is known to hold, SHA-256 by path: such a file is not looked at.
    Returns the SHA-256 of every file.
    """
    entry = to_json({"format": FORMAT, "manifest": manifest})
    last = {DISK_ENTRY: b"kbSearchEntry(" + entry + b");\n", ENTRY: entry + b"\n"}
    whole = {**files, **last}
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in whole.items()}
    folders: set[str] = set()
    for path, content in sorted(files.items()):
        if held.get(path) == digests[path]:
            continue
        inner = path.rpartition("/")[0]
        if inner not in folders:
            folders.add(inner)
            (folder / inner).mkdir(parents=True, exist_ok=True)
        _put(f"{folder}/{path}", content)
    for path, content in last.items():
        _replace(folder / path, content)
    _clear(folder, whole.keys() | {path.rpartition("/")[0] for path in files})
    return digests


def _clear(folder: Path, kept: Collection[str]) -> None:
    """Remove what is not to be kept in a folder and in those in it."""
    for old in folder.iterdir():
        if old.name not in kept:
            _remove(old)
        elif old.is_dir():
            # Names alone: there are tens of thousands.
            for name in os.listdir(old):  # noqa: PTH208
                if f"{old.name}/{name}" not in kept:
                    _remove(old / name)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _put(target: str, content: bytes) -> None:
    """Write a file to which no index in force refers, or replace it in one step, unless it is what it should be.

    Without `Path` and without buffers: there are tens of thousands, and they take as long as the writing.
    """
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    except FileExistsError:
        if not _holds(Path(target), content):
            _replace(Path(target), content)
        return
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)


def _holds(target: Path, content: bytes) -> bool:
    # What is the same need not be written again; a file with the right name may be damaged.
    return target.stat().st_size == len(content) and target.read_bytes() == content


def _replace(target: Path, content: bytes) -> None:
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    fresh.write_bytes(content)
    fresh.replace(target)
