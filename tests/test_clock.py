from __future__ import annotations

import datetime

import pytest

from kb_builder import clock
from kb_builder.diagnostics import KbError


@pytest.mark.parametrize(
    ("epoch", "day"),
    [
        ("0", "1970-01-01"),
        ("1795219199", "2026-11-20"),
        ("1795219200", "2026-11-21"),
        ("-1", "1969-12-31"),
    ],
)
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Adak"])
def test_the_day_is_that_of_the_epoch_in_utc(
    monkeypatch: pytest.MonkeyPatch, epoch: str, day: str, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setenv(clock.EPOCH, epoch)
    assert clock.today().isoformat() == day


def test_without_it_the_day_is_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.EPOCH, raising=False)
    before = datetime.date.today()
    assert before <= clock.today() <= datetime.date.today()


@pytest.mark.parametrize("written", ["", "gestern", "1.5", "9" * 30])
def test_what_is_no_number_of_seconds_is_an_error(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv(clock.EPOCH, written)
    with pytest.raises(KbError, match=clock.EPOCH):
        clock.today()
