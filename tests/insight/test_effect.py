"""预案效果 against counts made by hand, and the interval against published values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting_base import made_case, material, row_of, table_of, values

from kb_builder.insight.effect import effect, wilson
from kb_builder.loader import Base
from kb_builder.model.settings import Settings


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    # Worked out by hand from the formula with z = 1.96; the last two are the ends: z² / (n + z²) = 0.2775.
    [(1, 2, 0.0945, 0.9055), (5, 10, 0.2366, 0.7634), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)],
)
def test_known_intervals(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@given(n=st.integers(1, 5000), data=st.data())
def test_the_interval_holds_the_share_and_mirrors(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    low, high = wilson(successes, n)
    assert 0 <= low <= successes / n <= high <= 1
    other_low, other_high = wilson(n - successes, n)
    assert (other_low, other_high) == (pytest.approx(1 - high), pytest.approx(1 - low))


@given(n=st.integers(1, 500), data=st.data())
def test_more_cases_narrow_the_interval(n: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, n))
    low, high = wilson(successes, n)
    wide_low, wide_high = wilson(successes * 2, n * 2)
    assert wide_high - wide_low < high - low


def test_the_small_base_is_too_small(base: Base) -> None:
    # PB-001: the oven (resolved) and the takeaway (partly). Apology: the same two. Others: one each.
    report = effect(material(base.settings, base.corpus.documents))
    playbooks = table_of(report, "playbooks")
    assert values(row_of(playbooks, "PB-001")) == [2, 2, 1, None, None, None]
    assert row_of(playbooks, "PB-001").label == "PB-001 投诉处理总流程"
    assert values(row_of(playbooks, "unfilled")) == [2, 0, 0, None, None, None]
    remedies = table_of(report, "remedy")
    assert values(row_of(remedies, "apology")) == [2, 2, 1, None, None, None]
    assert values(row_of(remedies, "refund")) == [1, 1, 0, None, None, None]


def test_from_five_cases_on_something_is_said(settings: Settings) -> None:
    outcomes = ("resolved", "crisis_averted", "resolved", "partly_resolved")
    cases = [
        made_case(settings, number, "remedy: [apology]", f"outcome: {outcome}")
        for number, outcome in enumerate(outcomes, 1)
    ]
    without = made_case(settings, 9, "remedy: [apology]")
    row = row_of(table_of(effect(material(settings, [*cases, without])), "remedy"), "apology")
    assert values(row) == [5, 4, 3, None, None, None]
    fifth = made_case(settings, 5, "remedy: [apology]", "outcome: unresolved")
    row = row_of(table_of(effect(material(settings, [*cases, fifth])), "remedy"), "apology")
    assert values(row)[:4] == [5, 5, 3, 0.6]
    assert values(row)[4:] == list(wilson(3, 5))
