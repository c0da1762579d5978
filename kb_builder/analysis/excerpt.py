"""The part of a text that shows why it was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb_builder.analysis.folding import HAN, fold_with_offsets
from kb_builder.analysis.query import find

# About two lines on a phone.
WIDTH = 80
# A text that repeats the query for ever is not searched for ever.
_MAX_FOUND = 2_000

_SENTENCE_END = re.compile(r"[。!?;\n]")
_ONE_HAN = re.compile(rf"[{HAN}]")
_HAS_HAN = re.compile(f"[{HAN}]")
_BLANK = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of text; `marks` are the (start, end) of what matched in it, in order, apart.

    `score` is the sum of the weights of the different terms that it holds. An ellipsis stands
    where text was left out.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    score: float


def telling(weights: Mapping[str, float], rows: Iterable[Sequence[str]]) -> Mapping[str, float]:
    """The terms of a query that are worth marking, with their weights.

    A single character that was cut out of a longer text is in every other sentence and tells nothing; one
    that stands by itself in the query does. Where there are no other terms, they are what was found.

    Args:
        weights: the folded terms with their weights.
        rows: the words of each stretch of the query.
    """
    alone = {row[0] for row in rows if len(row) == 1}
    told = {
        term: weight
        for term, weight in weights.items()
        if term in alone or not _ONE_HAN.fullmatch(term)
    }
    return told or weights


def mark(text: str, terms: Mapping[str, float]) -> tuple[tuple[int, int], ...]:
    """The stretches of `text` that the folded `terms` are found in, merged."""
    folded = fold_with_offsets(text)
    found = _find_all(folded.text, terms)
    return _merge([(folded.starts[low], folded.ends[high - 1]) for low, high, _ in found])


def cut_excerpt(text: str, terms: Mapping[str, float], width: int = WIDTH) -> Excerpt:
    """The stretch of about `width` characters of `text` that tells most.

    `terms` are folded terms with their weights; of those, a stretch counts each once. A text
    without any of them gives its beginning. White space comes out as single spaces of the same number.
    """
    folded = fold_with_offsets(text)
    found = _find_all(folded.text, terms)
    if not folded.text:
        return Excerpt("", (), 0.0)
    low, high, score = _best_window(found, terms, width)
    slack = max(width - (high - low), 0)
    # Begin with the sentence if it begins near, else with some context.
    ends = [m.end() for m in _SENTENCE_END.finditer(folded.text, max(low - slack, 0), low)]
    begin = ends[-1] if ends else (0 if low <= slack else low - min(slack, width // 4))
    end = min(begin + max(width, high - begin), len(folded.text))
    while begin < end - 1 and folded.text[begin] in " \n":
        begin += 1
    start, stop = folded.starts[begin], folded.ends[end - 1]
    before = "…" if begin else ""
    after = "…" if end < len(folded.text) else ""
    shift = len(before) - start
    marks = _merge(
        [
            (folded.starts[low] + shift, folded.ends[high - 1] + shift)
            for low, high, _ in found
            if low >= begin and high <= end
        ]
    )
    return Excerpt(before + _BLANK.sub(" ", text[start:stop]) + after, marks, score)


def _find_all(folded: str, terms: Mapping[str, float]) -> list[tuple[int, int, str]]:
    """Every place of every term: start, end, term."""
    found: list[tuple[int, int, str]] = []
    for term in terms:
        if len(found) >= _MAX_FOUND:
            break
        places = find(folded, term)
        if not places and len(term) > 1 and not _HAS_HAN.search(term):
            # A part of a Latin word or of a number: 4558 in a00045581.
            places = find(folded, term, loose=True)
        found.extend((low, high, term) for low, high in places)
    return sorted(found)


def _best_window(
    found: list[tuple[int, int, str]], terms: Mapping[str, float], width: int
) -> tuple[int, int, float]:
    """Start, end and score of the window with the heaviest terms; (0, 0, 0) if there are none."""
    best = (0, 0, 0.0)
    first = 0
    inside: dict[str, int] = {}
    score = 0.0
    for low, high, term in found:
        inside[term] = inside.get(term, 0) + 1
        if inside[term] == 1:
            score += terms[term]
        while found[first][0] < low and high - found[first][0] > width:
            gone = found[first][2]
            inside[gone] -= 1
            if not inside[gone]:
                score -= terms[gone]
            first += 1
        if score > best[2] + 1e-9:
            best = (found[first][0], high, score)
    return best


def _merge(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
