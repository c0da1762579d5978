"""Many codes of `bits.py` at once, in arrays: a code is a value and how many bits it is written in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_builder.browser.bits import ESCAPE, gap_parameter
from kb_builder.insight.inverted import Flags, Numbers, ends, stretches

_ESCAPE_BITS = 32
# The value of a code, moved to where it ends in a byte, reaches over so many bytes at most.
_REACH = 5


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes to be written one after the other. No value needs more than 33 bits; the rest are zeros."""

    values: Numbers
    widths: Numbers

    def __len__(self) -> int:
        """The number of codes."""
        return len(self.values)

    def take(self, places: Numbers) -> Codes:
        """The codes at these places."""
        return Codes(self.values[places], self.widths[places])


def plain(numbers: Numbers, width: int | Numbers) -> Codes:
    """Numbers as they are, in so many bits."""
    return Codes(numbers, np.broadcast_to(np.asarray(width, np.int64), numbers.shape))


def rice(numbers: Numbers, k: int | Numbers) -> Codes:
    """Numbers by the code of Rice, with one parameter or one for each."""
    zeros = numbers >> k
    one = np.left_shift(1, k)
    escaped = zeros >= ESCAPE
    values = np.where(escaped, 1 << _ESCAPE_BITS | numbers, one | numbers & one - 1)
    return Codes(values, np.where(escaped, ESCAPE + 1 + _ESCAPE_BITS, zeros + 1 + k))


class Sequencer:
    """Puts the codes of several rows in order: `add` gives codes to rows, each call behind the one before.

    `sizes` are the numbers of codes that each row gets in all.
    """

    def __init__(self, sizes: Numbers) -> None:
        self.starts = ends(sizes)
        self._next = self.starts[:-1].copy()
        self._values = np.zeros(self.starts[-1], np.int64)
        self._widths = np.zeros(self.starts[-1], np.int64)

    def add(self, codes: Codes, sizes: Numbers) -> None:
        """Give each row so many of the codes, which are in the order of rows."""
        places = stretches(self._next, sizes)
        self._values[places] = codes.values
        self._widths[places] = codes.widths
        self._next += sizes

    def add_where(self, codes: Codes, rows: Flags) -> None:
        """Give each of these rows one of the codes."""
        self.add(codes, rows.astype(np.int64))

    def finish(self) -> Codes:
        """All codes, row after row."""
        return Codes(self._values, self._widths)


def pack(codes: Codes, files: Sequence[int] | Numbers) -> list[bytes]:
    """The codes as bytes, in several files: `files` are the numbers of codes in each.

    The last byte of a file is filled up with zeros.
    """
    counts = np.asarray(files, np.int64)
    bits = ends(codes.widths)
    borders = ends(counts)
    sizes = np.diff(bits[borders])
    starts = ends(-(-sizes // 8))
    # Where each code ends, if every file begins with a byte of its own.
    last = np.repeat(starts[:-1] * 8 - bits[borders[:-1]], counts) + bits[1:] - 1
    values = codes.values << 7 - (last & 7)
    places = last >> 3
    data = np.zeros(int(starts[-1]), np.int64)
    for _ in range(_REACH + 1):
        # No two codes have a bit in common, so adding bytes puts them together.
        data += np.bincount(places, weights=values & 255, minlength=len(data)).astype(np.int64)
        values = values >> 8
        more = values > 0
        values, places = values[more], places[more] - 1
    whole = data.astype(np.uint8).tobytes()
    return [whole[a:b] for a, b in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)]


def gap_parameters(ranges: int | Numbers, counts: Numbers) -> Numbers:
    """`bits.gap_parameter` for each of many lists."""
    both, places = np.unique(np.asarray(ranges, np.int64) << 32 | counts, return_inverse=True)
    found = [gap_parameter(pair >> 32, pair & 0xFFFFFFFF) for pair in both.tolist()]
    parameters: Numbers = np.array(found, np.int64)[places]
    return parameters


def best_parameters(numbers: Numbers, groups: Numbers) -> Numbers:
    """`bits.best_parameter` for each group of numbers; `groups` are their sizes, all above 0."""
    if not len(groups):
        return np.zeros(0, np.int64)
    starts = ends(groups)[:-1]
    costs = [np.add.reduceat(numbers >> k, starts) + groups * k for k in range(8)]
    best: Numbers = np.argmin(np.stack(costs), axis=0)
    return best


def zigzags(numbers: Numbers) -> Numbers:
    """`bits.zigzag` of each number."""
    return np.where(numbers < 0, -2 * numbers - 1, 2 * numbers)


def bit_lengths(numbers: Numbers | NDArray[np.int32]) -> Numbers:
    """How many bits each number below 2^53 has."""
    return np.frexp(numbers.astype(np.float64))[1].astype(np.int64)
