"""What a reader sees of a text, with the way back to where it is written.

A number may be split by emphasis, tags or invisible characters, written in full width, in circles or
in Chinese, as entities or percent signs. Here all that becomes plain characters once, so that the
patterns need to know one spelling only. reading.js is the twin of this module.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

# Full-width punctuation is left alone: Chinese text is full of it, and patterns name both forms.
WIDE = (
    "\uff0b\uff0d\uff0e\uff0f\uff10-\uff19\uff20-\uff3a\uff3f\uff41-\uff5a\u3000"
    "\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea-\u24ea\u24f5-\u24fd\u2776-\u277e\u2780-\u2788"
    "\u278a-\u2792\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u2070\u00b2\u00b3\u00b9\u2074-\u2079"
    "\u2080-\u2089\U0001d400-\U0001d7ff"
)
UNSEEN = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufe00-\ufe0f\u0300-\u036f\u20d0-\u20ff\U000e0000-\U000e007f"
)
BLANKS = "\u00a0\u2000-\u200a\u202f\u205f"
# An image or a link is text and address; only tags and comments that can say nothing are left out.
SILENT = r"[^<>\u4e00-\u9fff@]"
MARKED = "单号|邮箱|代码|证件|车架|卡号|电话|车牌|账号|地址|住址|日期"
"""What stands before a circled number where a text was redacted."""

CIRCLED = "\u2460-\u2473\u3251-\u325f\u32b1-\u32bf"
"""The circled numbers of redacted texts."""

ENTITIES = {
    "amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " ", "ensp": " ", "emsp": " ",
    "thinsp": " ", "shy": "", "zwnj": "", "zwj": "", "commat": "@", "period": ".", "hyphen": "-",
    "dash": "-", "lowbar": "_", "plus": "+", "colon": ":", "sol": "/", "lpar": "(", "rpar": ")",
    "ast": "*", "num": "#", "middot": "·", "ndash": "–", "mdash": "—",
}  # fmt: skip
"""The named entities that are read; numbers have none but those by code."""

_SPECIAL = re.compile(
    rf"(?P<mark>(?<={MARKED})[{CIRCLED}](?![{WIDE}]))"
    rf"|(?P<wide>[{WIDE}])|(?P<unseen>[{UNSEEN}]+)|(?P<blank>[{BLANKS}])"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});)"
    rf"|(?P<tag></?[a-zA-Z](?:{SILENT}(?![0-9]{{5}})){{0,200}}>|<!--(?:{SILENT}(?![0-9]{{5}})){{0,100}}-->)"
    r"|(?P<percent>(?:%[0-9a-fA-F]{2})+)"
    r"|(?P<unicode>\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2})"
    r"|(?P<escape>\\(?=[!-/:-@\[-`{-~]))"
)
_ANY_SPECIAL = re.compile(rf"[{WIDE}{UNSEEN}{BLANKS}&<%\\]")
PAIRED = "(?<!\\\\)([*]{1,3}|__|~~|`)(?=[^ \t\n　*_~`])([^*~`\n]{1,80}?)(?<=[^ \t\n　*_~`\\\\])\\1(?![*`~])"
"""Marks that come in pairs; group 1 is the mark."""

NUMERALS = dict(
    zip("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789", strict=True)
)
_NUMERAL = "".join(NUMERALS)
# “13800001234一直没人接”: what follows some characters is a word, not a digit.
DIGIT = f"(?:[0-9]|[{_NUMERAL}](?![直个次天下位遍些起定般点样名元块年月日律共旦度种切向边口样]))"
SPOKEN = f"{DIGIT}(?:[ \\-·、]?{DIGIT}){{6,}}"
"""A run of at least seven digits of which some may be Chinese."""

_paired = re.compile(PAIRED)
_spoken = re.compile(SPOKEN)
# Tells, in a fifth of the time, that there is no such run.
_many_digits = re.compile(f"[0-9{_NUMERAL}](?:[ \\-·、]?[0-9{_NUMERAL}]){{6}}")
_FROM_NUMERAL = str.maketrans(NUMERALS)


@dataclass(frozen=True, slots=True)
class Reading:
    """The text as read. Its characters from index `starts[i]` on come from `origins[i]` on in the
    original, one for one, each written as `widths[i]` characters; no arrays where nothing differs.
    """

    text: str
    starts: tuple[int, ...] = ()
    origins: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the text, not an empty one, is written."""
        if not self.starts:
            return start, end
        return self._origin(start)[0], self._origin(end - 1)[1]

    def _origin(self, index: int) -> tuple[int, int]:
        piece = bisect_right(self.starts, index) - 1
        begin = self.origins[piece] + index - self.starts[piece]
        return begin, begin + self.widths[piece]


def read(text: str) -> Reading:
    """What a reader sees of a text; line ends stay."""
    pieces: list[tuple[int, int, str]] = []
    if _ANY_SPECIAL.search(text):
        pieces.extend(
            (match.start(), match.end(), seen)
            for match in _SPECIAL.finditer(text)
            if (seen := _seen(match)) is not None
        )
    if "*" in text or "`" in text or "__" in text or "~~" in text:
        for match in _paired.finditer(text):
            width = len(match[1])
            pieces.append((match.start(), match.start() + width, ""))
            pieces.append((match.end() - width, match.end(), ""))
        pieces.sort()
    reading = _joined(text, pieces) if pieces else Reading(text)
    if not _many_digits.search(reading.text):
        return reading
    spoken = _spoken.sub(lambda match: match[0].translate(_FROM_NUMERAL), reading.text)
    return Reading(spoken, reading.starts, reading.origins, reading.widths)


def _joined(text: str, pieces: list[tuple[int, int, str]]) -> Reading:
    parts: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    widths: list[int] = []
    at = length = 0

    def add(part: str, origin: int, width: int) -> None:
        nonlocal length
        parts.append(part)
        starts.append(length)
        origins.append(origin)
        widths.append(width)
        length += len(part)

    for start, end, seen in pieces:
        if start < at:
            continue
        if start > at:
            add(text[at:start], at, 1)
        for char in seen:
            add(char, start, end - start)
        at = end
    if at < len(text):
        add(text[at:], at, 1)
    return Reading("".join(parts), tuple(starts), tuple(origins), tuple(widths))


def _seen(match: re.Match[str]) -> str | None:
    """What a match looks like to a reader; None where it looks as it is written."""
    found = match[0]
    match match.lastgroup:
        case "wide":
            digit = unicodedata.digit(found, None)
            return unicodedata.normalize("NFKC", found) if digit is None else str(digit)
        case "blank":
            return " "
        case "entity":
            return _entity(found[1:-1])
        case "percent":
            try:
                return unquote_to_bytes(found).decode("utf-8")
            except UnicodeDecodeError:
                return None  # no text
        case "unicode":
            return _character(int(found[2:], 16))
        case "mark":
            return None
        case _:
            return ""


def _entity(name: str) -> str | None:
    if not name.startswith("#"):
        return ENTITIES.get(name)
    digits = name[1:]
    return _character(int(digits[1:], 16) if digits[0] in "xX" else int(digits))


def _character(code: int) -> str | None:
    seen = 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or 0xE000 <= code < 0x110000
    return chr(code) if seen else None
