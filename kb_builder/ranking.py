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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

K1 = 1.2
B = 0.75

# Impacts fit in 8 bits: twentieths of a BM25 point, and a term that is in one document of
# 500,000 still stays below 255. nDCG@10 with these and with floating point differs by
# less than 0.0003 on each evaluation set.
IMPACT_SCALE = 20
MAX_IMPACT = 255

# A pasted text has hundreds of terms; the rarest of them find as much as all of them.
MAX_QUERY_TERMS = 96

# A single character in so many documents tells nothing apart, and its postings are the longest.
# A small base keeps them all.
COMMON_SHARE = 10
COMMON_FLOOR = 100


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term of a query that is in the index.

    `kind` is word, bigram or char; `frequency` the number of documents it is in, at least 1.
    """

    kind: str
    term: str
    frequency: int


def idf(documents: int, frequency: int) -> float:
    """How much a term in `frequency` of `documents` documents tells; always above 0."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def dampings(lengths: Sequence[int], documents: int) -> list[float]:
    """For each document, the count at which a term has half of its greatest effect.

    `lengths` are the weighted numbers of terms of one kind, 0 for a document that was deleted;
    `documents` is the number of those that were not.
    """
    total = sum(lengths)
    if not total:
        return [K1] * len(lengths)
    flat, slope = K1 * (1 - B), K1 * B * documents / total
    return [flat + slope * length for length in lengths]


def impact(weight: float, count: int, damping: float) -> int:
    """What a term with idf `weight`, `count` times in a document, adds to its score: 1 to 255.

    Never 0, so that a document that holds a term of the query is always a hit.
    """
    value = round(IMPACT_SCALE * weight * count / (count + damping))
    return min(max(value, 1), MAX_IMPACT)


def is_common(term: str, frequency: int, documents: int) -> bool:
    """Whether a term is passed over: a single character, of any kind, in too many documents."""
    return len(term) == 1 and frequency > COMMON_FLOOR and frequency * COMMON_SHARE > documents


def select_terms(terms: Iterable[QueryTerm], documents: int) -> list[QueryTerm]:
    """The terms that a query is scored by, rarest first, each once.

    Common characters are left out unless there is nothing else (退 alone must find something); at
    most `MAX_QUERY_TERMS` are taken. A term counts once, however often the query repeats it.
    """
    ordered = sorted(set(terms), key=lambda t: (t.frequency, t.kind, t.term))
    telling = [t for t in ordered if not is_common(t.term, t.frequency, documents)]
    return (telling or ordered)[:MAX_QUERY_TERMS]


def order(hits: Iterable[tuple[int, str]], limit: int | None = None) -> list[tuple[int, str]]:
    """Sort hits (score, document id) best first; equal scores by id, in code point order."""
    ranked = sorted(hits, key=lambda hit: (-hit[0], hit[1]))
    return ranked if limit is None else ranked[:limit]
