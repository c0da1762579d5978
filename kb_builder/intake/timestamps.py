"""Dates and times as spreadsheets and exports write them, made the form the content model reads."""

from __future__ import annotations

import datetime as dt
import re

_FORM = re.compile(
    r"""(?P<year>\d{4}) (?:
            (?P<separator>[-/.]) (?P<month>\d{1,2}) (?: (?P=separator) (?P<day>\d{1,2}) )?
          | 年 (?: (?P<month_zh>\d{1,2}) 月 (?: (?P<day_zh>\d{1,2}) [日号] )? )?
        )?
        (?: [T ]? (?P<half>上午|下午)? [ ]? (?P<hour>\d{1,2}) (?:
            : (?P<minute>\d{2}) (?: : (?P<second>\d{2}) (?: \.\d{1,9} )? )?
          | [时点] (?: (?P<minute_zh>\d{1,2}) 分 (?: (?P<second_zh>\d{1,2}) 秒 )? )?
        ) )?""",
    re.VERBOSE | re.ASCII,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?", re.ASCII)


def canonical(value: str | dt.datetime, form: str = "") -> str | None:
    """The value as `2020`, `2020-01`, `2020-01-02` or `2020-01-02 03:04`; None if it isn't a date.

    Seconds are dropped. Midnight to the second means a date without a time: so do spreadsheets
    write it. A time zone is not understood, because the day may be another one here.

    Args:
        value: clean text on one line, or what a spreadsheet holds as a date.
        form: how the text is written, as `strptime` takes it; the usual forms when empty.

    >>> canonical("2020/1/2 3:04:05"), canonical("2020年1月2日 下午3点"), canonical("2020-02-30")
    ('2020-01-02 03:04', '2020-01-02 15:00', None)
    """
    if isinstance(value, dt.datetime):
        return _text(value)
    if form:
        try:
            return _text(dt.datetime.strptime(value, form))
        except ValueError:
            return None
    compact = _COMPACT.fullmatch(value)
    if compact:
        return _moment([int(part) for part in compact.groups() if part])
    match = _FORM.fullmatch(value)
    return _from_match(match) if match else None


def interval(first: str, second: str) -> str:
    """How long from one canonical date to another, in words; empty when unknown or backwards.

    >>> interval("2019-04-25 09:32", "2019-05-10 14:56"), interval("2019-04-25", "2019-04-25 14:56")
    ('15 天', '不到 1 天')
    """
    if len(first) < 10 or len(second) < 10:
        return ""
    if len(first) == len(second) == 16:
        elapsed = dt.datetime.fromisoformat(second) - dt.datetime.fromisoformat(first)
        hours = elapsed // dt.timedelta(hours=1)
        if elapsed < dt.timedelta(0):
            return ""
        if hours < 48:
            return f"{hours} 小时" if hours else "不到 1 小时"
        return f"{elapsed.days} 天"
    days = (dt.date.fromisoformat(second[:10]) - dt.date.fromisoformat(first[:10])).days
    return "" if days < 0 else f"{days} 天" if days else "不到 1 天"


def _from_match(match: re.Match[str]) -> str | None:
    parts = [match["year"], match["month"] or match["month_zh"], match["day"] or match["day_zh"]]
    known = [int(part) for part in parts if part]
    if match["hour"] is None:
        return _moment(known)
    hour = int(match["hour"])
    if match["half"] and hour <= 12:
        hour = hour % 12 + (12 if match["half"] == "下午" else 0)
    minute = match["minute"] or match["minute_zh"] or 0
    second = match["second"] or match["second_zh"] or 0
    return _moment([*known, hour, int(minute), int(second)]) if len(known) == 3 else None


def _moment(parts: list[int]) -> str | None:
    """From year, month, day, hour, minute, second as far as they are known."""
    year, *rest = parts
    try:
        if len(parts) > 3:
            return _text(dt.datetime(*parts))  # type: ignore[arg-type]
        dt.date(year, *[*rest, 1, 1][:2])
    except ValueError:
        return None
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)])


def _text(moment: dt.datetime) -> str:
    if moment.time() == dt.time():
        return f"{moment:%Y-%m-%d}".rjust(10, "0")
    return f"{moment:%Y-%m-%d %H:%M}".rjust(16, "0")
