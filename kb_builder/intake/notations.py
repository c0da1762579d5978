"""Dates in ten notations, each by its name; what can be meant in two ways is read in neither
unless the map says which.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from kb_builder.intake.timestamps import canonical

BEIJING = dt.timezone(dt.timedelta(hours=8))
"""Where a moment with a time zone is read: all of China keeps one time."""

_TIME = r"(?:[T ,]*(?P<half>上午|下午)? ?(?P<time>\d{1,2}:\d\d(?::\d\d)?)(?: ?(?P<noon>[AP]M))?)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HALVES = {"am": "上午", "pm": "下午"}
_DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
}
_FIRST_SERIAL = dt.datetime(1899, 12, 30)
_CENTURY_TURN = 70
"""Two digits from here on are a year of the 1900s."""


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + _TIME, re.ASCII | re.IGNORECASE)


_ZONED = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)", re.ASCII
)
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,12})?", re.ASCII)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?", re.ASCII)
_HAN = re.compile(
    r"([〇零○一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号])?)?"
)
_DAY_FIRST = _form(r"(?P<day>\d{1,2})(?P<by>[-/.])(?P<month>\d{1,2})(?P=by)(?P<year>\d{4}|\d\d)")
_MONTH_FIRST = _form(r"(?P<month>\d{1,2})(?P<by>[-/.])(?P<day>\d{1,2})(?P=by)(?P<year>\d{4}|\d\d)")
_SHORT_YEAR = _form(
    r"(?P<year>\d\d)(?:[-/.]|年)(?P<month>\d{1,2})(?:[-/.]|月)(?P<day>\d{1,2})[日号]?"
)
_REPUBLIC = _form(
    r"(?:民国|民國)? ?(?P<year>\d{2,3})(?:[-/.]|年)(?P<month>\d{1,2})(?:[-/.]|月)(?P<day>\d{1,2})[日号]?"
)
_ENGLISH = (
    _form(r"(?:[a-z]{3,9},? )?(?P<day>\d{1,2})[-/ ](?P<name>[a-z]{3})[a-z]*\.?[-/ ,]+(?P<year>\d{4}|\d\d)"),
    _form(r"(?:[a-z]{3,9},? )?(?P<name>[a-z]{3})[a-z]*\.? (?P<day>\d{1,2}),? (?P<year>\d{4})"),
)  # fmt: skip


def read(text: str, notations: Sequence[str]) -> str | None:
    """The canonical form of a date (see `timestamps.canonical`) by the first notation that fits.

    A notation is a name of `NOTATIONS`, or a form with `%` as `strptime` takes it.

    >>> read("12/Mar/24 2:05 PM", ["英文"]), read("3/4/2020", ["日月年"]), read("3/4/2020", ["月日年"])
    ('2024-03-12 14:05', '2020-04-03', '2020-03-04')
    >>> read("43832.5", ["通常", "Excel 序号"]), read("2020-01-02T20:00:00Z", ["带时区"])
    ('2020-01-02 12:00', '2020-01-03 04:00')
    """
    for notation in notations:
        found = (
            canonical(text, notation) if notation not in NOTATIONS else NOTATIONS[notation](text)
        )
        if found is not None:
            return found
    return None


def _zoned(text: str) -> str | None:
    match = _ZONED.fullmatch(text)
    if match is None:
        return None
    zone = "+00:00" if match[3][0] not in "+-" else f"{match[3][:3]}:{match[3][-2:]}"
    try:
        moment = dt.datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}").astimezone(BEIJING)
    except (ValueError, OverflowError):
        return None
    return f"{moment:%Y-%m-%d %H:%M}"


def _serial(text: str) -> str | None:
    if not _SERIAL.fullmatch(text):
        return None
    days, _, part = text.partition(".")
    # In whole seconds, as a float is never exactly what the spreadsheet showed.
    seconds = round(float(f"0.{part or 0}") * 86400)
    return canonical(_FIRST_SERIAL + dt.timedelta(days=int(days), seconds=seconds))


def _epoch(text: str) -> str | None:
    match = _EPOCH.fullmatch(text)
    return f"{dt.datetime.fromtimestamp(int(match[1]), BEIJING):%Y-%m-%d %H:%M}" if match else None


def _han(text: str) -> str | None:
    plain = unicodedata.normalize("NFKC", text)
    match = _HAN.fullmatch(plain)
    if match is None:
        return canonical(plain)
    year = "".join(_DIGITS[char] for char in match[1])
    return canonical("-".join([year, *(str(_number(part)) for part in match.groups()[1:] if part)]))


def _number(text: str) -> int:
    """A number below 100 in Chinese numerals; what is none gives 0, which no date has.

    >>> [_number(text) for text in ("九", "十", "十二", "三十", "三十一", "十十")]
    [9, 10, 12, 30, 31, 0]
    """
    tens, ten, ones = text.rpartition("十")
    if "十" in tens or len(tens) > 1 or len(ones) > 1:
        return 0
    return (int(_DIGITS[tens]) if tens else 1 if ten else 0) * 10 + int(_DIGITS.get(ones, "0"))


def _spelled(*forms: re.Pattern[str], since: int | None = None) -> Callable[[str], str | None]:
    """A notation by its forms; years count from `since`, or are full or of two digits."""

    def notation(text: str) -> str | None:
        match = next((match for form in forms if (match := form.fullmatch(text))), None)
        if match is None:
            return None
        parts = match.groupdict()
        year = int(parts["year"])
        if since is not None:
            year += since
        elif len(parts["year"]) == 2:
            year += 1900 if year >= _CENTURY_TURN else 2000
        month = parts.get("month") or _month(parts["name"])
        half = _HALVES.get((parts["noon"] or "").lower(), parts["half"] or "")
        return canonical(f"{year:04d}-{month}-{parts['day']} {half}{parts['time'] or ''}".strip())

    return notation


def _month(name: str) -> str:
    return str(_MONTHS.index(name.lower()) + 1) if name.lower() in _MONTHS else "0"


NOTATIONS: Mapping[str, Callable[[str], str | None]] = {
    "通常": canonical,
    "带时区": _zoned,
    "Excel 序号": _serial,
    "时间戳": _epoch,
    "汉字": _han,
    "日月年": _spelled(_DAY_FIRST),
    "月日年": _spelled(_MONTH_FIRST),
    "两位年": _spelled(_SHORT_YEAR),
    "英文": _spelled(*_ENGLISH),
    "民国": _spelled(_REPUBLIC, since=1911),
}
"""The notations by the names that a map uses."""
