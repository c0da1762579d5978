"""One spelling for all ways to write the same text, and the way back to the original.

Folding is NFKC, lower case and Traditional to Simplified, character by character, then white
space. It is applied to documents and queries alike, so all that matters is that both sides come
out equal.

Traditional to Simplified is a table from one character to one character, taken from OpenCC. OpenCC's
phrase table (乾坤 stays 乾坤, while 乾 alone becomes 干) is left out on purpose: with it, the folding
of a piece of text would depend on its neighbours, a phrase could be folded differently in the
query and in the document, and the rule that every substring of a text finds the text would be false.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

# Han with its extensions, 〇 and 々, kana and Hangul syllables: scripts written without spaces.
# One unit of text each. Also the inside of a character class in a regular expression.
HAN = (
    "々〇"
    "ぁ-ゟァ-ヺー-ヿ"  # kana, without the middle dot
    "㐀-䶿一-鿿"
    "가-힣"
    "\U00020000-\U000323af"
)

# Invisible characters that word processors and chat programs leave between others.
_DROPPED = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
    + "".join(map(chr, range(0x202A, 0x202F)))
    + "".join(map(chr, range(0x2066, 0x2070)))
    + "".join(map(chr, range(0xFE00, 0xFE10)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
_BLANKS = re.compile("[ \n]+")
_IS_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with its way back.

    Character `i` of `text` comes from `original[starts[i]:ends[i]]`. Both lists grow or stay
    equal from left to right. One original character can stand behind several (㎏ → kg) and several
    behind one (e + combining acute → é); dropped characters belong to nobody.
    """

    text: str
    starts: list[int]
    ends: list[int]


def fold(text: str) -> str:
    """Fold `text`; equal to `fold_with_offsets(text).text`, and several times faster.

    White space becomes: a line break where there was a blank line, nothing where it touches a
    Han character or the end of the text (authors wrap lines in mid-sentence), else one space.
    """
    try:
        folded = text.translate(_TABLE)
    except _Attaching:
        folded = "".join(piece for piece, _, _ in _clusters(text))
    return _BLANKS.sub(_blank, folded)


def fold_with_offsets(text: str) -> Folded:
    """Fold `text` and keep where each folded character came from."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece, start, end in _clusters(text):
        parts.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
    folded = "".join(parts)
    out: list[str] = []
    keep: list[int] = []
    last = 0
    for match in _BLANKS.finditer(folded):
        out.append(folded[last : match.start()])
        keep.extend(range(last, match.start()))
        if blank := _blank(match):
            out.append(blank)
            keep.append(match.start())
        last = match.end()
    out.append(folded[last:])
    keep.extend(range(last, len(folded)))
    return Folded("".join(out), [starts[i] for i in keep], [ends[i] for i in keep])


def simplified_table() -> dict[str, str]:
    """Every character that folds to another Han character because it is Traditional."""
    return dict(_simplify())


def _blank(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    if start == 0 or end == len(text):
        return ""
    if match.group().count("\n") > 1:
        return "\n"
    if _IS_HAN.match(text[start - 1]) or _IS_HAN.match(text[end]):
        return ""
    return " "


def _clusters(text: str) -> Iterator[tuple[str, int, int]]:
    """Cut `text` where NFKC can't compose across, and fold each piece: (folded, start, end)."""
    start = end = 0
    cluster = ""
    for index, char in enumerate(text):
        if char in _DROPPED:
            continue
        if cluster and _attaches(char):
            cluster += char
        else:
            if cluster:
                yield _fold_cluster(cluster), start, end
            cluster, start = char, index
        end = index + 1
    if cluster:
        yield _fold_cluster(cluster), start, end


def _fold_cluster(cluster: str) -> str:
    if len(cluster) == 1 and not _attaches(cluster):
        return _TABLE[ord(cluster)]
    return "".join(map(_fold_character, unicodedata.normalize("NFKC", cluster)))


@cache
def _attaches(char: str) -> bool:
    """Whether `char` can compose with what stands before it: a mark, or a Hangul vowel or final."""
    first = unicodedata.normalize("NFKD", char)[0]
    return (
        unicodedata.category(first)[0] == "M"
        or 0x1160 <= ord(first) <= 0x11FF
        or 0xD7B0 <= ord(first) <= 0xD7FF
    )


def _fold_character(char: str) -> str:
    """Lower case and Simplified of one character that is in NFKC already."""
    if char.isspace():
        return "\n" if char == "\n" else " "
    if 0xD800 <= ord(char) <= 0xDFFF:
        # Half a character, which can't be written to a file as UTF-8.
        return "\ufffd"
    lower = char.lower()
    return _simplify().get(lower, lower)


class _Attaching(Exception):  # noqa: N818  no error: it ends a translation that can't be made one by one
    """A character that may compose with what stands before it."""


class _Table(dict[int, str]):
    """What each single character folds to, filled when a character is first met.

    For one that may compose with what stands before it, it raises `_Attaching`, each time: so a text need not be looked
    through before.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _DROPPED:
            folded = ""
        elif _attaches(char):
            raise _Attaching
        else:
            folded = "".join(map(_fold_character, unicodedata.normalize("NFKC", char)))
        self[code] = folded
        return folded


_TABLE = _Table()


@cache
def _simplify() -> dict[str, str]:
    """The character table of OpenCC's t2s, followed to its end (薴 → 苧 → 苎)."""
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    blocks = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x323B0))
    chars = [chr(code) for first, last in blocks for code in range(first, last)]
    # A line break between them keeps OpenCC from reading two characters as a phrase.
    simple = convert("\n".join(chars)).split("\n")
    table = {a: b for a, b in zip(chars, simple, strict=True) if a != b and len(b) == 1}
    for char, target in table.items():
        while target in table and table[target] != char:
            target = table[target]
        table[char] = target
    return table
