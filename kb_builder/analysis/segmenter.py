"""Han text to words: the only home of jieba."""

from __future__ import annotations

import hashlib
import logging
import math
import re
import sys
import warnings
from collections.abc import Iterable
from typing import Any

from kb_builder.analysis.folding import HAN, fold

_ONLY_HAN = re.compile(f"[{HAN}]{{2,}}")


class Segmenter:
    """Cuts folded Han text into the words of jieba's dictionary and of `words`.

    `words` are added without frequencies, so that jieba gives each the frequency that keeps it
    whole; entries with anything but Han characters, or of one character, are passed over (they
    make jieba cut other words apart). The order of `words` makes no difference.

    The result is exactly jieba's `cut` and `cut_for_search` with `HMM=False`: without the hidden
    Markov model, the same dictionary always means the same words, and a reader's browser, which
    has no model, can cut the same way. Names the dictionary does not know are found by bigrams.

    jieba's frequency table is used; its search for the best path is written anew here, because
    jieba recomputes the logarithm of every frequency at every character (the tests compare the two).
    jieba's own cache file is never read or written: it saves a tenth of a second, and whoever
    can write to it decides what is found.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = tuple(sorted({w for w in map(fold, words) if _ONLY_HAN.fullmatch(w)}))
        self._loaded: tuple[dict[str, int], dict[int, float]] | None = None

    @property
    def digest(self) -> str:
        """Hex digest of the user dictionary."""
        return hashlib.sha256("\n".join(self.words).encode()).hexdigest()[:16]

    def cut(self, text: str) -> list[str]:
        """The words of `text`, in order; joined they are `text` again.

        `text` is a run of folded Han characters, without white space or punctuation.
        """
        freq, logs = self._loaded or self._load()
        size = len(text)
        get = freq.get
        unknown = logs[0]
        scores = [0.0] * (size + 1)
        ends = [0] * size
        # The best path from the right end, as jieba does: of two equal ones the longer word wins.
        for start in range(size - 1, -1, -1):
            end = start + 1
            count = get(text[start])
            if count is None:
                scores[start] = unknown + scores[end]
                ends[start] = end
                continue
            best_end = 0
            best = 0.0
            while True:
                if count:
                    score = logs[count] + scores[end]
                    if not best_end or score >= best:
                        best = score
                        best_end = end
                if end == size:
                    break
                end += 1
                count = get(text[start:end])
                if count is None:
                    break
            if not best_end:
                best_end = start + 1
                best = unknown + scores[best_end]
            scores[start] = best
            ends[start] = best_end
        words = []
        start = 0
        while start < size:
            end = ends[start]
            words.append(text[start:end])
            start = end
        return words

    def parts(self, word: str) -> list[tuple[int, str]]:
        """The words of two and three characters inside a longer `word`, with their places in it."""
        freq, _ = self._loaded or self._load()
        size = len(word)
        found = []
        if size > 2:
            found = [(i, word[i : i + 2]) for i in range(size - 1) if freq.get(word[i : i + 2])]
        if size > 3:
            found += [(i, word[i : i + 3]) for i in range(size - 2) if freq.get(word[i : i + 3])]
        return found

    def _load(self) -> tuple[dict[str, int], dict[int, float]]:
        """Read jieba's dictionary and add the words; half a second, once."""
        tokenizer = _private_tokenizer()
        for word in self.words:
            tokenizer.add_word(word)
        total = math.log(tokenizer.total)
        logs = {count: math.log(count or 1) - total for count in set(tokenizer.FREQ.values())}
        logs[0] = math.log(1) - total
        self._loaded = (tokenizer.FREQ, logs)
        return self._loaded


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
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer
