"""Term shards: the keys of the index in order, with their postings or where these are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt

from kb_builder.analysis.folding import HAN
from kb_builder.browser.bits import BitReader, BitWriter, code
from kb_builder.browser.lists import Centres, Postings, decode, encode

INLINE = 8
"""Postings of at most so many documents stand beside their key."""

SMALLEST_SHARD = 1_000
"""Bytes of a shard of a small base, and of keys of one character: there are few of these."""

_SMALL_BASE = 10_000

HAS_HAN = re.compile(f"[{HAN}]")

_FREQUENCY_K = 1
_COUNT_K = 7
_FILE_K = 12
_STEP_BITS = 4
# Fibonacci hashing: Knuth, The Art of Computer Programming, volume 3, 6.4.
_SPREAD = 2654435761


@dataclass(frozen=True, slots=True)
class Key:
    """A term of the index. `base` and `words` are the numbers of documents (see `Postings`).

    A key of three characters or more is a word and nothing else: its `words` equal its `base`.
    """

    text: str
    base: int
    words: int


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The characters that keys are made of, in code point order; keys are written in their numbers."""

    characters: str
    ranks: Mapping[str, int]

    @classmethod
    def of(cls, characters: Iterable[str]) -> Alphabet:
        """The alphabet of these characters."""
        ordered = sorted(set(characters))
        return cls("".join(ordered), {char: rank for rank, char in enumerate(ordered)})

    @property
    def width(self) -> int:
        """Bits of a number."""
        return max(len(self.characters) - 1, 1).bit_length()


@dataclass(frozen=True, slots=True)
class Scheme:
    """What is needed to read any list: the number of documents, and centres by kind of list."""

    documents: int
    char: Centres
    bigram: Centres
    infix: Centres
    word: Centres

    def base(self, key: str) -> Centres:
        """The centres for the base of a key."""
        if len(key) > 2:
            return self.word
        if not HAS_HAN.search(key):
            return self.infix
        return self.char if len(key) == 1 else self.bigram


@dataclass(frozen=True, slots=True)
class Located:
    """A key, with its postings or with the place of these: file and number of the list in it."""

    key: Key
    postings: Postings | None
    file: int = -1
    place: int = -1


@dataclass(frozen=True, slots=True)
class Shards:
    """Term shards, and the postings files they point to."""

    terms: Sequence[bytes]
    files: Sequence[bytes]


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


def shard_of(key: str, alphabet: Alphabet, shards: int) -> int:
    """The shard of a key, by its first two characters; they are in the alphabet.

    A query asks for all keys that begin with the same two characters, so those stay together. Which shard
    it is follows from the characters alone: a table of the first key of each would be most of the
    manifest of a large base.
    """
    number = alphabet.ranks[key[0]]
    if len(key) > 1:
        number = number << alphabet.width | alphabet.ranks[key[1]]
    return (number * _SPREAD & 0xFFFFFFFF) * shards >> 32


def shard_size(documents: int) -> int:
    """Bytes after which a shard is closed.

    A query touches some 20 term shards and as many lists: small ones save bytes, but are many files.
    So above 10,000 documents they grow with the square root of the number.

    >>> shard_size(91), shard_size(10_000), shard_size(100_000)
    (1000, 1000, 3162)
    """
    return isqrt(SMALLEST_SHARD**2 * max(documents, _SMALL_BASE) // _SMALL_BASE)


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
        count = -(-self._total // self._most)
        rows: list[list[_Packed]] = [[] for _ in range(count)]
        for packed in self._packed:
            rows[shard_of(packed.key.text, self._alphabet, count)].append(packed)
        files: list[bytes] = []
        terms = [self._write(shard, files) for shard in rows]
        return Shards(terms, files)

    def _write(self, shard: Sequence[_Packed], files: list[bytes]) -> bytes:
        """One shard; its longer lists are put into further files."""
        out = BitWriter()
        out.rice(len(shard), _COUNT_K)
        out.rice(len(files), _FILE_K)
        steps = _Steps(self._alphabet, [packed.key.text for packed in shard])
        out.bits(steps.first, _STEP_BITS)
        out.bits(steps.later, _STEP_BITS)
        file: list[str] = []
        size = 0
        last = ""
        for packed in shard:
            self._write_key(out, packed.key, last, steps)
            last = packed.key.text
            if packed.key.base <= INLINE:
                out.append(packed.bits)
                continue
            new = bool(file) and size + packed.size > self._most
            if new:
                files.append(_bytes(file))
                file, size = [], 0
            out.bits(int(new), 1)
            file.append(packed.bits)
            size += packed.size
        if file:
            files.append(_bytes(file))
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
        out.rice(key.base - 1, _FREQUENCY_K)
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


def read_shard(data: bytes, scheme: Scheme, alphabet: Alphabet) -> Iterator[Located]:
    """The keys of a term shard."""
    bits = BitReader(data)
    count, file = bits.rice(_COUNT_K), bits.rice(_FILE_K)
    first, later = bits.bits(_STEP_BITS), bits.bits(_STEP_BITS)
    place = -1
    last = ""
    width = alphabet.width
    for _ in range(count):
        shared, more = bits.rice(0), bits.rice(0)
        if shared < len(last):
            rank = alphabet.ranks[last[shared]] + 1 + bits.rice(later if shared else first)
        else:
            rank = bits.bits(width)
        text = last[:shared] + alphabet.characters[rank]
        text += "".join(alphabet.characters[bits.bits(width)] for _ in range(more))
        base = bits.rice(_FREQUENCY_K) + 1
        words = base if len(text) > 2 else 0
        if len(text) < 3 and bits.bits(1):
            words = base - bits.rice(max(base.bit_length() - 3, 0))
        last = text
        key = Key(text, base, words)
        if base <= INLINE:
            yield Located(key, read_list(bits, key, scheme))
            continue
        if bits.bits(1):
            file, place = file + 1, -1
        place += 1
        yield Located(key, None, file, place)


def read_list(bits: BitReader, key: Key, scheme: Scheme) -> Postings:
    """The next list of a postings file or term shard."""
    words = 0 if len(key.text) > 2 else key.words
    return decode(bits, key.base, words, scheme.documents, scheme.base(key.text), scheme.word)


def _shared(one: str, other: str) -> int:
    """How many characters two keys have in common at the beginning."""
    size = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        size += 1
    return size
