"""Which pieces of four characters texts hold, as arrays: ten thousand texts have some millions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

PIECE = 4
"""Characters: as long as most names with what stands beside them."""

_WORD = re.compile(r"[^\W_]")
_APART = "\n"
"""Stands between two texts; no piece reaches over it."""

Integers = NDArray[np.int64]


class Pieces:
    """The pieces of many texts: every four letters or digits that stand together.

    Texts and pieces have numbers, from 0; those of texts are their places. `texts` and `pieces` are as long as each
    other: which text holds which piece, each pair once, sorted by piece and then by text. `frequency` says of every
    piece in how many texts it is.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._whole = _APART.join((*texts, ""))
        places, codes = _found(self._whole)
        ends = np.cumsum([len(text) + len(_APART) for text in texts])
        owners = np.searchsorted(ends, places, side="right")
        # What was in the order of texts stays in it among what is equal.
        order = np.argsort(codes, kind="stable")
        codes, owners = codes[order], owners[order]
        other_piece = _differing(codes)
        kept = other_piece | _differing(owners)
        self.pieces: Integers = (np.cumsum(other_piece) - 1)[kept]
        self.texts: Integers = owners[kept]
        self.frequency: Integers = np.bincount(self.pieces)
        self._examples = places[order][other_piece]

    def held_by(self, texts: Collection[int]) -> Mapping[int, frozenset[int]]:
        """The pieces of some of the texts."""
        chosen = np.isin(self.texts, np.array(sorted(texts), dtype=np.int64))
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
        place = int(self._examples[piece])
        return self._whole[place : place + PIECE]


def _found(whole: str) -> tuple[Integers, Integers]:
    """The places at which a piece begins, and a number for each that is the same for equal pieces only."""
    codes = np.frombuffer(whole.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    present = np.zeros(0x110000, dtype=bool)
    present[codes] = True
    characters = np.flatnonzero(present)
    is_word = np.zeros(present.size, dtype=bool)
    is_word[characters] = [bool(_WORD.match(chr(code))) for code in characters.tolist()]
    numbers = np.zeros(present.size, dtype=np.int64)
    numbers[characters] = np.arange(characters.size)
    ranks, within = numbers[codes], is_word[codes]
    begins = within[: 1 - PIECE] & within[1 : 2 - PIECE] & within[2 : 3 - PIECE] & within[3:]
    places = np.flatnonzero(begins)
    pairs, size = ranks[:-1] * characters.size + ranks[1:], characters.size**2
    if size**2 > np.iinfo(np.int64).max:
        # More sorts of characters than any language has: only pairs that occur are counted.
        known, pairs = np.unique(pairs, return_inverse=True)
        size = known.size
    return places, pairs[places] * size + pairs[places + 2]


def _differing(values: Integers) -> NDArray[np.bool_]:
    """Where a value isn't the one before it."""
    found = np.ones(values.size, dtype=bool)
    found[1:] = values[1:] != values[:-1]
    return found
