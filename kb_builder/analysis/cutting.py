"""A query taken apart with the words of an index: no dictionary of jieba is needed.

The words that the documents were cut into are in the index, so a query is cut into the same words:
the best path over them, rarer words costing more. A reader's browser does the same
(`browser/client/cutting.js`), in whole numbers, so that both come out equal; the vectors in
`tests/vectors/cutting.json` are read by both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kb_builder.analysis.analyzer import Kind, boundary_bigrams, is_han, pieces, stretches
from kb_builder.analysis.folding import fold

Frequency = Callable[[Kind, str], int]
"""In how many documents a term is; 0 for a term that is not in the index."""

MAX_CUT = 1_000
"""Of a longer pasted text, the first so many characters are cut: they find it as well."""

MAX_SYNONYMS = 24
"""So many synonyms in all stand in for the words of one query."""

# A longer word is an accident of the dictionary.
_LONGEST = 16
# A document has about so many different words (7 binary digits of them): what a word of
# frequency 1 costs beyond the number of documents.
_WORDS_A_DOCUMENT = 7 << 8


@dataclass(frozen=True, slots=True)
class Cut:
    """A query in terms.

    `terms` are (kind, term), whether in the index or not, sorted; an infix of three characters or more
    stands for all its infixes, see `parts_of`. `rows` are the words of each stretch of letters
    and digits, in order.
    """

    terms: tuple[tuple[Kind, str], ...]
    rows: tuple[tuple[str, ...], ...]


def cut_query(text: str, documents: int, frequency: Frequency) -> Cut:
    """The terms of a query; words that a reader sets apart stay apart."""
    terms: set[tuple[Kind, str]] = set()
    rows: dict[tuple[str, ...], None] = {}
    for part in dict.fromkeys(text[:MAX_CUT].split()):
        for stretch in stretches(fold(part)):
            terms.update(("bigram", bigram) for bigram in boundary_bigrams(stretch))
            leader = ""
            row: list[str] = []
            for run in stretch:
                if not is_han(run):
                    terms.update((("word", run), ("infix", run)))
                    terms.update(("word", piece) for _, piece in pieces(run))
                    row.append(run)
                    leader = run
                    continue
                terms.update(("char", char) for char in run)
                terms.update(("bigram", run[i : i + 2]) for i in range(len(run) - 1))
                cut = cut_words(run, documents, frequency)
                row.extend(cut)
                if leader:
                    terms.add(("word", leader + cut[0]))
                    leader = ""
                for word in cut:
                    terms.add(("word", word))
                    for size in range(2, min(len(word), 4)):
                        terms.update(
                            ("word", word[i : i + size]) for i in range(len(word) - size + 1)
                        )
            rows[tuple(row)] = None
    return Cut(tuple(sorted(terms)), tuple(rows))


def cut_words(run: str, documents: int, frequency: Frequency) -> list[str]:
    """The words of a run of Han characters: the cheapest path, the longer word of two equal ones.

    A single character costs as much as a word that is in one document.
    """
    size = len(run)
    most = log2(max(documents, 1)) + _WORDS_A_DOCUMENT
    costs = [0] * (size + 1)
    ends = [0] * size
    # A word can't be where one of its bigrams isn't.
    pairs = [frequency("bigram", run[i : i + 2]) > 0 for i in range(size - 1)]
    for start in range(size - 1, -1, -1):
        best, best_end = most + costs[start + 1], start + 1
        end = start + 2
        while end <= size and end - start <= _LONGEST and pairs[end - 2]:
            count = frequency("word", run[start:end])
            if count and (cost := most - log2(count) + costs[end]) <= best:
                best, best_end = cost, end
            end += 1
        costs[start], ends[start] = best, best_end
    words = []
    start = 0
    while start < size:
        words.append(run[start : ends[start]])
        start = ends[start]
    return words


def parts_of(text: str) -> list[tuple[Kind, str]]:
    """The terms of two neighbouring characters in a stretch: what holds all of them holds `text`."""
    pairs = dict.fromkeys(map(str.__add__, text, text[1:]))
    return [("bigram" if is_han(pair[0]) or is_han(pair[1]) else "infix", pair) for pair in pairs]


def synonym_table(groups: Iterable[Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Word → the words that may stand in for it, folded; those of one character are left out.

    A word in several groups has the synonyms of all.
    """
    table: dict[str, dict[str, None]] = {}
    for group in groups:
        # Of letters and digits without a gap.
        words = [
            w for w in map(fold, group) if len(w) > 1 and ["".join(r) for r in stretches(w)] == [w]
        ]
        for word in words:
            table.setdefault(word, {}).update(dict.fromkeys(w for w in words if w != word))
    return {word: tuple(others) for word, others in table.items() if others}


def find_synonyms(cut: Cut, table: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Words of the query with their synonyms, in order: the longest that begins and ends with words."""
    found: dict[tuple[str, str], None] = {}
    for row in cut.rows:
        start = 0
        while start < len(row):
            text, step = "", 1
            word = ""
            for end in range(start, len(row)):
                text += row[end]
                if len(text) > _LONGEST:
                    break
                if text in table:
                    word, step = text, end - start + 1
            found.update(dict.fromkeys((word, other) for other in table.get(word, ())))
            start += step
    return list(found)[:MAX_SYNONYMS]


def log2(number: int) -> int:
    """The binary logarithm in 256ths, straight between powers of two: whole numbers throughout.

    >>> log2(1), log2(2), log2(3), log2(1000)
    (0, 256, 384, 2548)
    """
    digits = number.bit_length() - 1
    return (digits << 8) + (((number << 8) >> digits) - 256)
