"""Making the term shards and postings files of all keys, in arrays; FORMAT.md says what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from kb_builder.browser.codes import Sequencer, bit_lengths, pack, plain, rice
from kb_builder.browser.encoding import Encoder, Keys, Table, sums
from kb_builder.browser.files import check_sum
from kb_builder.browser.keys import (
    COUNT_K,
    FREQUENCY_K,
    INLINE,
    SPREAD,
    STEP_BITS,
    SUM_BITS,
    Alphabet,
    Scheme,
    Shards,
    shard_count,
)
from kb_builder.insight.inverted import Flags, Numbers, ends, stretches

# About so many postings are written at a time: 50 MB of arrays.
_BATCH = 250_000
# The bits beside the list of a key, about.
_KEY_BITS = 20
_MOST_STEPS = 16


class Writer:
    """Writes keys into shards."""

    def __init__(self, keys: Keys, scheme: Scheme, alphabet: Alphabet) -> None:
        self._keys = keys
        self._encoder = Encoder(keys, scheme)
        self._width = alphabet.width
        points = np.array([ord(char) for char in alphabet.characters], np.int64)
        self._ranks = np.zeros(points.max(initial=0) + 1, np.int64)
        self._ranks[points] = np.arange(len(points))

    def write(
        self, wanted: Flags, most: int, progress: Callable[[int], None] | None = None
    ) -> Shards:
        """The shards of the wanted keys; one is about `most` bytes long.

        `progress` is told of how many keys each step takes care.
        """
        rows = np.flatnonzero(wanted)
        base = self._keys.base[rows]
        inline = sum(
            int(self._encoder.encode(rows[base <= INLINE][low:high]).codes.widths.sum())
            for low, high in _cuts(base[base <= INLINE])
        )
        count = shard_count(_KEY_BITS * len(rows) + inline, most)
        if not count:
            return Shards((), ())
        shards = self._shards_of(rows, count)
        order = np.argsort(shards, kind="stable")
        rows, shards = rows[order], shards[order]
        terms: list[bytes] = []
        files: list[Sequence[bytes]] = []
        for first, stop in _cuts(sums(self._keys.base[rows], shards, count)):
            low, high = np.searchsorted(shards, (first, stop))
            written = self._write(rows[low:high], shards[low:high] - first, stop - first, most)
            terms += written.terms
            files += written.files
            if progress is not None:
                progress(int(high - low))
        return Shards(terms, files)

    def _letters(self, rows: Numbers) -> tuple[Numbers, Numbers]:
        """The characters of keys as their numbers in the alphabet, and where those of each begin."""
        sizes = self._keys.lengths[rows]
        points = self._keys.letters[stretches(self._keys.first_letters[rows], sizes)]
        return self._ranks[points], ends(sizes)[:-1]

    def _shards_of(self, rows: Numbers, count: int) -> Numbers:
        """`keys.shard_of` of each key."""
        letters, starts = self._letters(rows)
        numbers = letters[starts]
        longer = self._keys.lengths[rows] > 1
        numbers[longer] = numbers[longer] << self._width | letters[starts[longer] + 1]
        return (numbers * SPREAD & 0xFFFFFFFF) * count >> 32

    def _write(self, rows: Numbers, shards: Numbers, count: int, most: int) -> Shards:
        """Some shards with all their keys and the files of their longer lists."""
        lists = self._encoder.encode(rows)
        inline = self._keys.base[rows] <= INLINE
        long = np.flatnonzero(~inline)
        begins = _begins(lists.bits()[long], shards[long], 8 * most)
        longer = lists.of(long)
        in_file = np.cumsum(begins) - 1
        files = pack(longer.codes, sums(longer.sizes, in_file, int(begins.sum())))
        check_sums = np.array([check_sum(file) for file in files], np.int64)
        places = np.where(begins, 1 << SUM_BITS | check_sums[in_file], 0)
        beginnings, heads = self._heads(rows, shards, count)
        whole = Sequencer(heads.sizes + np.where(inline, lists.sizes, 1))
        whole.add(heads.codes, heads.sizes)
        whole.add(lists.of(np.flatnonzero(inline)).codes, np.where(inline, lists.sizes, 0))
        whole.add_where(plain(places, 1 + SUM_BITS * begins), ~inline)
        held = sums(np.diff(whole.starts), shards, count)
        both = Sequencer(beginnings.sizes + held)
        both.add(beginnings.codes, beginnings.sizes)
        both.add(whole.finish(), held)
        borders = np.searchsorted(shards[long][begins], np.arange(count + 1)).tolist()
        return Shards(
            pack(both.finish(), np.diff(both.starts)),
            [files[low:high] for low, high in pairwise(borders)],
        )

    def _heads(self, rows: Numbers, shards: Numbers, count: int) -> tuple[Table, Table]:
        """What stands at the beginning of each shard, and before the list of each key."""
        letters, starts = self._letters(rows)
        sizes, base, words = self._keys.lengths[rows], self._keys.base[rows], self._keys.words[rows]
        first = np.diff(shards, prepend=-1) != 0
        shared = np.where(first, 0, _shared(letters, starts, sizes))
        # Where the key before goes on too, its next character is a smaller one: what counts is the step.
        stepping = ~first & (shared < np.roll(sizes, 1))
        differing = letters[starts + shared]
        steps = differing[stepping] - letters[np.roll(starts, 1)[stepping] + shared[stepping]] - 1
        later = shared[stepping] > 0
        of_shard = shards[stepping]
        to_first = _best_steps(steps[~later], of_shard[~later], count)
        to_later = _best_steps(steps[later], of_shard[later], count)
        each_shard, each_key = np.ones(count, np.int64), np.ones(len(rows), np.int64)
        beginnings = Sequencer(3 * each_shard)
        beginnings.add(rice(np.bincount(shards, minlength=count), COUNT_K), each_shard)
        beginnings.add(plain(to_first, STEP_BITS), each_shard)
        beginnings.add(plain(to_later, STEP_BITS), each_shard)
        rest = sizes - shared
        brief = sizes < 3
        word = brief & (words > 0)
        heads = Sequencer(3 + rest + brief + word)
        heads.add(rice(shared, 0), each_key)
        heads.add(rice(rest - 1, 0), each_key)
        heads.add_where(
            rice(steps, np.where(later, to_later[of_shard], to_first[of_shard])), stepping
        )
        heads.add_where(plain(differing[~stepping], self._width), ~stepping)
        heads.add(plain(letters[stretches(starts + shared + 1, rest - 1)], self._width), rest - 1)
        heads.add(rice(base - 1, FREQUENCY_K), each_key)
        heads.add_where(plain(word[brief].astype(np.int64), 1), brief)
        missing_k = np.maximum(bit_lengths(base[word]) - 3, 0)
        heads.add_where(rice((base - words)[word], missing_k), word)
        return (
            Table(beginnings.finish(), 3 * each_shard),
            Table(heads.finish(), np.diff(heads.starts)),
        )


def _cuts(sizes: Numbers) -> Iterator[tuple[int, int]]:
    """Neighbours that are written together: from which on, and before which."""
    batches = np.cumsum(sizes) // _BATCH
    cuts = [0, *(np.flatnonzero(np.diff(batches)) + 1).tolist(), len(sizes)]
    return pairwise(cuts)


def _begins(bits: Numbers, shards: Numbers, most: int) -> Flags:
    """Which lists begin a file, each of about `most` bits of one shard."""
    begins = np.zeros(len(bits), bool)
    last, size = -1, 0
    for place, (shard, more) in enumerate(zip(shards.tolist(), bits.tolist(), strict=True)):
        begins[place] = shard != last or size + more > most
        size = more if begins[place] else size + more
        last = shard
    return begins


def _shared(letters: Numbers, starts: Numbers, sizes: Numbers) -> Numbers:
    """How many characters each key has in common at the beginning with the one before."""
    shared = np.zeros(len(sizes), np.int64)
    alike = np.arange(1, len(sizes))
    for place in range(int(sizes.max(initial=0))):
        alike = alike[(sizes[alike] > place) & (sizes[alike - 1] > place)]
        alike = alike[letters[starts[alike] + place] == letters[starts[alike - 1] + place]]
        shared[alike] += 1
        if not len(alike):
            break
    return shared


def _best_steps(steps: Numbers, shards: Numbers, count: int) -> Numbers:
    """For each shard the parameter that writes its steps in the fewest bits."""
    costs = [sums(rice(steps, k).widths, shards, count) for k in range(_MOST_STEPS)]
    best: Numbers = np.argmin(np.stack(costs), axis=0)
    return best
