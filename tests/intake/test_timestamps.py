"""Dates as spreadsheets write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.intake.timestamps import canonical, interval
from kb_builder.model import dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020/1/2 3:04:05", "2020-01-02 03:04"),
        ("2020-01-02", "2020-01-02"),
        ("2020.1.2", "2020-01-02"),
        ("2020年1月2日", "2020-01-02"),
        ("2020年1月2日 下午3:04", "2020-01-02 15:04"),
        ("2020年1月2号3时4分5秒", "2020-01-02 03:04"),
        ("2020/1/2 上午12:30", "2020-01-02 00:30"),
        ("2020/1/2 下午12:30", "2020-01-02 12:30"),
        ("2020-01-02T03:04:05.123", "2020-01-02 03:04"),
        ("2020-01-02 00:00:00", "2020-01-02"),
        ("20200102", "2020-01-02"),
        ("20200102030405", "2020-01-02 03:04"),
        ("2020-01", "2020-01"),
        ("2020年1月", "2020-01"),
        ("2020", "2020"),
        ("2020年", "2020"),
        ("2020-02-30", None),
        ("2020-13-01", None),
        ("2020-1-2 24:00", None),
        ("2020-1-2 下午15:00", "2020-01-02 15:00"),
        ("2020-1/2", None),
        ("0000-01-01", None),
        ("20/1/2", None),
        ("2020-01-02T03:04:05Z", None),
        ("2020年1月 3:04", None),
        ("昨天", None),
        ("", None),
        ("２０２０-01-02", None),
    ],
)
def test_text(text: str, expected: str | None) -> None:
    assert canonical(text) == expected


def test_a_form_of_the_owner() -> None:
    assert canonical("02/01/2020", "%d/%m/%Y") == "2020-01-02"
    assert canonical("2020-01-02", "%d/%m/%Y") is None


@given(st.datetimes())
def test_what_a_spreadsheet_holds_is_a_date_the_model_reads(moment: dt.datetime) -> None:
    text = canonical(moment)
    assert text is not None
    read = dates.parse(text)
    assert read is not None
    assert read.earliest[:3] == (moment.year, moment.month, moment.day)
    assert read.has_time == (moment.time() != dt.time())


@given(st.text("0123456789-/.年月日: ", max_size=20))
def test_whatever_is_read_the_model_reads_too(text: str) -> None:
    found = canonical(text)
    assert found is None or dates.parse(found) is not None


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2019-04-25 09:32", "2019-05-10 14:56", "15 天"),
        ("2019-04-25 09:32", "2019-04-25 10:31", "不到 1 小时"),
        ("2019-04-25 09:32", "2019-04-26 10:31", "24 小时"),
        ("2019-04-25", "2019-04-25 14:56", "不到 1 天"),
        ("2019-04-25", "2019-04-27", "2 天"),
        ("2019-04-27", "2019-04-25", ""),
        ("2019-04-27 10:00", "2019-04-27 09:00", ""),
        ("2019-04", "2019-04-25", ""),
        ("", "2019-04-25", ""),
    ],
)
def test_interval(first: str, second: str, expected: str) -> None:
    assert interval(first, second) == expected
