"""Which pieces of four characters texts hold, as arrays: ten thousand texts have some millions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

import numpy as np
from numpy.typing import NDArray

PIECE = 4
"""Characters: as long as most names with what stands beside them."""

_WORD = re.compile(r"[^\W_]")
_APART = "\n"
"""Stands between two texts; no piece reaches over it."""

# So many texts are read at a time: what that needs stays in the processor's cache.
_BLOCK = 128
# Pieces are counted in so many parts, one after the other: each takes room of its own.
_PARTS = 4
# A letter is a number of so many bits, four of them a piece.
_LETTER_BITS = 16
_OWNER_BITS = 32

Integers = NDArray[np.int64]
Small = NDArray[np.int32]
Codes = NDArray[np.uint64]


class Pieces:
    """The pieces that are in more than one of many texts: every four letters or digits that stand together.

    Texts and pieces have numbers, from 0; those of texts are their places. `texts` and `pieces` are as long as each
    other: which text holds which piece, each pair once, sorted by piece and then by text. `frequency` says of every
    piece in how many texts it is; `alone` of every text how many pieces it holds that are in no other.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._letters = _Letters()
        parts: list[list[tuple[Codes, Small]]] = [[] for _ in range(_PARTS)]
        total = 0
        for block in _blocks(texts):
            codes, owners = self._letters.pieces(block)
            owners += total
            total += len(block)
            which = (codes % np.uint64(_PARTS)).astype(np.uint8)
            order = np.argsort(which, kind="stable")
            cuts = np.cumsum(np.bincount(which, minlength=_PARTS))[:-1]
            of_codes, of_owners = np.split(codes[order], cuts), np.split(owners[order], cuts)
            for part, one, other in zip(parts, of_codes, of_owners, strict=True):
                part.append((one, other))
        self.alone: Integers = np.zeros(total, np.int64)
        found = []
        known = 0
        while parts:
            codes, pieces, owners = self._shared(parts.pop())
            found.append((codes, (pieces + known).astype(np.int32), owners))
            known += len(codes)
        self._codes: Codes = np.concatenate([each[0] for each in found])
        self.pieces: Small = np.concatenate([each[1] for each in found])
        self.texts: Small = np.concatenate([each[2] for each in found])
        self.frequency: Integers = np.bincount(self.pieces, minlength=known)

    def _shared(self, part: list[tuple[Codes, Small]]) -> tuple[Codes, Integers, Small]:
        """The codes of those of some pieces that are in more than one text; which of these is in which text."""
        codes = np.concatenate([np.zeros(0, np.uint64), *(each[0] for each in part)])
        owners = np.concatenate([np.zeros(0, np.int32), *(each[1] for each in part)])
        order = np.argsort(codes)
        codes, owners = codes[order], owners[order]
        first = _differing(codes)
        held = np.cumsum(first) - 1 << _OWNER_BITS | owners
        held.sort()
        held = held[_differing(held)]
        pieces, owners = held >> _OWNER_BITS, held.astype(np.int32)
        shared = np.bincount(pieces) > 1
        kept = shared[pieces]
        self.alone += np.bincount(owners[~kept], minlength=len(self.alone))
        return codes[first][shared], (np.cumsum(shared) - 1)[pieces[kept]], owners[kept]

    def held_by(self, texts: Collection[int]) -> Mapping[int, frozenset[int]]:
        """The pieces of some of the texts."""
        asked = np.zeros(len(self.alone), bool)
        asked[list(texts)] = True
        chosen = asked[self.texts]
        owners, pieces = self.texts[chosen], self.pieces[chosen]
        order = np.argsort(owners, kind="stable")
        owners, pieces = owners[order], pieces[order]
        return {
            text: frozenset(
                pieces[slice(*np.searchsorted(owners, (text, text + 1)).tolist())].tolist()
            )
            for text in texts
        }

    def written(self, piece: int) -> str:
        """The characters of a piece."""
        return self._letters.written(int(self._codes[piece]))


class _Letters:
    """Numbers the letters and digits of texts as they come, from 1; what is none is 0.

    There are more numbers than any language has letters; what should come after the last makes no pieces.
    """

    def __init__(self) -> None:
        self._numbers = np.zeros(0x110000, np.uint16)
        self._seen = np.zeros(0x110000, bool)
        self._known = [0]

    def pieces(self, texts: list[str]) -> tuple[Codes, Small]:
        """Each piece of some texts as a number, as often as it is there, and the place of its text."""
        whole = _APART.join((*texts, ""))
        points = np.frombuffer(whole.encode("utf-32-le"), np.uint32)
        self._learn(points[~self._seen[points]])
        numbers = self._numbers[points].astype(np.uint64)
        within = numbers > 0
        begins = within[:-3] & within[1:-2] & within[2:-1] & within[3:]
        bits = np.uint64(_LETTER_BITS)
        pairs = numbers[:-1] << bits | numbers[1:]
        codes: Codes = (pairs[:-2] << 2 * bits | pairs[2:])[begins]
        sizes = [len(text) + len(_APART) for text in texts]
        owners = np.repeat(np.arange(len(texts), dtype=np.int32), sizes)[: len(begins)]
        return codes, owners[begins]

    def _learn(self, points: NDArray[np.uint32]) -> None:
        for point in np.unique(points).tolist():
            self._seen[point] = True
            if _WORD.match(chr(point)) and len(self._known) < 1 << _LETTER_BITS:
                self._numbers[point] = len(self._known)
                self._known.append(point)

    def written(self, code: int) -> str:
        """The characters of the piece that has this number."""
        letter = (1 << _LETTER_BITS) - 1
        shifts = range((PIECE - 1) * _LETTER_BITS, -1, -_LETTER_BITS)
        return "".join(chr(self._known[code >> shift & letter]) for shift in shifts)


def _blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(texts)
    while block := list(islice(rest, _BLOCK)):
        yield block


def _differing(values: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Where a value isn't the one before it."""
    found = np.ones(values.size, dtype=bool)
    found[1:] = values[1:] != values[:-1]
    return found
