"""How alike a text and the documents of a base are: the one notion of it.

Used by `kb similar`, the page that finds precedents, and the list of similar cases on every case
page. A text is cut with the words of the index, as a query is; those of its terms that tell most
are scored with the impacts of `ranking.py`. In whole numbers throughout, so that
`browser/client/similar.js`, which does the same, gives the same order; `tests/vectors/similar.json`
is read by both.

A pasted complaint differs from a query in two ways. What it is about it says several times, so a term
counts by how rare it is and by how often it is said. And it has many hundred different terms, more
than a browser can look up: which pairs of characters are looked up at all is decided by the
frequencies of single characters, which fit in a few files. `benchmarks/precedents.py` shows what
both do to the order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from kb_builder import ranking
from kb_builder.analysis.analyzer import KINDS, Kind, boundary_bigrams, is_han, pieces, stretches
from kb_builder.analysis.cutting import (
    MAX_SYNONYMS,
    Cut,
    cut_words,
    find_synonyms,
    log2,
    parts_of,
)
from kb_builder.analysis.folding import fold
from kb_builder.ranking import Postings, Synonym

MAX_TEXT = 5_000
"""Of a longer text, the first so many characters are read; `Similar.shortened` says so."""

# Weights are 16ths of a bit of rarity; scores are in units of 8 bits, so that a term in one document
# of 256 counts for what its impact says.
WEIGHT_SHIFT = 4
SCORE_SHIFT = 7
# The natural logarithm of 2 in 256ths.
_LN2 = 177

Groups = Iterable[tuple[Kind, int, Sequence[str]]]
"""The terms of a text: a kind, a count, and the terms of this kind that are in the text so often."""

Frequency = Callable[[Kind, str], int]

Rarity = Callable[[str], int]
"""Bits of rarity of a term, in 256ths; below 0, less 1, for a common term; 0 for one that is nowhere."""


class Index(Protocol):
    """What is asked of an index: `index.Searcher`, `browser.Reader` and `neighbours.Memory` are some.

    Its length is the number of documents, `frequency` how many of them hold a term, `postings`
    which ones, and with what impact.
    """

    def __len__(self) -> int: ...

    def frequency(self, kind: str, term: str) -> int: ...

    def postings(self, kind: str, term: str) -> Postings: ...


@dataclass(frozen=True, slots=True)
class Telling:
    """A term that a text is compared by, in 16ths of a bit of rarity, times how often it is said."""

    kind: Kind
    term: str
    weight: int


@dataclass(frozen=True, slots=True)
class Similar:
    """What is like a text: document number → score, and by what.

    `terms` tell most first. `through` are the (word, synonym) pairs by which a document was found
    that holds the synonym instead of the word. `shortened`: only the first `MAX_TEXT` characters
    were read.
    """

    scores: Mapping[int, int]
    terms: tuple[Telling, ...]
    through: Mapping[int, Sequence[tuple[str, str]]] = field(default_factory=dict)
    shortened: bool = False


def find(text: str, index: Index, synonyms: Mapping[str, tuple[str, ...]] | None = None) -> Similar:
    """The documents of `index` that are like `text`; equal scores are to be ordered by id.

    `synonyms` is what `cutting.synonym_table` makes. A document without any chosen term of two
    characters or more is like the text only when there are no others, as in a search.
    """
    documents = len(index)
    runs = stretches(fold(text[:MAX_TEXT]))
    candidates = _candidates(runs)
    characters = {
        char: rarity(index.frequency("char" if is_han(char) else "infix", char), char, documents)
        for char in sorted(set("".join(candidates)))
    }
    held = choose_pairs(_by_count(candidates), characters.__getitem__, documents)

    def frequency(kind: Kind, term: str) -> int:
        return index.frequency(kind, term) if len(term) < 2 or term[:2] in held else 0

    counts, rows = _count(runs, documents, frequency)
    groups = [
        (kind, count, terms) for kind in KINDS for count, terms in _by_count(counts[kind]).items()
    ]
    terms = weigh(groups, lambda kind: lambda term: rarity(frequency(kind, term), term, documents))
    chosen = _choose_synonyms(rows, synonyms or {}, index)
    scores = ranking.add_up(_weighted(terms, index), chosen)
    return Similar(_rounded(scores.totals), terms, scores.through, len(text) > MAX_TEXT)


def rarity(frequency: int, term: str, documents: int) -> int:
    """How rare a term is that is in `frequency` of `documents` documents, as `Rarity` says it."""
    if not frequency:
        return 0
    bits = _log2(documents + 1) - _log2(frequency)
    return -bits - 1 if ranking.is_common(term, frequency, documents) else bits


def choose_pairs(
    candidates: Mapping[int, Sequence[str]], rarity_of: Rarity, documents: int
) -> frozenset[str]:
    """The beginnings (two characters) that are looked up, of bigrams and Latin words by count.

    How rare a term is, is guessed from its characters, as if they stood together by chance.
    """
    guess = guesser(rarity_of, documents)
    best: dict[str, int] = {}
    get = best.get
    for count, terms in candidates.items():
        said = emphasis(count)
        for term in terms:
            bits = guess(term)
            if bits >= 0:
                pair = term[:2]
                value = bits * said >> 8
                if value >= get(pair, 0):
                    best[pair] = value
    ordered = sorted([(-value, pair) for pair, value in best.items()])
    return frozenset([pair for _, pair in ordered[: ranking.MAX_SIMILAR_PAIRS]])


def guesser(rarity_of: Rarity, documents: int) -> Callable[[str], int]:
    """What guesses the rarity of a term from that of its characters; below 0 where one is nowhere."""
    most = _log2(documents + 1)

    def guess(term: str) -> int:
        total = 0
        for char in term:
            bits = rarity_of(char)
            if not bits:  # No document holds it.
                return -1
            total += bits if bits > 0 else -bits - 1
        return total if total < most else most

    return guess


def weigh(groups: Groups, rarity_in: Callable[[Kind], Rarity]) -> tuple[Telling, ...]:
    """Those terms that tell most: rare ones, and those said often. Common ones are left out, as in a
    search, unless there are no others.
    """
    telling: list[tuple[int, Kind, str]] = []
    common: list[tuple[int, Kind, str]] = []
    for kind, count, terms in groups:
        rarity_of = rarity_in(kind)
        said = emphasis(count)
        shift = 8 + WEIGHT_SHIFT + (kind == "char")
        for term in terms:
            bits = rarity_of(term)
            if bits > 0:
                telling.append((-(bits * said >> shift) or -1, kind, term))
            elif bits:
                common.append((-((-bits - 1) * said >> shift) or -1, kind, term))
    if not any(len(term) > 1 for _, _, term in telling):
        telling += common
    telling.sort()
    best = telling[: ranking.MAX_SIMILAR_TERMS]
    return tuple([Telling(kind, term, -weight) for weight, kind, term in best])


def because(
    found: Similar, text: str, docnum: int, index: Index, texts: Sequence[str], limit: int = 6
) -> tuple[str, ...]:
    """The words of a text that made a document like it, those that counted most first, folded.

    `text` may be a part of what was looked for; what stands only in the rest is not named.
    Each stands as it is in the text and in one of `texts`, those of the document (a synonym: only there).
    Words that overlap are joined; pairs of characters that are no words are named only when there is
    nothing else.
    """
    parts: Counter[str] = Counter()
    words: set[str] = set()
    said = fold(text[:MAX_TEXT])
    for each in found.terms:
        if len(each.term) < 2 or each.term not in said:
            continue
        value = impact_in(index.postings(each.kind, each.term), docnum)
        if value:
            parts[each.term] += value * each.weight
            if each.kind == "word":
                words.add(each.term)
    folded = [fold(each) for each in texts]
    named = _join(said, parts, words, folded)
    for word, synonym in found.through.get(docnum, ()):
        if word in said:
            named.setdefault(synonym, 1)
    ordered = sorted(named or parts, key=lambda name: (-(named or parts)[name], name))
    chosen: list[str] = []
    for name in ordered:
        if len(chosen) < limit and not any(name in each or each in name for each in chosen):
            chosen.append(name)
    return tuple(chosen)


_LONGEST_NAME = 8


def _join(
    text: str, parts: Mapping[str, int], words: Collection[str], texts: Sequence[str]
) -> dict[str, int]:
    """Readable names and what they counted: words, words that overlap, and what pairs make together."""

    def shared(name: str) -> bool:
        return any(name in each for each in texts)

    named = {word: parts[word] for word in words if word in text and shared(word)}
    places = sorted((at, at + len(part), part) for part in parts for at in _places(text, part))
    group: list[tuple[int, int, str]] = []
    end = 0
    for place in [*places, (len(text), 0, "")]:
        if group and place[0] >= end:
            # A pair at the edge of a word is half of another; without any word, pairs make a name.
            whole = [(low, high) for low, high, part in group if part in words]
            low, high = (
                (whole[0][0], max(high for _, high in whole)) if whole else (group[0][0], end)
            )
            name = text[low:high]
            if len(group) > 1 and 2 < len(name) <= _LONGEST_NAME and shared(name):
                inside = {part for start, stop, part in group if low <= start and stop <= high}
                named[name] = max(named.get(name, 0), sum(parts[part] for part in inside))
            group, end = [], 0
        group.append(place)
        end = max(end, place[1])
    return named


def _places(text: str, part: str) -> Iterable[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


def impact_in(postings: Postings, docnum: int) -> int:
    """What a term adds to the score of a document; 0 where it isn't in it."""
    place = bisect_left(postings.docnums, docnum)
    if place < len(postings.docnums) and postings.docnums[place] == docnum:
        return postings.impacts[place]
    return 0


# The same few numbers again and again.
_log2 = lru_cache(maxsize=4096)(log2)


@lru_cache(maxsize=4096)
def emphasis(count: int) -> int:
    """What it counts to be said several times, in 256ths: 1 + ln(count)."""
    return 256 + (log2(count) * _LN2 >> 8)


def _candidates(found: Iterable[Sequence[str]]) -> Counter[str]:
    """The bigrams of a text, and its Latin words and their pieces, with their counts."""
    counts: Counter[str] = Counter()
    for runs in found:
        counts.update(boundary_bigrams(runs))
        for run in runs:
            if is_han(run):
                counts.update(map(str.__add__, run, run[1:]))
            elif len(run) > 1:
                counts[run] += 1
                counts.update(piece for _, piece in pieces(run) if len(piece) > 1)
    return counts


def _by_count(counts: Mapping[str, int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for term, count in counts.items():
        found.setdefault(count, []).append(term)
    return found


def _count(
    found: Iterable[Sequence[str]], documents: int, frequency: Frequency
) -> tuple[Mapping[Kind, Counter[str]], list[tuple[str, ...]]]:
    """The terms of a text, cut with the words of the index, with their counts; the words of each stretch."""
    counts: dict[Kind, Counter[str]] = {kind: Counter() for kind in KINDS}
    words, bigrams, chars = counts["word"], counts["bigram"], counts["char"]
    rows = []
    for runs in found:
        bigrams.update(boundary_bigrams(runs))
        leader = ""
        row: list[str] = []
        for run in runs:
            if not is_han(run):
                words[run] += 1
                words.update(piece for _, piece in pieces(run))
                row.append(run)
                leader = run
                continue
            chars.update(run)
            bigrams.update(map(str.__add__, run, run[1:]))
            cut = cut_words(run, documents, frequency)
            row += cut
            if leader:
                words[leader + cut[0]] += 1
                leader = ""
            words.update(cut)
            for word in cut:
                for size in range(2, min(len(word), 4)):
                    words.update(word[i : i + size] for i in range(len(word) - size + 1))
        rows.append(tuple(row))
    return counts, rows


def _choose_synonyms(
    rows: Iterable[tuple[str, ...]], table: Mapping[str, tuple[str, ...]], index: Index
) -> list[Synonym]:
    """The synonyms that count, of words that are said in most stretches; weighed as what they are."""
    said = Counter(pair for row in rows for pair in find_synonyms(Cut((), (row,)), table))
    pairs = sorted(said, key=lambda pair: (-said[pair], pair))[:MAX_SYNONYMS]
    chosen = []
    for synonym in ranking.choose_synonyms(pairs, parts_of, index.postings, len(index)):
        rarity = log2(len(index) + 1) - log2(len(synonym.postings.docnums))
        weight = max(rarity * emphasis(said[synonym.word, synonym.text]) >> 8 + WEIGHT_SHIFT, 1)
        own, other = _scaled(synonym.word_postings, weight), _scaled(synonym.postings, weight)
        chosen.append(Synonym(synonym.word, own, synonym.text, other))
    return chosen


def _weighted(terms: Iterable[Telling], index: Index) -> Iterable[tuple[str, Postings]]:
    for each in terms:
        yield each.term, _scaled(index.postings(each.kind, each.term), each.weight)


def _scaled(postings: Postings, weight: int) -> Postings:
    return Postings(postings.docnums, [impact * weight for impact in postings.impacts])


def _rounded(totals: Mapping[int, int]) -> dict[int, int]:
    return {docnum: rounded(total) for docnum, total in totals.items()}


def rounded(total: int) -> int:
    """A sum of impacts times weights as a score."""
    return max(total >> SCORE_SHIFT, 1)
