"""Whole numbers in bits, by the code of Rice.

A number n is written with parameter k as n >> k zeros, a one, and the k low bits of n: short where
numbers are about 2^k or less. From `ESCAPE` zeros on, the number follows in 32 bits.
Robert Rice, *Some practical universal noiseless coding techniques*, 1979.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

ESCAPE = 20
"""So many zeros before the one say that the number follows in 32 bits."""

_REMEMBERED = 1 << 13


class BitWriter:
    """Collects bits; the first is the highest of the first byte."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def rice(self, number: int, k: int) -> None:
        """Write one number, 0 or more."""
        self._parts.append(code(number, k))

    def rices(self, numbers: Iterable[int], k: int) -> None:
        """Write numbers with one parameter."""
        self._parts.extend(map(_codes(k).__getitem__, numbers))

    def bits(self, number: int, width: int) -> None:
        """Write a number below 2^width as it is."""
        if width:
            self._parts.append(f"{number:0{width}b}")

    def append(self, other: str) -> None:
        """Write bits given as a text of 0 and 1."""
        self._parts.append(other)

    def text(self) -> str:
        """The bits so far, as a text of 0 and 1."""
        return "".join(self._parts)

    def bytes(self) -> bytes:
        """The bits so far, filled up with zeros to a whole byte."""
        text = self.text()
        size = -(-len(text) // 8)
        return int(text.ljust(size * 8, "0") or "0", 2).to_bytes(size, "big")


class BitReader:
    """Reads what `BitWriter` wrote."""

    def __init__(self, data: bytes) -> None:
        self._text = f"{int.from_bytes(data, 'big'):0{len(data) * 8}b}" if data else ""
        self._at = 0

    def rice(self, k: int) -> int:
        """Read one number."""
        one = self._text.index("1", self._at)
        zeros = one - self._at
        self._at = one + 1
        if zeros >= ESCAPE:
            return self.bits(32)
        return zeros << k | self.bits(k)

    def bits(self, width: int) -> int:
        """Read a number of `width` bits."""
        start = self._at
        self._at += width
        return int(self._text[start : self._at], 2) if width else 0


class _Codes(dict[int, str]):
    """The codes of one parameter; those of small numbers are remembered."""

    def __init__(self, k: int) -> None:
        super().__init__()
        self._k = k

    def __missing__(self, number: int) -> str:
        made = _code(number, self._k)
        if number < _REMEMBERED:
            self[number] = made
        return made


@cache
def _codes(k: int) -> _Codes:
    return _Codes(k)


def code(number: int, k: int) -> str:
    """The bits of a number, as a text of 0 and 1.

    >>> code(0, 0), code(5, 1), code(5, 3)
    ('1', '0011', '1101')
    """
    return _codes(k)[number]


def _code(number: int, k: int) -> str:
    zeros = number >> k
    if zeros >= ESCAPE:
        return "0" * ESCAPE + "1" + f"{number:032b}"
    low = f"{number & ((1 << k) - 1):0{k}b}" if k else ""
    return "0" * zeros + "1" + low


def gap_parameter(range_: int, count: int) -> int:
    """The best parameter for the gaps between `count` numbers spread evenly below `range_`."""
    mean = range_ * 69 // (count * 100)
    return max(mean.bit_length() - 1, 0)


def zigzag(number: int) -> int:
    """A signed number as one that is 0 or more: 0, -1, 1, -2 … become 0, 1, 2, 3 …"""
    return number * 2 if number >= 0 else -number * 2 - 1


def unzigzag(number: int) -> int:
    """The other way round."""
    return -(number + 1 >> 1) if number & 1 else number >> 1
