"""The inversion of the documents that were inverted last, kept in a file, so that only what is new is inverted.

It is a file of `arrays`: `keys`, 32 bytes for each document, what its counts are kept under; and for each kind `names` (in UTF-8
with a line break between), `terms`, `counts`, `starts` and `lengths`, which `inverted.Counts` explains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb_builder.analysis.analyzer import KINDS
from kb_builder.index import arrays
from kb_builder.index.counted import Counted
from kb_builder.index.entry import Entry
from kb_builder.index.store import CountStore, key_of
from kb_builder.insight.inverted import Counts, Inversion

_FORMAT = "inversion 2"
_KEY = 32
_NUMBERS = ("terms", "counts", "starts", "lengths")


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
    version = f"{_FORMAT} {store.version}"
    kept = _load(path, version)
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

    inversion = kept.inversion
    inversion.edit(Inversion.made(counted()), [numbers[key] for key in keys])
    _save(path, version, _Kept(keys, inversion))
    return inversion


def _load(path: Path, version: str) -> _Kept:
    """What is kept; nothing where there is nothing that can be used."""
    found = arrays.read(path, version)
    if not found:
        return _Kept([], Inversion.made(()))
    keys = found["keys"].tobytes()
    counts = {}
    for kind in KINDS:
        numbers = {name: found[f"{kind} {name}"] for name in _NUMBERS}
        counts[kind] = Counts(arrays.text_of(found[f"{kind} names"]), **numbers)
    return _Kept([keys[at : at + _KEY] for at in range(0, len(keys), _KEY)], Inversion(counts))


def _save(path: Path, version: str, kept: _Kept) -> None:
    found = {"keys": np.frombuffer(b"".join(kept.keys), np.uint8)}
    for kind in KINDS:
        counts = kept.inversion.counts[kind]
        found[f"{kind} names"] = arrays.of_text(counts.written)
        found |= {f"{kind} {name}": getattr(counts, name) for name in _NUMBERS}
    arrays.write(path, version, found)
