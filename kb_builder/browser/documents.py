"""Document shards and columns: what a hit shows, and what hits are filtered and sorted by."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb_builder.browser.files import deflate, inflate, to_json

BLOCK_SIZE = 1500
"""Compressed bytes after which a document shard is closed; ten hits are ten shards."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a hit shows of a document; `texts` are (field, text) without the title, the body last."""

    id: str
    address: str
    title: str
    kind: str
    date: str
    facets: Mapping[str, tuple[str, ...]]
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A value or several of each document, as numbers into `values`."""

    values: tuple[str, ...]
    rows: Sequence[tuple[int, ...]]


class BlockWriter:
    """Packs documents into shards."""

    def __init__(self) -> None:
        self.firsts: list[int] = []
        self.shards: list[bytes] = []
        self._count = 0
        self._open: list[object] = []
        self._packed = b""

    def add(self, shown: Shown) -> None:
        """Add the next document."""
        value = [
            shown.id,
            shown.address,
            shown.title,
            shown.kind,
            shown.date,
            {name: values for name, values in shown.facets.items() if values},
            [list(text) for text in shown.texts],
        ]
        alone = deflate(to_json([value]))
        if self._open and len(self._packed) + len(alone) > BLOCK_SIZE:
            self._close()
        if not self._open:
            self.firsts.append(self._count)
        self._open.append(value)
        self._packed = alone if len(self._open) == 1 else deflate(to_json(self._open))
        self._count += 1

    def finish(self) -> list[bytes]:
        """Close the last shard and give them all."""
        if self._open:
            self._close()
        return self.shards

    def _close(self) -> None:
        self.shards.append(self._packed)
        self._open, self._packed = [], b""


def read_block(data: bytes) -> list[Shown]:
    """The documents of a shard."""
    return [
        Shown(
            id_,
            address,
            title,
            kind,
            date,
            {name: tuple(values) for name, values in facets.items()},
            tuple((name, text) for name, text in texts),
        )
        for id_, address, title, kind, date, facets, texts in json.loads(inflate(data))
    ]


def encode_column(column: Column) -> bytes:
    """Values as JSON, then for each document how many it has and which, in varints."""
    head = to_json(column.values)
    out = bytearray()
    for row in column.rows:
        for number in (len(row), *row):
            _varint(out, number)
    return deflate(len(head).to_bytes(4, "big") + head + bytes(out))


def decode_column(data: bytes) -> Column:
    """The column in these bytes."""
    raw = inflate(data)
    size = int.from_bytes(raw[:4], "big")
    numbers = iter(_varints(raw[4 + size :]))
    rows = [tuple(next(numbers) for _ in range(count)) for count in numbers]
    return Column(tuple(json.loads(raw[4 : 4 + size])), rows)


def _varint(out: bytearray, number: int) -> None:
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


def _varints(data: bytes) -> list[int]:
    numbers, number, shift = [], 0, 0
    for byte in data:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(number)
            number = shift = 0
    return numbers
