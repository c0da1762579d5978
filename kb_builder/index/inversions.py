"""The inversion of the documents that were inverted last, kept in a file, so that only what is new is inverted.

    kb-inversion-1 <SHA-256 of all that follows>
    {"version": …, "documents": …, "kinds": [[bytes of names, postings, bytes of a count] …]}
    <32 bytes for each document: what its counts are kept under>
    for each kind   <names> <terms> <counts> <starts> <lengths>

The second line is JSON. Names are in UTF-8 with a line break between, numbers little-endian: terms of 4 bytes, starts and
lengths of 8, one start more than documents; what they are, `inverted.Counts` says. A file that is damaged, foreign or of
another version counts as missing. Like the store of counts, this recognises damage, and can't protect from somebody who
may write here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb_builder import storage
from kb_builder.analysis.analyzer import KINDS
from kb_builder.index import memory
from kb_builder.index.counted import Counted
from kb_builder.index.entry import Entry
from kb_builder.index.store import MANY, CountStore, key_of
from kb_builder.insight.inverted import Counts, Inversion

_MARK = b"kb-inversion-1 "
_KEY = 32
_MOST_HEAD = 4096


@dataclass(frozen=True, slots=True)
class _Kept:
    """An inversion, and what the counts of each of its documents are kept under."""

    keys: Sequence[bytes]
    inversion: Inversion


def invert(
    entries: Sequence[Entry],
    path: Path,
    store: CountStore,
    progress: Callable[[int, int], None] | None = None,
) -> Inversion:
    """The inversion of entries in their order; that of the last time is taken from `path`, and this one kept there.

    `store`, entered, gives the counts of what is not in the last one, and is told whether that is all there is.
    `progress(done, to do)` is called after each of these. Raises KbError when the disk does not take it.
    """
    keys = [bytes.fromhex(key_of(entry)) for entry in entries]
    kept = _load(path, store.version)
    if keys == kept.keys:
        return kept.inversion
    numbers = {key: number for number, key in enumerate(kept.keys)}
    new = {key: entry for key, entry in zip(keys, entries, strict=True) if key not in numbers}
    numbers |= {key: number for number, key in enumerate(new, len(kept.keys))}
    store.complete = len(new) == len(set(keys))

    def counted() -> Iterator[Counted]:
        for done, each in enumerate(store.count(new.values()), 1):
            yield each
            if progress is not None:
                progress(done, len(new))

    inversion = kept.inversion.joined(Inversion.made(counted()))
    del kept  # two of them take twice the room
    inversion = inversion.of([numbers[key] for key in keys])
    storage.write(path, _encode(_Kept(keys, inversion), store.version))
    if len(new) >= MANY:
        memory.give_back()
    return inversion


def _load(path: Path, version: str) -> _Kept:
    """What is kept; nothing where it is missing, damaged, foreign or of another version."""
    nothing = _Kept([], Inversion.made(()))
    try:
        data = memoryview(path.read_bytes())
    except OSError:
        return nothing  # If the disk is ill, writing will say so.
    first = len(_MARK) + 2 * _KEY + 1
    body = data[first:]
    if data[:first] != b"%s%s\n" % (_MARK, hashlib.sha256(body).hexdigest().encode()):
        return nothing
    line = bytes(body[:_MOST_HEAD]).partition(b"\n")[0]
    head = json.loads(line)
    if head["version"] != version:
        return nothing
    return _decode(body[len(line) + 1 :], head["documents"], head["kinds"])


def _decode(content: memoryview, documents: int, kinds: Sequence[Sequence[int]]) -> _Kept:
    at = 0

    def take(type_: str, count: int) -> NDArray[Any]:
        nonlocal at
        # A copy, for that lies where numbers are read fast, and lets the file go.
        array = np.frombuffer(content, type_, count, at).copy()
        at += array.nbytes
        return array

    keys = take("u1", documents * _KEY).tobytes()
    counts = {}
    for kind, (names, postings, size) in zip(KINDS, kinds, strict=True):
        text = take("u1", names).tobytes().decode()
        counts[kind] = Counts(
            names=text.split("\n") if text else [],
            terms=take("<i4", postings),
            counts=take(f"<u{size}", postings),
            starts=take("<i8", documents + 1),
            lengths=take("<i8", documents),
        )
    return _Kept([keys[at : at + _KEY] for at in range(0, len(keys), _KEY)], Inversion(counts))


def _encode(kept: _Kept, version: str) -> bytes:
    kinds = []
    parts = [*kept.keys]
    for kind in KINDS:
        counts = kept.inversion.counts[kind]
        names = "\n".join(counts.names).encode()
        size = counts.counts.itemsize
        kinds.append((len(names), len(counts.terms), size))
        parts += [
            names,
            counts.terms.astype("<i4", copy=False).tobytes(),
            counts.counts.astype(f"<u{size}", copy=False).tobytes(),
            counts.starts.astype("<i8", copy=False).tobytes(),
            counts.lengths.astype("<i8", copy=False).tobytes(),
        ]
    head = {"version": version, "documents": len(kept.keys), "kinds": kinds}
    parts = [json.dumps(head).encode(), b"\n", *parts]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    # Joined once: it is large.
    return b"".join([_MARK, digest.hexdigest().encode(), b"\n", *parts])
