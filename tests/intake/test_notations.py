"""Dates in ten notations."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.intake.notations import NOTATIONS, read
from kb_builder.model import dates


@pytest.mark.parametrize(
    ("notation", "text", "expected"),
    [
        ("通常", "2020年1月2日 下午3:04", "2020-01-02 15:04"),
        ("带时区", "2020-01-02T20:00:00Z", "2020-01-03 04:00"),
        ("带时区", "2020-01-02 20:00:00 UTC", "2020-01-03 04:00"),
        ("带时区", "2020-01-02T03:04:05.123+0800", "2020-01-02 03:04"),
        ("带时区", "2020-01-02T03:04-05:30", "2020-01-02 16:34"),
        ("带时区", "2020-02-30T03:04Z", None),
        ("带时区", "2020-01-02T03:04", None),
        ("Excel 序号", "43832", "2020-01-02"),
        ("Excel 序号", "43832.1278356481", "2020-01-02 03:04"),
        ("Excel 序号", "4383", None),
        ("时间戳", "1577905445", "2020-01-02 03:04"),
        ("时间戳", "1577905445123", "2020-01-02 03:04"),
        ("时间戳", "15779054451", None),
        ("汉字", "二〇二〇年一月二日", "2020-01-02"),
        ("汉字", "二零二零年十二月三十一日", "2020-12-31"),
        ("汉字", "二〇二〇年十月", "2020-10"),
        ("汉字", "２０２０年１月２日", "2020-01-02"),
        ("汉字", "二〇二〇年十三月一日", None),
        ("汉字", "二〇二〇年十十月一日", None),
        ("日月年", "2/1/2020", "2020-01-02"),
        ("日月年", "02.01.20 15:04", "2020-01-02 15:04"),
        ("日月年", "13/13/2020", None),
        ("日月年", "2/1-2020", None),
        ("月日年", "1/2/2020 3:04 PM", "2020-01-02 15:04"),
        ("月日年", "01-02-99", "1999-01-02"),
        ("两位年", "20/1/2", "2020-01-02"),
        ("两位年", "20年1月2日 下午3:04", "2020-01-02 15:04"),
        ("英文", "12/Mar/24 2:05 PM", "2024-03-12 14:05"),
        ("英文", "Thu, 2 Jan 2020 03:04:05", "2020-01-02 03:04"),
        ("英文", "January 2, 2020", "2020-01-02"),
        ("英文", "2 Foo 2020", None),
        ("民国", "民国109年1月2日", "2020-01-02"),
        ("民国", "109/01/02 03:04", "2020-01-02 03:04"),
        ("%d|%m|%Y", "02|01|2020", "2020-01-02"),
        ("%d|%m|%Y", "02/01/2020", None),
    ],
)
def test_each_notation(notation: str, text: str, expected: str | None) -> None:
    assert read(text, [notation]) == expected


def test_there_are_ten_and_the_first_that_fits_counts() -> None:
    assert len(NOTATIONS) == 10
    assert read("3/4/2020", ["通常", "日月年", "月日年"]) == "2020-04-03"
    assert read("昨天", list(NOTATIONS)) is None


@given(st.text("0123456789-/.:年月日 JanMrPAMTZ+十一〇民国", max_size=24))
def test_whatever_is_read_the_model_reads_too(text: str) -> None:
    for notation in NOTATIONS:
        found = read(text, [notation])
        assert found is None or dates.parse(found) is not None


MOMENTS = st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2069, 12, 31))


@given(MOMENTS.map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_all_ways_to_write_a_moment_are_read_alike(moment: dt.datetime) -> None:
    expected = f"{moment:%Y-%m-%d}" + (f" {moment:%H:%M}" if moment.time() != dt.time() else "")
    day, month, year = moment.day, moment.month, moment.year
    clock = f"{moment:%H:%M}"
    assert read(f"{day}/{month}/{year} {clock}", ["日月年"]) == expected
    assert read(f"{month}/{day}/{year} {clock}", ["月日年"]) == expected
    assert read(f"{year % 100:02d}-{month}-{day} {clock}", ["两位年"]) == expected
    assert read(f"{year - 1911}/{month}/{day} {clock}", ["民国"]) == expected
    month_name = [
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    ][month - 1]
    assert read(f"{day}/{month_name}/{year % 100:02d} {clock}", ["英文"]) == expected
    zoned = read(f"{moment:%Y-%m-%dT%H:%M}:00+08:00", ["带时区"])
    assert zoned == f"{moment:%Y-%m-%d %H:%M}"
    days = (moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    assert read(f"{days:.10f}", ["Excel 序号"]) == expected
