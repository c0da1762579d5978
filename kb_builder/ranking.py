"""The ranking formula and its weights, written once.

BM25 (Robertson & Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond*, 2009), for each
kind of term on that kind's own statistics; the scores of the kinds are added. Fields enter as in
Robertson, Zaragoza & Taylor, *Simple BM25 extension to multiple weighted fields*, 2004: a term that
is once in the title with weight 3 counts like three times in a text of weight 1, and the length of
a document is weighted the same way.

What a term adds to the score of a document is rounded to a whole number, its *impact*, and the score is
the sum of the impacts. So a score does not depend on the order of addition, and a reader's
browser, which adds stored impacts, gets the same scores as the command line, to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

K1 = 0.6
B = 0.9

# Impacts fit in 8 bits: twentieths of a BM25 point, and a term that is in one document of
# 500,000 still stays below 255. nDCG@10 with these and with floating point differs by
# less than 0.0003 on each evaluation set.
IMPACT_SCALE = 20
MAX_IMPACT = 255

# Six digits of a number of documents or terms say enough: nDCG@10 is the same within .0002 on each evaluation set.
_STEADY_BITS = 6
# The mean length is rounded in such parts of a term, for there are few terms of some kinds.
_MEAN_PARTS = 1024

# A pasted text has hundreds of terms; the rarest of them find as much as all of them.
MAX_QUERY_TERMS = 96

# A whole text is compared with documents by so many terms, found by so many pairs of characters:
# benchmarks/precedents.py. More of either find no more, and fewer pairs are fewer files to fetch.
MAX_SIMILAR_TERMS = 128
MAX_SIMILAR_PAIRS = 200

# A term in more than a fifth of the documents, a single character in more than a tenth, tells
# nothing apart, and its postings are the longest: without them a query reads half as many, and
# nDCG@10 is the same or a little better on each evaluation set. A small base keeps them all.
COMMON_SHARE = 5
COMMON_CHARACTER_SHARE = 10
COMMON_FLOOR = 100

# Single characters count half: on the enquiries and the Traditional set that was better than whole
# or a quarter.
CHARACTER_WEIGHT = 0.5

# A synonym counts half, and never more than half of what the word itself counts at most.
SYNONYM_DIVISOR = 2


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term of a query that is in the index.

    `kind` is word, bigram, char or infix; `frequency` the number of documents it is in, at least 1.
    An infix of three characters or more stands for all the infixes in it, and has the least of
    their frequencies.
    """

    kind: str
    term: str
    frequency: int


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents, ascending, and what a term adds to the score of each."""

    docnums: Sequence[int]
    impacts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Synonym:
    """`text` stands in for `word` of the query in documents that don't hold `word`."""

    word: str
    word_postings: Postings
    text: str
    postings: Postings


@dataclass(frozen=True, slots=True)
class Scores:
    """Document → score of every hit; `through` says which synonyms (word, synonym) counted."""

    totals: dict[int, int]
    through: dict[int, list[tuple[str, str]]]


def steady(number: int) -> int:
    """A whole number rounded to its six highest binary digits: at most 1.6 % away from it.

    What follows from such a number stays the same when one document of many changes. Were it exact, a word more in one
    would change a little what every term adds to every other, and with it every file of the index.

    >>> steady(63), steady(100), steady(9563)
    (63, 100, 9472)
    """
    beyond = max(number.bit_length() - _STEADY_BITS, 0)
    return (number + (1 << beyond >> 1) >> beyond) << beyond


def idf(documents: int, frequency: int) -> float:
    """How much a term in `frequency` of about `documents` documents tells; always above 0."""
    about = max(steady(documents), frequency)
    return math.log(1 + (about - frequency + 0.5) / (frequency + 0.5))


def term_weight(kind: str, documents: int, frequency: int) -> float:
    """What a term of `kind` in `frequency` of `documents` documents weighs."""
    return idf(documents, frequency) * (CHARACTER_WEIGHT if kind == "char" else 1)


def dampings(lengths: Sequence[int], documents: int) -> list[float]:
    """For each document, the count at which a term has half of its greatest effect.

    `lengths` are the weighted numbers of terms of one kind, 0 for a document that was deleted;
    `documents` is the number of those that were not. Lengths and their mean are taken as `steady` has them.
    """
    total = sum(lengths)
    if not total:
        return [K1] * len(lengths)
    mean = max(steady(_MEAN_PARTS * total // documents), 1) / _MEAN_PARTS
    flat, slope = K1 * (1 - B), K1 * B / mean
    return [flat + slope * steady(length) for length in lengths]


def impact(weight: float, count: int, damping: float) -> int:
    """What a term with the given `weight`, `count` times in a document, adds to its score: 1 to 255.

    Never 0, so that a document that holds a term of the query is always a hit.
    """
    value = round(IMPACT_SCALE * weight * count / (count + damping))
    return min(max(value, 1), MAX_IMPACT)


def impacts(
    weight: float, docnums: Sequence[int], counts: Sequence[int], dampings: Sequence[float]
) -> list[int]:
    """The `impact` of each posting of a term; `dampings` are by document number.

    The same numbers in the same order of operations, several times faster than one by one.
    """
    scaled = IMPACT_SCALE * weight
    values = [
        round(scaled * count / (count + dampings[docnum]))
        for docnum, count in zip(docnums, counts, strict=True)
    ]
    # No value is above `scaled`, and only terms that are nearly everywhere come down to 0.
    if scaled > MAX_IMPACT or 0 in values:
        pairs = zip(docnums, counts, strict=True)
        return [impact(weight, count, dampings[docnum]) for docnum, count in pairs]
    return values


def is_common(term: str, frequency: int, documents: int) -> bool:
    """Whether a term is passed over because it is in too many documents."""
    share = COMMON_CHARACTER_SHARE if len(term) == 1 else COMMON_SHARE
    return frequency > COMMON_FLOOR and frequency * share > documents


def select_terms(terms: Iterable[QueryTerm], documents: int) -> list[QueryTerm]:
    """The terms that a query is scored by, rarest first, each once.

    Common terms are left out, but never all bigrams: a document that holds the query as it stands
    holds its bigrams, while its words may have been cut otherwise. Common characters stay when there is
    nothing else (退 alone must find something). At most `MAX_QUERY_TERMS` are taken. A term counts
    once, however often the query repeats it.
    """
    ordered = sorted(set(terms), key=lambda t: (t.frequency, t.kind, t.term))
    telling = [t for t in ordered if not is_common(t.term, t.frequency, documents)]
    if not any(t.kind in ("bigram", "infix") and len(t.term) > 1 for t in telling):
        telling = [t for t in ordered if len(t.term) > 1 or t in telling] or ordered
    return telling[:MAX_QUERY_TERMS]


def choose_synonyms(
    pairs: Iterable[tuple[str, str]],
    parts_of: Callable[[str], Sequence[tuple[str, str]]],
    postings: Callable[[str, str], Postings],
    documents: int,
) -> list[Synonym]:
    """The synonyms that count, of (word, synonym) pairs: a common one is passed over."""
    chosen = []
    for word, text in pairs:
        found = intersect([postings(*part) for part in parts_of(text)])
        if found.docnums and not is_common(text, len(found.docnums), documents):
            own = intersect([postings(*part) for part in parts_of(word)])
            chosen.append(Synonym(word, own, text, found))
    return chosen


def add_up(terms: Iterable[tuple[str, Postings]], synonyms: Iterable[Synonym]) -> Scores:
    """Score documents: `terms` are the selected ones, each with its postings.

    A hit holds a term of two characters or more, or a synonym of a word. Documents that only share single
    characters with the query are hits when there are no others; else those characters only add
    to the score.
    """
    totals: dict[int, int] = {}
    weak: list[Postings] = []
    for term, postings in terms:
        if len(term) == 1:
            weak.append(postings)
            continue
        for docnum, value in zip(postings.docnums, postings.impacts, strict=True):
            totals[docnum] = totals.get(docnum, 0) + value
    best: dict[tuple[int, str], tuple[int, str]] = {}
    for synonym in synonyms:
        own = set(synonym.word_postings.docnums)
        most = max(synonym.word_postings.impacts, default=MAX_IMPACT)
        for docnum, value in zip(synonym.postings.docnums, synonym.postings.impacts, strict=True):
            if docnum not in own:
                counted = max(min(value, most) // SYNONYM_DIVISOR, 1)
                if counted > best.get((docnum, synonym.word), (0, ""))[0]:
                    best[docnum, synonym.word] = counted, synonym.text
    through: dict[int, list[tuple[str, str]]] = {}
    for (docnum, word), (value, text) in best.items():
        totals[docnum] = totals.get(docnum, 0) + value
        through.setdefault(docnum, []).append((word, text))
    strong = bool(totals)
    for postings in weak:
        for docnum, value in zip(postings.docnums, postings.impacts, strict=True):
            if not strong or docnum in totals:
                totals[docnum] = totals.get(docnum, 0) + value
    return Scores(totals, through)


def intersect(lists: Sequence[Postings]) -> Postings:
    """The documents in all of the lists, each with its greatest impact in any.

    This is how the infixes of a Latin word, or the bigrams of a synonym, count as one term.
    """
    if len(lists) == 1:
        return lists[0]
    tables = [dict(zip(each.docnums, each.impacts, strict=True)) for each in lists]
    shortest = min(tables, key=len, default={})
    docnums = sorted(docnum for docnum in shortest if all(docnum in table for table in tables))
    return Postings(docnums, [max(table[docnum] for table in tables) for docnum in docnums])


def order(hits: Iterable[tuple[int, str]], limit: int | None = None) -> list[tuple[int, str]]:
    """Sort hits (score, document id) best first; equal scores by id, in code point order."""
    ranked = sorted(hits, key=lambda hit: (-hit[0], hit[1]))
    return ranked if limit is None else ranked[:limit]
