"""The lists of many keys at once, in arrays: what `lists.decode` reads one by one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, groupby

import numpy as np

from kb_builder.analysis.analyzer import KINDS, is_han
from kb_builder.browser.codes import (
    Codes,
    Sequencer,
    best_parameters,
    gap_parameters,
    plain,
    rice,
    zigzags,
)
from kb_builder.browser.keys import Scheme
from kb_builder.browser.lists import SMALL
from kb_builder.insight.inverted import (
    Inversion,
    Numbers,
    any_letter,
    ends,
    letters,
    stretches,
)

_WORD = KINDS.index("word")
_LARGEST_RATIO = 1023


class Keys:
    """The keys of an index in code point order, and where the postings of each are.

    By key: `lengths` in characters, `base` and `words` as `keys.Key` has them, but a key of three characters or
    more has all its postings in its base and no words beside. `letters` are the characters of all keys, those of
    each from its `first_letters` on.
    """

    def __init__(self, inversion: Inversion) -> None:
        self.documents = inversion.documents
        names = [inversion.counts[kind].names for kind in KINDS]
        # Lists that are in order are merged, not sorted.
        self.texts = [name for name, _ in groupby(sorted(chain(*names)))]
        count = len(self.texts)
        self.letters, starts_of_letters = letters(self.texts)
        self.first_letters = starts_of_letters[:-1]
        self.lengths = np.diff(starts_of_letters)
        han = any_letter(is_han, self.letters, starts_of_letters)
        # What a key is in a document, be it a word or not.
        of_han = np.where(self.lengths == 1, KINDS.index("char"), KINDS.index("bigram"))
        self.kinds = np.where(self.lengths > 2, _WORD, np.where(han, of_han, KINDS.index("infix")))
        numbers = {text: number for number, text in enumerate(self.texts)}
        rows = [np.fromiter(map(numbers.__getitem__, each), np.int64, len(each)) for each in names]
        del names, numbers  # they take more than what follows
        found = np.zeros((len(KINDS), count), np.int64)
        starts = np.zeros((len(KINDS), count), np.int64)
        sizes = [len(inversion.counts[kind].terms) for kind in KINDS]
        befores = ends(sizes)
        self.docnums = np.empty(befores[-1], np.int32)
        self.impacts = np.empty(befores[-1], np.uint8)
        # The largest first: what it needs meanwhile is gone before the others fill the room.
        for place in sorted(range(len(KINDS)), key=sizes.__getitem__, reverse=True):
            terms = inversion.terms(KINDS[place])
            found[place, rows[place]] = terms.frequencies
            starts[place, rows[place]] = terms.starts[:-1] + befores[place]
            self.docnums[befores[place] : befores[place + 1]] = terms.docnums
            self.impacts[befores[place] : befores[place + 1]] = terms.impacts
        everyone = np.arange(count)
        self.base = found[self.kinds, everyone]
        self.base_starts = starts[self.kinds, everyone]
        self.words = np.where(self.lengths > 2, 0, found[_WORD])
        self.word_starts = starts[_WORD]

    def frequencies_of_words(self) -> dict[str, int]:
        """The keys that are words, with the number of documents in which they are."""
        found = np.where(self.lengths > 2, self.base, self.words).tolist()
        return {text: number for text, number in zip(self.texts, found, strict=True) if number}


@dataclass(frozen=True, slots=True)
class Table:
    """Codes of several rows: so many of each, row after row."""

    codes: Codes
    sizes: Numbers

    def bits(self) -> Numbers:
        """How many bits each row has."""
        return np.diff(ends(self.codes.widths)[ends(self.sizes)])

    def of(self, rows: Numbers) -> Table:
        """Some of the rows."""
        sizes = self.sizes[rows]
        return Table(self.codes.take(stretches(ends(self.sizes)[rows], sizes)), sizes)


class Encoder:
    """Encodes the lists of keys."""

    def __init__(self, keys: Keys, scheme: Scheme) -> None:
        self._keys = keys
        centres = [getattr(scheme, kind) for kind in KINDS]
        self._centres = np.array([each.centre for each in centres], np.int64)
        self._parameters = np.array([each.parameter for each in centres], np.int64)

    def encode(self, rows: Numbers) -> Table:
        """The lists of the keys in these rows."""
        keys = self._keys
        base, words, kinds = keys.base[rows], keys.words[rows], keys.kinds[rows]
        starts = ends(base)[:-1]
        owners = np.repeat(np.arange(len(rows)), base)
        places = stretches(keys.base_starts[rows], base)
        docnums, impacts = (
            keys.docnums[places].astype(np.int64),
            keys.impacts[places].astype(np.int64),
        )
        many = base >= SMALL
        centre = self._centres[kinds, base % SMALL]
        of_many, sizes = many[owners], base[many]
        ordered = np.sort(owners[of_many] << 8 | impacts[of_many])
        centre[many] = ordered[ends(sizes)[:-1] + sizes // 2] & 255
        offsets = zigzags(impacts - centre[owners])
        k = self._parameters[kinds, base % SMALL]
        k[many] = best_parameters(offsets[of_many], sizes)

        # The documents in which it is a word, by their places among those that hold it.
        own = np.repeat(np.arange(len(rows)), words)
        places = stretches(keys.word_starts[rows], words)
        held = np.searchsorted(owners << 32 | docnums, own << 32 | keys.docnums[places])
        values, held_impacts = keys.impacts[places].astype(np.int64), impacts[held]
        # Of those that are words and those that are not, the fewer are named; none where all are words.
        is_word = np.zeros(len(owners), bool)
        is_word[held] = True
        some = (words > 0) & (words < base)
        named = some[owners] & (is_word == (words * 2 <= base)[owners])
        namers = owners[named]
        names = np.bincount(namers, minlength=len(rows))
        many_words = words >= SMALL
        ratio = _ratios(64 * self._centres[_WORD, words % SMALL], centre)
        ratio[many_words] = _ratios(
            64 * sums(values, own, len(rows)), sums(held_impacts, own, len(rows))
        )[many_words]
        word_offsets = zigzags(values - (held_impacts * ratio[own] >> 6))
        word_k = self._parameters[_WORD, words % SMALL]
        word_k[many_words] = best_parameters(word_offsets[many_words[own]], words[many_words])

        out = Sequencer(2 * base + 2 * many + names + words + 2 * many_words)
        out.add(_gaps(docnums, owners, base, keys.documents), base)
        out.add_where(plain(centre[many], 8), many)
        out.add_where(plain(k[many], 3), many)
        out.add(rice(offsets, k[owners]), base)
        out.add(_gaps(np.flatnonzero(named) - starts[namers], namers, names, base), names)
        out.add_where(plain(ratio[many_words], 10), many_words)
        out.add_where(plain(word_k[many_words], 3), many_words)
        out.add(rice(word_offsets, word_k[own]), words)
        return Table(out.finish(), np.diff(out.starts))


def sums(values: Numbers, groups: Numbers, count: int) -> Numbers:
    """The sum of the values of each group; exact, as all are far below 2 to the 53rd."""
    return np.bincount(groups, weights=values, minlength=count).astype(np.int64)


def _ratios(words: Numbers, base: Numbers) -> Numbers:
    """By how many 64ths to multiply `base` to come near `words`, which is 64 times what it stands for."""
    nearest: Numbers = (words + base // 2) // np.maximum(base, 1)
    return np.minimum(nearest, _LARGEST_RATIO)


def _gaps(numbers: Numbers, owners: Numbers, counts: Numbers, ranges: int | Numbers) -> Codes:
    """The ascending numbers of each owner as the gaps between them."""
    gaps = np.diff(numbers, prepend=0) - 1
    first = np.diff(owners, prepend=-1) != 0
    gaps[first] = numbers[first]
    present = counts > 0
    k = np.zeros(len(counts), np.int64)
    k[present] = gap_parameters(np.broadcast_to(ranges, counts.shape)[present], counts[present])
    return rice(gaps, k[owners])
