"""How Chinese text is read aloud: the one home of pypinyin.

A reader who has chosen the wrong one of several words that sound the same (头诉 for 投诉) is offered the right
one, on the command line and in a browser. Both must mean the same by “sound the same”: so the
readings are made here, in the analysis, from which the browser's tables and `kb search` both take them.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from functools import cache

from kb_builder.analysis.analyzer import is_han

_SYLLABLE = re.compile(r"[a-z0-9]+")


def syllables(text: str) -> list[str]:
    """The syllables of a text, without tones; Latin words stay whole.

    >>> syllables("投诉iPhone"), syllables("银行")
    (['tou', 'su', 'iphone'], ['yin', 'hang'])
    """
    read, _ = _readers()
    found = []
    # pypinyin leaves what it does not know as it is.
    for syllable in read(text):
        found.extend(_SYLLABLE.findall(syllable.lower()))
    return found


def homophones(word: str, lexicon: Iterable[str]) -> list[str]:
    """The words of `lexicon` that sound like `word`, which is of Han characters.

    `word` is read character by character: it is no word, so nothing says how its characters are read
    together. Those of the lexicon are read as words (银行 is yinhang).

    >>> homophones("头诉", ["投诉", "头速", "头数", "头诉"])
    ['投诉', '头速']
    """
    if not all(map(is_han, word)):
        return []
    sound = [_usual(char) for char in word]
    return [
        other
        for other in lexicon
        if len(other) == len(word)
        and other != word
        and all(s in _any(char) for char, s in zip(other, sound, strict=True))
        and syllables(other) == sound
    ]


@cache
def _usual(char: str) -> str:
    return (syllables(char) or [char])[0]


@cache
def _any(char: str) -> frozenset[str]:
    """All readings of a character: most words are ruled out by them, without reading the word."""
    _, read_all = _readers()
    return frozenset(read_all(char))


@cache
def _readers() -> tuple[Callable[[str], list[str]], Callable[[str], list[str]]]:
    """The readings of a text, and all readings of a character."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pypinyin import Style, lazy_pinyin, pinyin

    def read(text: str) -> list[str]:
        return lazy_pinyin(text, style=Style.NORMAL)

    def read_all(char: str) -> list[str]:
        return [s for row in pinyin(char, style=Style.NORMAL, heteronym=True) for s in row]

    return read, read_all
