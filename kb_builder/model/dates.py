"""Dates as people know them: to the day, the month, the year, or not at all."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass

_MOMENT = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})"
    r"(?::\d{2})?)?)?)?\Z",
    re.ASCII,
)

UNKNOWN = "unknown"
"""What an author writes when nobody knows the date."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, month, day or minute; `text` is as written."""

    text: str
    earliest: tuple[int, int, int, int, int]
    """Year, month, day, hour, minute of the first moment it can mean."""
    latest: tuple[int, int, int, int, int]
    """The last moment it can mean."""

    @property
    def year(self) -> int:
        """The year, always known."""
        return self.earliest[0]

    @property
    def has_time(self) -> bool:
        """Whether it is known to the minute."""
        return self.earliest == self.latest

    def surely_after(self, other: PartialDate) -> bool:
        """Whether every moment this can mean lies after every moment `other` can mean."""
        return self.earliest > other.latest


_LOOSE = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})(?:\s*[-./月]\s*(\d{1,2})日?)?月?(?:[\sT]+(\d{1,2}):(\d{2})(?::\d{2})?)?"
)


def mend(text: str, *, with_time: bool) -> str | None:
    """The date that was meant by another way of writing it, in ours; None where it can't be told.

    >>> mend("2024年5月1日", with_time=False), mend("2024/5/1 9:30", with_time=True)
    ('2024-05-01', '2024-05-01 09:30')
    """
    match = _LOOSE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not match:
        return None
    year, month, day, hour, minute = match.groups()
    mended = f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")
    if with_time and day and hour:
        mended += f" {int(hour):02d}:{minute}"
    return mended if parse(mended) else None


def parse(text: str) -> PartialDate | None:
    """Read `2016`, `2016-03`, `2016-03-01` or `2016-03-01 09:30`; None for anything else.

    >>> parse("2016-02").latest
    (2016, 2, 29, 23, 59)
    >>> parse("2024-02-30") is None
    True
    """
    match = _MOMENT.match(text)
    if not match:
        return None
    year, month, day, hour, minute = (
        int(match[name]) if match[name] else None
        for name in ("year", "month", "day", "hour", "minute")
    )
    if not year or (month is not None and not 1 <= month <= 12):
        return None
    days = calendar.monthrange(year, month or 12)[1]
    if day is not None and not 1 <= day <= days:
        return None
    if hour is not None and (hour > 23 or (minute or 0) > 59):
        return None
    earliest = (year, month or 1, day or 1, hour or 0, minute or 0)
    last = (year, month or 12, day or days, 23, 59)
    return PartialDate(text, earliest, last if hour is None else earliest)
