"""Term shards: the keys of the index in order, with their postings or where these are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isqrt

from kb_builder.analysis.analyzer import KINDS
from kb_builder.analysis.folding import HAN
from kb_builder.browser.bits import BitReader
from kb_builder.browser.lists import Centres, Postings, decode
from kb_builder.ranking import steady

INLINE = 8
"""Postings of at most so many documents stand beside their key."""

SMALLEST_SHARD = 1_000
"""Bytes of a shard of a small base, and of keys of one character: there are few of these."""

_SMALL_BASE = 10_000

HAS_HAN = re.compile(f"[{HAN}]")

FREQUENCY_K = 1
COUNT_K = 7
STEP_BITS = 4
SUM_BITS = 32
# Fibonacci hashing: Knuth, The Art of Computer Programming, volume 3, 6.4.
SPREAD = 2654435761


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

    @classmethod
    def of(cls, documents: int) -> Scheme:
        """That of so many documents."""
        return cls(documents, **{kind: Centres.of(kind, documents) for kind in KINDS})

    def shape(self) -> list[object]:
        """All of it, as JSON can say it."""
        centres = self.char, self.bigram, self.infix, self.word
        return [self.documents, *([list(each.centre), list(each.parameter)] for each in centres)]

    def base(self, key: str) -> Centres:
        """The centres for the base of a key."""
        if len(key) > 2:
            return self.word
        if not HAS_HAN.search(key):
            return self.infix
        return self.char if len(key) == 1 else self.bigram


@dataclass(frozen=True, slots=True)
class Located:
    """A key, with its postings or with the place of these: file of the shard and number of the list in it.

    `check_sum` is that of the file.
    """

    key: Key
    postings: Postings | None
    file: int = -1
    place: int = -1
    check_sum: int = 0


@dataclass(frozen=True, slots=True)
class Shards:
    """Term shards, and the postings files of each, which it points to."""

    terms: Sequence[bytes]
    files: Sequence[Sequence[bytes]]


def shard_count(bits: int, most: int) -> int:
    """In how many shards of about `most` bytes so many bits of keys are put.

    A steady number, for another one puts every key elsewhere.
    """
    return steady(-(-bits // (8 * most)))


def shard_of(key: str, alphabet: Alphabet, shards: int) -> int:
    """The shard of a key, by its first two characters; they are in the alphabet.

    A query asks for all keys that begin with the same two characters, so those stay together. Which shard
    it is follows from the characters alone: a table of the first key of each would be most of the
    manifest of a large base.
    """
    number = alphabet.ranks[key[0]]
    if len(key) > 1:
        number = number << alphabet.width | alphabet.ranks[key[1]]
    return (number * SPREAD & 0xFFFFFFFF) * shards >> 32


def shard_size(documents: int) -> int:
    """Bytes after which a shard is closed.

    A query touches some 20 term shards and as many lists: small ones save bytes, but are many files.
    So above 10,000 documents they grow with the square root of the number.

    >>> shard_size(91), shard_size(10_000), shard_size(100_000)
    (1000, 1000, 3162)
    """
    return isqrt(SMALLEST_SHARD**2 * max(documents, _SMALL_BASE) // _SMALL_BASE)


def read_shard(data: bytes, scheme: Scheme, alphabet: Alphabet) -> Iterator[Located]:
    """The keys of a term shard."""
    bits = BitReader(data)
    count = bits.rice(COUNT_K)
    first, later = bits.bits(STEP_BITS), bits.bits(STEP_BITS)
    file, place, check_sum = -1, -1, 0
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
        base = bits.rice(FREQUENCY_K) + 1
        words = base if len(text) > 2 else 0
        if len(text) < 3 and bits.bits(1):
            words = base - bits.rice(max(base.bit_length() - 3, 0))
        last = text
        key = Key(text, base, words)
        if base <= INLINE:
            yield Located(key, read_list(bits, key, scheme))
            continue
        if bits.bits(1):
            file, place, check_sum = file + 1, -1, bits.bits(SUM_BITS)
        place += 1
        yield Located(key, None, file, place, check_sum)


def read_list(bits: BitReader, key: Key, scheme: Scheme) -> Postings:
    """The next list of a postings file or term shard."""
    words = 0 if len(key.text) > 2 else key.words
    return decode(bits, key.base, words, scheme.documents, scheme.base(key.text), scheme.word)
