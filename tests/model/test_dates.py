"""Dates known to the year, month, day or minute."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.model import dates
from kb_builder.model.dates import PartialDate


def parsed(text: str) -> PartialDate:
    date = dates.parse(text)
    assert date is not None
    return date


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2016", (2016, 1, 1, 0, 0), (2016, 12, 31, 23, 59)),
        ("2016-02", (2016, 2, 1, 0, 0), (2016, 2, 29, 23, 59)),
        ("2016-03-01", (2016, 3, 1, 0, 0), (2016, 3, 1, 23, 59)),
        ("2016-03-01 09:30", (2016, 3, 1, 9, 30), (2016, 3, 1, 9, 30)),
        ("2016-03-01T09:30:59", (2016, 3, 1, 9, 30), (2016, 3, 1, 9, 30)),
    ],
)
def test_a_date_is_an_interval(
    text: str, earliest: tuple[int, ...], latest: tuple[int, ...]
) -> None:
    date = parsed(text)
    assert (date.earliest, date.latest, date.text) == (earliest, latest, text)
    assert date.has_time == (earliest == latest)
    assert date.year == 2016


@pytest.mark.parametrize(
    "text",
    [
        "",
        "16",
        "2016-3",
        "2016-13",
        "2016-00",
        "2016-02-30",
        "2015-02-29",
        "2016-03-01 24:00",
        "2016-03-01 09:60",
        "0000",
        "0000-01-01",
        "２０１６",
        "2016-03-01\n",
        " 2016",
        "unknown",
    ],
)
def test_anything_else_is_no_date(text: str) -> None:
    assert dates.parse(text) is None


def test_after_is_said_only_where_it_is_certain() -> None:
    assert parsed("2016-03-02").surely_after(parsed("2016-03-01"))
    assert not parsed("2016-03").surely_after(parsed("2016-03-01"))
    assert not parsed("2016-03-01").surely_after(parsed("2016-03"))
    assert parsed("2017").surely_after(parsed("2016-12-31 23:59"))
    assert not parsed("2016-03-01").surely_after(parsed("2016-03-01"))


@given(st.datetimes(), st.datetimes())
def test_intervals_agree_with_moments(one: datetime.datetime, other: datetime.datetime) -> None:
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y-%m", "%Y"):
        # strftime leaves out the leading zeros of early years.
        first, second = (
            parsed(moment.strftime(form.replace("%Y", f"{moment.year:04d}")))
            for moment in (one, other)
        )
        assert first.earliest <= one.timetuple()[:5] <= first.latest
        if first.surely_after(second):
            assert one > other
            assert not second.surely_after(first)


@pytest.mark.parametrize(
    ("text", "with_time", "meant"),
    [
        ("2024-5-1", False, "2024-05-01"),
        ("2024/05/01", False, "2024-05-01"),
        ("2024.5", False, "2024-05"),
        ("2024年5月", False, "2024-05"),
        ("２０２４年５月１日", False, "2024-05-01"),
        ("2024-05-01 09:30", False, "2024-05-01"),
        ("2024/5/1 9:05:30", True, "2024-05-01 09:05"),
        ("2024-02-30", False, None),
        ("5/1/2024", False, None),
        ("去年", False, None),
        ("2024/5/1 25:00", True, None),
    ],
)
def test_other_ways_of_writing_are_mended(text: str, with_time: bool, meant: str | None) -> None:
    assert dates.mend(text, with_time=with_time) == meant
