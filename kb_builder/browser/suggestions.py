"""Suggestions while typing: words of the index and titles, by what their pinyin begins with.

Also what words sound alike, for who has chosen the wrong one of several (头诉 for 投诉).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from kb_builder.analysis.analyzer import is_han
from kb_builder.analysis.readings import syllables
from kb_builder.browser.files import deflate, to_json

MAX_WORDS = 20_000
"""The most frequent words are suggested, and of a base with more titles than `MAX_TITLES` only words."""

MAX_TITLES = 3_000

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LATIN_WORD = re.compile(r"[a-z][a-z0-9]{2,30}")
_LENGTHS = range(2, 9)


def make(
    words: Mapping[str, int], titles: Iterable[tuple[str, str]], documents: int, alphabet: str
) -> list[bytes]:
    """The shards: the readings of characters, then for each letter the words that begin with it.

    `words` are all words of the index with the number of documents they are in, `titles` (title,
    address); `alphabet` are the characters of the index.
    """
    han = sorted({char for char in (*alphabet, *_common_characters()) if is_han(char)})
    readings = {char: found[0] for char in han if (found := syllables(char))}
    by_syllable: dict[str, list[str]] = {}
    for char, syllable in readings.items():
        by_syllable.setdefault(syllable, []).append(char)
    rows: dict[str, list[object]] = {letter: [] for letter in _LETTERS}
    titles_of: dict[str, list[object]] = {letter: [] for letter in _LETTERS}
    for word, count in _chosen(words, documents):
        read = syllables(word) if is_han(word) else [word]
        _put(rows, readings, word, read, count)
    listed = sorted(titles)
    for title, address in listed if len(listed) <= MAX_TITLES else ():
        _put(titles_of, readings, title, syllables(title), address)
    table = {syllable: "".join(chars) for syllable, chars in by_syllable.items()}
    shards = [table, *([rows[letter], titles_of[letter]] for letter in _LETTERS)]
    return [deflate(to_json(shard)) for shard in shards]


def _put(
    rows: Mapping[str, list[object]],
    readings: Mapping[str, str],
    text: str,
    read: Sequence[str],
    more: object,
) -> None:
    """Add a row to the letter it is found under: text, more, and its reading if that is unusual."""
    letter = read[0][:1] if read else ""
    if letter in rows and letter:
        usual = [readings.get(char, char) for char in text]
        row = [text, more] if list(read) == usual else [text, more, " ".join(read)]
        rows[letter].append(row)


def _chosen(words: Mapping[str, int], documents: int) -> list[tuple[str, int]]:
    least = 2 if documents >= 20 else 1
    kept = [
        (word, count)
        for word, count in words.items()
        if count >= least
        and ((len(word) in _LENGTHS and all(map(is_han, word))) or _LATIN_WORD.fullmatch(word))
    ]
    kept.sort(key=lambda item: (-item[1], item[0]))
    return kept[:MAX_WORDS]


def _common_characters() -> Iterable[str]:
    """The 3,755 commonest characters, as GB 2312 lists them: a wrong homophone is one of these."""
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            yield from bytes((high, low)).decode("gb2312", "ignore")
