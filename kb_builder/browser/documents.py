"""Document shards and columns: what a hit shows, and what hits are filtered and sorted by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb_builder.browser.files import deflate, inflate, to_json

BLOCK_SIZE = 1500
"""About how many compressed bytes a document shard has; ten hits are ten shards."""

_SAMPLE = 1000


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


def blocks(documents: Iterable[Shown]) -> tuple[int, list[bytes]]:
    """How many documents are in a shard, the same number in all, and the shards.

    So where a document is need not be written down.
    """
    rows = [to_json(_row(shown)) for shown in documents]
    sample = rows[:: len(rows) // _SAMPLE + 1]
    size = sum(len(deflate(row)) for row in sample)
    block = max(BLOCK_SIZE * len(sample) // max(size, 1), 1)
    shards = [rows[start : start + block] for start in range(0, len(rows), block)]
    return block, [deflate(b"[" + b",".join(shard) + b"]") for shard in shards]


def _row(shown: Shown) -> list[object]:
    return [
        shown.id,
        shown.address,
        shown.title,
        shown.kind,
        shown.date,
        {name: values for name, values in shown.facets.items() if values},
        [list(text) for text in shown.texts],
    ]


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
