"""The postings of one key in bits: documents and impacts; FORMAT.md says it in words.

A key of one or two characters has two lists in one: of the documents that hold it (its *base*: as a
character, a bigram or a part of a Latin word), and of those among them in which it is a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb_builder.browser.bits import BitReader, gap_parameter, unzigzag, zigzag

SMALL = 16
"""Lists of fewer documents take their centre and parameter from a common table."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Document numbers, ascending, with their impacts; impact 0 in `words`: there it is no word.

    `words` is empty for a key that is nowhere a word.
    """

    documents: Sequence[int]
    impacts: Sequence[int]
    words: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Centres:
    """For lists of 1 to `SMALL` - 1 documents: around which impact they lie, and how closely."""

    centre: Sequence[int] = (1,) * SMALL
    parameter: Sequence[int] = (4,) * SMALL


@dataclass(frozen=True, slots=True)
class Census:
    """The impacts in short lists, counted by the length of the list, to choose the `Centres`."""

    seen: Sequence[Counter[int]]

    def centres(self) -> Centres:
        """The median and the best parameter for each length of list."""
        centre, parameter = [1] * SMALL, [4] * SMALL
        for size, counter in enumerate(self.seen):
            if counter:
                centre[size] = _median(counter)
                parameter[size] = min(range(8), key=lambda k: _cost(counter, centre[size], k))
        return Centres(tuple(centre), tuple(parameter))


def _median(counter: Counter[int]) -> int:
    half = counter.total() / 2
    total = 0
    for value in sorted(counter):
        total += counter[value]
        if total >= half:
            return value
    return 1


def _cost(counter: Counter[int], centre: int, k: int) -> tuple[int, int]:
    return sum(((zigzag(v - centre) >> k) + 1 + k) * n for v, n in counter.items()), k


def decode(
    bits: BitReader, count: int, words: int, documents: int, base: Centres, word: Centres
) -> Postings:
    """Read what `encode` wrote, of `count` documents, in `words` of which the key is a word."""
    numbers = _read_gaps(bits, count, documents)
    if count < SMALL:
        centre, k = base.centre[count], base.parameter[count]
    else:
        centre, k = bits.bits(8), bits.bits(3)
    impacts = [centre + unzigzag(bits.rice(k)) for _ in range(count)]
    if not words:
        return Postings(numbers, impacts)
    held: Sequence[int] = range(count)
    if words < count:
        few = words * 2 <= count
        fewer = _read_gaps(bits, words if few else count - words, count)
        held = fewer if few else _others(fewer, count)
    if words < SMALL:
        ratio, k = ratio_of(word.centre[words], centre), word.parameter[words]
    else:
        ratio, k = bits.bits(10), bits.bits(3)
    found = [0] * count
    for place in held:
        found[place] = (impacts[place] * ratio >> 6) + unzigzag(bits.rice(k))
    return Postings(numbers, impacts, found)


def ratio_of(word: int, base: int) -> int:
    """By how many 64ths to multiply an impact as a bigram to come near that as a word."""
    return min((64 * word + base // 2) // max(base, 1), 1023)


def _read_gaps(bits: BitReader, count: int, range_: int) -> list[int]:
    k = gap_parameter(range_, count)
    rice: Callable[[int], int] = bits.rice
    last = -1
    numbers = []
    for _ in range(count):
        last += rice(k) + 1
        numbers.append(last)
    return numbers


def _others(numbers: Sequence[int], count: int) -> list[int]:
    named = set(numbers)
    return [number for number in range(count) if number not in named]
