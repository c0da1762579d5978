"""How FORMAT.md says that lists and shards are written, key by key; the program writes them all at once."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb_builder.browser.bits import BitWriter, code, gap_parameter, zigzag
from kb_builder.browser.keys import (
    COUNT_K,
    FREQUENCY_K,
    INLINE,
    STEP_BITS,
    SUM_BITS,
    Alphabet,
    Key,
    Scheme,
    Shards,
    shard_count,
    shard_of,
)
from kb_builder.browser.lists import SMALL, Centres, Postings, ratio_of


def best_parameter(numbers: Iterable[int]) -> int:
    """The parameter from 0 to 7 that writes the numbers in the fewest bits."""
    held = list(numbers)
    count = len(held)
    best, least = 0, sum(held)
    for k in range(1, 8):
        # Every number takes k bits more than its zeros: no later parameter can be better.
        if count * k >= least:
            break
        held = [number >> 1 for number in held]
        cost = sum(held) + count * k
        if cost < least:
            best, least = k, cost
    return best


def encode(
    out: BitWriter, postings: Postings, documents: int, base: Centres, word: Centres
) -> None:
    """Write one list; how many documents and words it has stands elsewhere."""
    impacts, words = postings.impacts, postings.words
    count = len(impacts)
    _gaps(out, postings.documents, documents)
    centre, k = base.centre[count % SMALL], base.parameter[count % SMALL]
    if count >= SMALL:
        centre = sorted(impacts)[count // 2]
    rest = [zigzag(impact - centre) for impact in impacts]
    if count >= SMALL:
        k = best_parameter(rest)
        out.bits(centre, 8)
        out.bits(k, 3)
    _rices(out, rest, k)
    if 0 in words:
        held = [place for place, impact in enumerate(words) if impact]
        if not held:
            return
        # Of those that are words and those that are not, the fewer are named.
        fewer = held if len(held) * 2 <= count else _others(held, count)
        _gaps(out, fewer, count)
        impacts, words = [impacts[place] for place in held], [words[place] for place in held]
    elif not words:
        return
    if len(words) < SMALL:
        ratio, k = ratio_of(word.centre[len(words)], centre), word.parameter[len(words)]
    else:
        total = sum(impacts)
        ratio = min((64 * sum(words) + total // 2) // total, 1023)
    rest = [
        zigzag(value - (impact * ratio >> 6)) for value, impact in zip(words, impacts, strict=True)
    ]
    if len(words) >= SMALL:
        k = best_parameter(rest)
        out.bits(ratio, 10)
        out.bits(k, 3)
    _rices(out, rest, k)


def _gaps(out: BitWriter, numbers: Sequence[int], range_: int) -> None:
    gaps = [numbers[0], *(b - a - 1 for a, b in pairwise(numbers))]
    _rices(out, gaps, gap_parameter(range_, len(numbers)))


def _rices(out: BitWriter, numbers: Iterable[int], k: int) -> None:
    for number in numbers:
        out.rice(number, k)


def _others(numbers: Sequence[int], count: int) -> list[int]:
    named = set(numbers)
    return [number for number in range(count) if number not in named]


@dataclass(frozen=True, slots=True)
class _Packed:
    """A key and the bits of its list, packed: those of all keys are in memory at once."""

    key: Key
    listed: bytes
    size: int

    @property
    def bits(self) -> str:
        """The list, as a text of 0 and 1."""
        return f"{int.from_bytes(self.listed, 'big'):0{self.size}b}"


class ShardWriter:
    """Takes keys in code point order and makes the shards; `most` is about how long one is, in bytes."""

    def __init__(self, scheme: Scheme, alphabet: Alphabet, most: int) -> None:
        self._scheme = scheme
        self._alphabet = alphabet
        self._most = 8 * most
        self._packed: list[_Packed] = []
        self._total = 0

    def add(self, key: Key, postings: Postings) -> None:
        """Add the next key."""
        listed = BitWriter()
        base = self._scheme.base(key.text)
        encode(listed, postings, self._scheme.documents, base, self._scheme.word)
        size = len(listed.text())
        packed = int(listed.text(), 2).to_bytes(-(-size // 8), "big")
        self._packed.append(_Packed(key, packed, size))
        # What is beside the list of a key is written later: about so much.
        self._total += 20 + (size if key.base <= INLINE else 0)

    def finish(self) -> Shards:
        """Spread the keys over the shards and write them."""
        count = shard_count(self._total, self._most // 8)
        rows: list[list[_Packed]] = [[] for _ in range(count)]
        for packed in self._packed:
            rows[shard_of(packed.key.text, self._alphabet, count)].append(packed)
        files = [self._files(shard) for shard in rows]
        terms = [self._write(*both) for both in zip(rows, files, strict=True)]
        return Shards(terms, [list(each.values()) for each in files])

    def _files(self, shard: Sequence[_Packed]) -> dict[str, bytes]:
        """The files of the longer lists of a shard, by the first key of each."""
        held: dict[str, list[_Packed]] = {}
        file: list[_Packed] = []
        for packed in shard:
            if packed.key.base <= INLINE:
                continue
            if not file or sum(each.size for each in file) + packed.size > self._most:
                file = held[packed.key.text] = []
            file.append(packed)
        return {first: _bytes(each.bits for each in lists) for first, lists in held.items()}

    def _write(self, shard: Sequence[_Packed], files: dict[str, bytes]) -> bytes:
        """One shard, which says where each of its files begins."""
        out = BitWriter()
        out.rice(len(shard), COUNT_K)
        steps = _Steps(self._alphabet, [packed.key.text for packed in shard])
        out.bits(steps.first, STEP_BITS)
        out.bits(steps.later, STEP_BITS)
        last = ""
        for packed in shard:
            self._write_key(out, packed.key, last, steps)
            last = packed.key.text
            if packed.key.base <= INLINE:
                out.append(packed.bits)
                continue
            begun = files.get(packed.key.text)
            out.bits(int(begun is not None), 1)
            if begun is not None:
                out.bits(zlib.crc32(begun), SUM_BITS)
        return out.bytes()

    def _write_key(self, out: BitWriter, key: Key, last: str, steps: _Steps) -> None:
        shared = _shared(last, key.text)
        ranks, width = self._alphabet.ranks, self._alphabet.width
        rest = key.text[shared:]
        out.rice(shared, 0)
        out.rice(len(rest) - 1, 0)
        if shared < len(last):
            step = ranks[rest[0]] - ranks[last[shared]] - 1
            out.rice(step, steps.later if shared else steps.first)
        else:
            out.bits(ranks[rest[0]], width)
        for char in rest[1:]:
            out.bits(ranks[char], width)
        out.rice(key.base - 1, FREQUENCY_K)
        if len(key.text) < 3:
            out.bits(int(key.words > 0), 1)
            if key.words:
                out.rice(key.base - key.words, max(key.base.bit_length() - 3, 0))


class _Steps:
    """The best parameters for the steps from key to key in a shard: where the first characters
    differ, and where later ones do.
    """

    def __init__(self, alphabet: Alphabet, keys: Sequence[str]) -> None:
        first, later = [0] * 16, [0] * 16
        ranks = alphabet.ranks
        for last, key in pairwise(keys):
            shared = _shared(last, key)
            if shared == len(last):
                continue
            step = ranks[key[shared]] - ranks[last[shared]] - 1
            costs = later if shared else first
            for k in range(16):
                costs[k] += len(code(step, k))
        self.first = first.index(min(first))
        self.later = later.index(min(later))


def _bytes(parts: Iterable[str]) -> bytes:
    whole = BitWriter()
    whole.append("".join(parts))
    return whole.bytes()


def _shared(one: str, other: str) -> int:
    """How many characters two keys have in common at the beginning."""
    size = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        size += 1
    return size
