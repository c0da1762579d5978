"""The postings of one key in bits: documents and impacts; FORMAT.md says it in words.

A key of one or two characters has two lists in one: of the documents that hold it (its *base*: as a
character, a bigram or a part of a Latin word), and of those among them in which it is a word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb_builder import ranking
from kb_builder.analysis.analyzer import Kind
from kb_builder.browser.bits import BitReader, gap_parameter, unzigzag

SMALL = 16
"""Lists of fewer documents take their centre and parameter from a common table."""

_PARAMETER = 3


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

    centre: Sequence[int]
    parameter: Sequence[int]

    @classmethod
    def of(cls, kind: Kind, documents: int) -> Centres:
        """Those of a kind of term: what it adds once in a document of average length.

        Medians of the lists themselves would make them 1 % smaller, but change with nearly every document.
        """
        centre = [
            ranking.impact(ranking.term_weight(kind, documents, size), 1, ranking.K1)
            for size in range(1, SMALL)
        ]
        return cls((1, *centre), (_PARAMETER,) * SMALL)


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
