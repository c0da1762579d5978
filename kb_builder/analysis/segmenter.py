"""Han text to words: the only home of jieba."""

from __future__ import annotations

import hashlib
import logging
import math
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import version
from operator import add
from typing import Any, TypeVar
from unicodedata import unidata_version

from kb_builder.analysis.folding import HAN, fold

_ONLY_HAN = re.compile(f"[{HAN}]{{2,}}")
# The weight of what is no word.
_NEVER = -math.inf
# So many results are remembered: all pairs of a large base, and 50 MB at most.
_MEMORY = 200_000

_Value = TypeVar("_Value")


@cache
def tables_digest() -> str:
    """Changes with the versions of what terms depend on besides our code: jieba's dictionary, OpenCC's table of
    characters, and the Unicode tables of this Python.
    """
    versions = [f"{name} {version(name)}" for name in ("jieba", "opencc")]
    return hashlib.sha256(" ".join((unidata_version, *versions)).encode()).hexdigest()[:8]


class Segmenter:
    """Cuts folded Han text into the words of jieba's dictionary and of `words`.

    `words` are added without frequencies, so that jieba gives each the frequency that keeps it
    whole; entries with anything but Han characters, or of one character, are passed over (they
    make jieba cut other words apart). The order of `words` makes no difference.

    The result is exactly jieba's `cut` and `cut_for_search` with `HMM=False`: without the hidden
    Markov model, the same dictionary always means the same words, and a reader's browser, which
    has no model, can cut the same way. Names the dictionary does not know are found by bigrams.

    jieba's frequencies are used; its search for the best path is written anew here, because jieba
    recomputes the logarithm of every frequency at every character, and looks for longer words where
    its dictionary has none (the tests compare the two). jieba's own cache file is never read or
    written: it saves a tenth of a second, and whoever can write to it decides what is found.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = tuple(sorted({w for w in map(fold, words) if _ONLY_HAN.fullmatch(w)}))
        self._loaded: _Dictionary | None = None

    @property
    def digest(self) -> str:
        """Hex digest of the user dictionary."""
        return hashlib.sha256("\n".join(self.words).encode()).hexdigest()[:16]

    def cut(self, text: str) -> list[str]:
        """The words of `text`, in order; joined they are `text` again.

        `text` is a run of folded Han characters, without white space or punctuation.
        """
        known = self._loaded or self._load()
        singles, pairs, get, logs = known.singles, known.pairs, known.freq.get, known.logs
        size = len(text)
        scores = [0.0] * (size + 1)
        ends = [0] * size
        twos = [*map(add, text, text[1:]), ""]
        # The best path from the right end, as jieba does: of two equal ones the longer word wins.
        for start in range(size - 1, -1, -1):
            end = start + 1
            best = singles[text[start]] + scores[end]
            found = pairs[twos[start]]
            if found is not None:
                weight, begins = found
                stop = end + 1
                score = weight + scores[stop]
                if score >= best:
                    best, end = score, stop
                while begins and stop < size:
                    stop += 1
                    count = get(text[start:stop])
                    if count is None:
                        break
                    if count and (score := logs[count] + scores[stop]) >= best:
                        best, end = score, stop
            if best == _NEVER:
                end = start + 1
                best = logs[0] + scores[end]
            scores[start] = best
            ends[start] = end
        words = []
        start = 0
        while start < size:
            end = ends[start]
            words.append(text[start:end])
            start = end
        return words

    def parts(self, word: str) -> list[tuple[int, str]]:
        """The words of two and three characters inside a longer `word`, with their places in it."""
        return (self._loaded or self._load()).parts[word]

    def _load(self) -> _Dictionary:
        """Read jieba's dictionary and add the words; half a second, once."""
        tokenizer = _private_tokenizer()
        for word in self.words:
            tokenizer.add_word(word)
        self._loaded = _Dictionary(tokenizer.FREQ, tokenizer.total)
        return self._loaded


class _Dictionary:
    """jieba's frequencies and what is looked up most, worked out when it is first asked for.

    `freq` is jieba's: 0 for what longer words begin with and is no word. `logs` are the weights by
    frequency, that of 0 is for unknown characters. `singles` are the weights of characters and `pairs`
    those of two, with whether longer words begin so; None where no word does. `parts` are the words
    inside a word.
    """

    def __init__(self, freq: Mapping[str, int], total: int) -> None:
        log_total = math.log(total)
        self.freq = freq
        self.logs = {count: math.log(count or 1) - log_total for count in {*freq.values(), 0}}
        logs = self.logs
        beginnings = {word[:2] for word in freq if len(word) == 3}

        # Functions that know nothing of this object: 80 MB would live on in a circle where nobody looks for such.
        def single(char: str) -> float:
            # A character that only begins words is taken for one only where nothing else fits.
            return _NEVER if freq.get(char) == 0 else logs[freq.get(char, 0)]

        def pair(chars: str) -> tuple[float, bool] | None:
            count = freq.get(chars)
            if count is None:
                return None
            return logs[count] if count else _NEVER, chars in beginnings

        def parts(word: str) -> list[tuple[int, str]]:
            size = len(word)
            found = []
            if size > 2:
                found = [(i, word[i : i + 2]) for i in range(size - 1) if freq.get(word[i : i + 2])]
            if size > 3:
                found += [
                    (i, word[i : i + 3]) for i in range(size - 2) if freq.get(word[i : i + 3])
                ]
            return found

        self.singles: _Memo[float] = _Memo(single)
        self.pairs: _Memo[tuple[float, bool] | None] = _Memo(pair)
        self.parts: _Memo[list[tuple[int, str]]] = _Memo(parts)


class _Memo(dict[str, _Value]):
    """Remembers the first so many results of a function of a text."""

    def __init__(self, function: Callable[[str], _Value]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, text: str) -> _Value:
        value = self._function(text)
        if len(self) < _MEMORY:
            self[text] = value
        return value


def _private_tokenizer() -> Any:
    """A jieba tokenizer of our own, loaded from the dictionary in the package."""
    # jieba imports pkg_resources only to find its dictionary, which is slow and prints a warning;
    # without it, it opens the file.
    hidden = "pkg_resources" not in sys.modules
    if hidden:
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import jieba
    finally:
        if hidden:
            del sys.modules["pkg_resources"]
    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    # What `initialize` does, without the cache.
    with tokenizer.get_dict_file() as file:
        tokenizer.FREQ, tokenizer.total = _read_frequencies(file.read().decode("utf-8"))
    tokenizer.initialized = True
    return tokenizer


def _read_frequencies(text: str) -> tuple[dict[str, int], int]:
    """jieba's `gen_pfdict` in two thirds of the time: words, what they begin with, and the sum."""
    freq: dict[str, int] = {}
    total = 0
    for line in text.splitlines():
        word, digits, _ = line.split(" ")
        count = int(digits)
        freq[word] = count
        total += count
        word = word[:-1]
        # Whatever is known has its own beginnings already.
        while word and word not in freq:
            freq[word] = 0
            word = word[:-1]
    return freq, total
