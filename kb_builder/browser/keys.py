"""Term shards: the keys of the index in order, with their postings or where these are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isqrt

from kb_builder.analysis.folding import HAN
from kb_builder.browser.bits import BitReader, BitWriter
from kb_builder.browser.lists import Centres, Postings, decode, encode

INLINE = 8
"""Postings of at most so many documents stand beside their key."""

_SMALLEST_SHARD = 1_000
_SMALL_BASE = 10_000

HAS_HAN = re.compile(f"[{HAN}]")

_FREQUENCY_K = 1
_COUNT_K = 7
_FILE_K = 12


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
    """Term shards, the first key of each, and the postings files they point to."""

    firsts: Sequence[str]
    terms: Sequence[bytes]
    files: Sequence[bytes]


def shard_size(documents: int) -> int:
    """Bytes after which a shard is closed.

    A query touches some 20 term shards and as many lists: small ones save bytes, but are many files.
    So above 10,000 documents they grow with the square root of the number.

    >>> shard_size(91), shard_size(10_000), shard_size(100_000)
    (1000, 1000, 3162)
    """
    return isqrt(_SMALLEST_SHARD**2 * max(documents, _SMALL_BASE) // _SMALL_BASE)


class ShardWriter:
    """Takes keys in code point order and makes the shards."""

    def __init__(self, scheme: Scheme, alphabet: Alphabet) -> None:
        self._scheme = scheme
        self._alphabet = alphabet
        self._most = 8 * shard_size(scheme.documents)
        self._firsts: list[str] = []
        self._terms: list[bytes] = []
        self._files: list[bytes] = []
        self._rows: list[str] = []
        self._size = 0
        self._first_file = 0
        self._last = ""
        self._open: list[str] = []
        self._open_size = 0

    def add(self, key: Key, postings: Postings) -> None:
        """Add the next key."""
        # A query asks for all keys with the same two first characters, so those stay together.
        if self._rows and self._size > self._most and key.text[:2] != self._last[:2]:
            self._close()
        if not self._rows:
            self._firsts.append(key.text[:2])
            self._first_file = len(self._files)
        out = BitWriter()
        self._write_key(out, key)
        listed = BitWriter()
        base = self._scheme.base(key.text)
        encode(listed, postings, self._scheme.documents, base, self._scheme.word)
        bits = listed.text()
        if key.base <= INLINE:
            out.append(bits)
        else:
            new = bool(self._open) and self._open_size + len(bits) > self._most
            if new:
                self._close_file()
            out.bits(int(new), 1)
            self._open.append(bits)
            self._open_size += len(bits)
        row = out.text()
        self._rows.append(row)
        self._size += len(row)
        self._last = key.text

    def finish(self) -> Shards:
        """Close what is open."""
        if self._rows:
            self._close()
        return Shards(self._firsts, self._terms, self._files)

    def _write_key(self, out: BitWriter, key: Key) -> None:
        last = self._last if self._rows else ""
        shared = _shared(last, key.text)
        ranks, width = self._alphabet.ranks, self._alphabet.width
        rest = key.text[shared:]
        out.rice(shared, 0)
        out.rice(len(rest) - 1, 0)
        if shared < len(last):
            out.rice(ranks[rest[0]] - ranks[last[shared]] - 1, _gap_k(shared, width))
        else:
            out.bits(ranks[rest[0]], width)
        for char in rest[1:]:
            out.bits(ranks[char], width)
        out.rice(key.base - 1, _FREQUENCY_K)
        if len(key.text) < 3:
            out.bits(int(key.words > 0), 1)
            if key.words:
                out.rice(key.base - key.words, max(key.base.bit_length() - 3, 0))

    def _close(self) -> None:
        self._close_file()
        head = BitWriter()
        head.rice(len(self._rows), _COUNT_K)
        head.rice(self._first_file, _FILE_K)
        for row in self._rows:
            head.append(row)
        self._terms.append(head.bytes())
        self._rows, self._size = [], 0

    def _close_file(self) -> None:
        if self._open:
            whole = BitWriter()
            whole.append("".join(self._open))
            self._files.append(whole.bytes())
            self._open, self._open_size = [], 0


def read_shard(data: bytes, scheme: Scheme, alphabet: Alphabet) -> Iterator[Located]:
    """The keys of a term shard."""
    bits = BitReader(data)
    count, file = bits.rice(_COUNT_K), bits.rice(_FILE_K)
    place = -1
    last = ""
    width = alphabet.width
    for _ in range(count):
        shared, more = bits.rice(0), bits.rice(0)
        if shared < len(last):
            rank = alphabet.ranks[last[shared]] + 1 + bits.rice(_gap_k(shared, width))
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


def _gap_k(shared: int, width: int) -> int:
    """The parameter for the step to the next character: first characters are dense."""
    return 1 if shared == 0 else max(width - 6, 0)
