"""Text to tokens: words, bigrams and characters, each with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from kb_builder.analysis.folding import HAN, fold, fold_with_offsets
from kb_builder.analysis.segmenter import Segmenter, tables_digest

Kind = Literal["word", "bigram", "char", "infix"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Raise it whenever the same text may give other terms: everything cached is then made anew.
_CODE_VERSION = 2

# Letters and digits that touch each other; nothing is joined across anything else.
_STRETCH = re.compile(r"[^\W_]+")
# Latin words and numbers longer than 64 characters are cut, so that terms stay short.
_LATIN = rf"[^\W_{HAN}]{{1,64}}"
_RUN = re.compile(rf"[{HAN}]+|{_LATIN}")
_HAS_LATIN = re.compile(rf"[^{HAN}]")
_IS_HAN = re.compile(rf"[{HAN}]")
_PIECE = re.compile(r"\d+|[^\W\d_]+|[^\W_]")


@dataclass(frozen=True, slots=True)
class Token:
    """A term with its place.

    `position` counts units from 0: a unit is one Han character, or one whole Latin word or number;
    a token has the position of its first unit. `start` and `end` are characters of the original
    text, and `text[start:end]` folds to the term (or, where one original character folds to
    several, such as ㎏, contains it).
    """

    kind: Kind
    term: str
    position: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each term is in a text, by kind: what ranking needs, without the places."""

    word: Counter[str]
    bigram: Counter[str]
    char: Counter[str]
    infix: Counter[str]

    def of(self, kind: Kind) -> Counter[str]:
        """The counts of one kind."""
        counts: Counter[str] = getattr(self, kind)
        return counts


class Analyzer:
    """Cuts text into terms.

    - *word*: the words jieba finds, and the shorter words inside them; Latin words and numbers
      whole, the pieces of mixed ones (iphone15, iphone, 15), and together with the Han word they
      lead (24小时).
    - *bigram*: every two neighbouring characters of which one is Han (投诉处 → 投诉, 诉处; 24小时 →
      4小, 小时).
    - *char*: every Han character.
    - *infix*: every character of Latin words and numbers, and every two neighbours among them
      (a15 → a, 1, 5, a1, 15), for those who search for a part.

    So whatever stands in a text is found: two characters or more by a
    bigram or an infix, one by itself.
    Nothing is left out as a stop word. `words` is the user dictionary, see `Segmenter`.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._segmenter = Segmenter(words)

    @property
    def version(self) -> str:
        """Changes whenever the same text may give other terms; for cache keys."""
        return f"{_CODE_VERSION}-{self._segmenter.digest}-{tables_digest()}"

    def count_terms(self, text: str) -> Counts:
        """Count the terms of `text`; equal to counting `tokens(text)`, and several times faster."""
        words: list[str] = []
        bigrams: list[str] = []
        chars: list[str] = []
        infix: list[str] = []
        cut, parts = self._segmenter.cut, self._segmenter.parts
        for stretch in _STRETCH.findall(fold(text)):
            if _HAS_LATIN.search(stretch):
                runs = _RUN.findall(stretch)
                bigrams.extend(boundary_bigrams(runs))
            else:
                runs = [stretch]
            leader = ""
            for run in runs:
                if not _IS_HAN.match(run):
                    words.append(run)
                    words.extend(piece for _, piece in pieces(run))
                    infix.extend(run)
                    infix.extend(infixes(run))
                    leader = run
                    continue
                chars.extend(run)
                bigrams.extend(map(str.__add__, run, run[1:]))
                run_words = cut(run)
                words.extend(run_words)
                if leader:
                    words.append(leader + run_words[0])
                    leader = ""
                for word in run_words:
                    if len(word) > 2:
                        words.extend(part for _, part in parts(word))
        return Counts(Counter(words), Counter(bigrams), Counter(chars), Counter(infix))

    def tokens(self, text: str) -> Iterator[Token]:
        """The terms of `text` with their places; the order among neighbours is not promised."""
        folded = fold_with_offsets(text)

        def token(kind: Kind, start: int, end: int, position: int) -> Token:
            original = folded.starts[start], folded.ends[end - 1]
            return Token(kind, folded.text[start:end], position, *original)

        position = 0
        for stretch in _STRETCH.finditer(folded.text):
            base = stretch.start()
            leader = before = None
            for match in _RUN.finditer(stretch.group()):
                run, start = match.group(), base + match.start()
                han = _IS_HAN.match(run) is not None
                if before is not None and (han or before[1]):
                    # A bigram across the border of two runs begins in the unit before this one.
                    yield token("bigram", start - 1, start + 1, position - 1)
                for kind, low, high in self._run_terms(run):
                    # A piece inside a Latin word has the position of the word.
                    at = position + low if han else position
                    yield token(kind, start + low, start + high, at)
                if han and leader is not None:
                    end = start + len(self._segmenter.cut(run)[0])
                    yield token("word", leader, end, position - 1)
                leader = None if han else start
                before = (start, han)
                position += len(run) if han else 1

    def required_terms(self, phrase: str) -> tuple[list[tuple[Kind, str]], bool]:
        """The terms of every text that holds a folded phrase, and whether those hold nothing else.

        Not its words: jieba may cut the phrase otherwise when more text is around it.
        """
        terms: list[tuple[Kind, str]] = []
        for runs in stretches(phrase):
            terms.extend(("bigram", bigram) for bigram in boundary_bigrams(runs))
            for run in runs:
                if not _IS_HAN.match(run):
                    terms.extend(("word", piece) for _, piece in pieces(run) or [(0, run)])
                elif len(run) == 1:
                    terms.append(("char", run))
                else:
                    terms.extend(("bigram", run[i : i + 2]) for i in range(len(run) - 1))
        return terms, len(terms) == 1 and terms[0][1] == phrase

    def _run_terms(self, run: str) -> Iterator[tuple[Kind, int, int]]:
        """The characters and words of one Han run or one Latin word: kind, start and end in it."""
        if not _IS_HAN.match(run):
            yield "word", 0, len(run)
            for low, piece in pieces(run):
                yield "word", low, low + len(piece)
            for low in range(len(run)):
                yield "infix", low, low + 1
                if low:
                    yield "infix", low - 1, low + 1
            return
        for index in range(len(run)):
            yield "char", index, index + 1
            if index:
                yield "bigram", index - 1, index + 1
        start = 0
        for word in self._segmenter.cut(run):
            yield "word", start, start + len(word)
            for low, part in self._segmenter.parts(word):
                yield "word", start + low, start + low + len(part)
            start += len(word)


def pieces(latin: str) -> list[tuple[int, str]]:
    """The letters and the digits of a mixed Latin word, with their places; [] when not mixed."""
    found = [(match.start(), match.group()) for match in _PIECE.finditer(latin)]
    return found if len(found) > 1 else []


def stretches(folded: str) -> list[list[str]]:
    """The runs of each stretch of letters and digits: Han runs, and Latin words and numbers."""
    return [_RUN.findall(stretch) for stretch in _STRETCH.findall(folded)]


def is_han(run: str) -> bool:
    """Whether a run is one of Han characters."""
    return _IS_HAN.match(run) is not None


def infixes(latin: str) -> tuple[str, ...]:
    """Every two neighbouring characters of a Latin word or number."""
    return tuple(map(str.__add__, latin, latin[1:]))


def boundary_bigrams(runs: Sequence[str]) -> list[str]:
    """The bigrams across the borders of the runs of a stretch."""
    return [one[-1] + other[0] for one, other in pairwise(runs) if is_han(one) or is_han(other)]
