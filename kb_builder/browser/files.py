"""How the files of an index are named, checked and written."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FORMAT = 1
"""Raise it whenever a byte means something else; the client says so when it meets another."""

ENTRY = "entry.json"
DISK_ENTRY = "entry.js"
_PACK = 48_000
"""About how many bytes of shards are put into one script, for pages opened from a disk."""


@dataclass(frozen=True, slots=True)
class ShardSet:
    """Shards of one sort; they are named `name`-`digest`/0.bin, 1.bin …

    `pack` shards are in one script on the disk.
    """

    name: str
    digest: str
    count: int
    pack: int

    def path(self, number: int) -> str:
        """Where a shard is, relative to the folder of the index."""
        return f"{self.name}-{self.digest}/{number}.bin"


@dataclass(slots=True)
class Output:
    """The bytes of an index, before any is written: path → content."""

    files: dict[str, bytes] = field(default_factory=dict)
    size: int = 0

    def add(self, name: str, shards: Sequence[bytes]) -> ShardSet:
        """Take the shards of a sort."""
        digest = hashlib.sha256()
        for shard in shards:
            digest.update(len(shard).to_bytes(8, "big"))
            digest.update(shard)
        total = sum(map(len, shards))
        made = ShardSet(
            name,
            digest.hexdigest()[:12],
            len(shards),
            max(_PACK * len(shards) // max(total, 1), 1),
        )
        scripts: dict[int, list[bytes]] = {}
        for number, shard in enumerate(shards):
            path = made.path(number)
            sealed = seal(path, shard)
            self.files[path] = sealed
            self.size += len(sealed)
            scripts.setdefault(number // made.pack, []).append(as_script(path, sealed))
        for number, parts in scripts.items():
            self.files[f"{name}-{made.digest}/disk{number}.js"] = b"".join(parts)
        return made


def as_script(path: str, sealed: bytes) -> bytes:
    """A line of script that hands a file to a page that was opened from a disk."""
    return b'kbSearchPart("%s","%s");\n' % (path.encode(), base64.b64encode(sealed))


def seal(path: str, data: bytes) -> bytes:
    """A file's content: a check sum over its name and its data, then the data.

    The name is in it so that a file in the wrong place is recognised too.
    """
    return zlib.crc32(data, zlib.crc32(path.encode())).to_bytes(4, "big") + data


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


def write(folder: Path, files: Mapping[str, bytes], manifest: str) -> dict[str, str]:
    """Put an index into `folder`, the entry last, then remove what the one before left there.

    Until the entry is replaced, in one step, the old index is in force. Returns the SHA-256 of every file.
    """
    folders: set[str] = set()
    for path, content in sorted(files.items()):
        inner = path.rpartition("/")[0]
        if inner not in folders:
            folders.add(inner)
            (folder / inner).mkdir(parents=True, exist_ok=True)
        _put(f"{folder}/{path}", content)
    entry = to_json({"format": FORMAT, "manifest": manifest})
    last = {DISK_ENTRY: b"kbSearchEntry(" + entry + b");\n", ENTRY: entry + b"\n"}
    for path, content in last.items():
        _replace(folder / path, content)
    kept = {path.partition("/")[0] for path in files} | last.keys()
    for old in folder.iterdir():
        if old.name in kept:
            continue
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink()
    whole = {**files, **last}
    return {path: hashlib.sha256(content).hexdigest() for path, content in whole.items()}


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
