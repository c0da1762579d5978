"""The test of rising categories against exact fractions, and its error rate on shuffled dates."""

from __future__ import annotations

import random
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from kb_builder.insight.days import Dated
from kb_builder.insight.rising import Period, Placed, judge, place, tail


def _exact(hits: int, drawn: int, inside: int, outside: int) -> Fraction:
    ways = sum(
        comb(inside, count) * comb(outside, drawn - count)
        for count in range(hits, drawn + 1)
        if drawn - count <= outside
    )
    return Fraction(ways, comb(inside + outside, drawn))


@given(st.integers(0, 40), st.integers(0, 200), st.data())
@hypothesis(max_examples=150)
def test_the_tail_is_the_hypergeometric_one(inside: int, outside: int, data: st.DataObject) -> None:
    drawn = data.draw(st.integers(0, inside + outside))
    hits = data.draw(st.integers(max(0, drawn - outside), min(drawn, inside)))
    found = tail(hits, drawn, inside, outside)
    assert found == pytest.approx(float(_exact(hits, drawn, inside, outside)), rel=1e-9)
    assert 0 < found <= 1


def test_large_numbers() -> None:
    assert tail(90, 300, 1_000, 9_000) == pytest.approx(
        float(_exact(90, 300, 1_000, 9_000)), rel=1e-7
    )


def test_cases_are_placed_where_they_surely_were() -> None:
    cases = (
        Dated(1, 1, "long-before"), Dated(10, 10, "before"), Dated(19, 19, "eve"), Dated(20, 20, "first"),
        Dated(18, 22, "either"), Dated(30, 30, "last"), Dated(31, 31, "after"), Dated(1, 12, "perhaps-before"),
    )  # fmt: skip
    placed = place(cases, Period(before=10, start=20, end=30))
    assert placed == Placed(frozenset({"before", "eve"}), frozenset({"first", "last"}))


def _placed(earlier: int, window: int) -> Placed:
    return Placed(
        frozenset(f"E{number}" for number in range(earlier)),
        frozenset(f"W{number}" for number in range(window)),
    )


def _category(earlier: int, window: int) -> frozenset[str]:
    return _placed(earlier, window).earlier | _placed(earlier, window).window


def test_what_grew_beyond_its_share_is_called_rising() -> None:
    categories = {
        "grew": _category(10, 20), "kept": _category(100, 20), "few": _category(0, 4), "all": _category(200, 40),
    }  # fmt: skip
    found = {
        rise.category: rise for rise in judge(categories, _placed(200, 40), level=0.05, least=5)
    }
    assert set(found) == {"grew", "kept"}
    assert found["grew"].rising
    assert found["grew"].expected == pytest.approx(30 * 40 / 240)
    assert len(found["grew"].window) == 20
    assert not found["kept"].rising


def test_what_rises_with_everything_else_is_not_called_rising() -> None:
    # Three times as many cases of each kind a day.
    categories = {"one": _category(50, 30), "other": _category(40, 25)}
    assert not any(rise.rising for rise in judge(categories, _placed(100, 60), level=0.05, least=5))


def test_the_rank_decides_how_unlikely_it_must_be() -> None:
    # Benjamini and Hochberg by hand: of m chances in their order, all up to the last with p <= level * rank / m.
    categories = {f"C{number}": _category(60 - 4 * number, 3 + 2 * number) for number in range(8)}
    found = judge(categories, _placed(200, 40), level=0.05, least=5)
    chances = [rise.chance for rise in found]
    assert chances == sorted(chances)
    last = max(
        (rank for rank, chance in enumerate(chances, 1) if chance <= 0.05 * rank / len(chances)),
        default=0,
    )
    assert 0 < last < len(found)
    assert [rise.rising for rise in found] == [rank < last for rank in range(len(found))]


def test_on_shuffled_dates_hardly_anything_rises() -> None:
    chance = random.Random(7)
    ids = [f"C{number:03d}" for number in range(240)]
    categories = {f"K{kind}": frozenset(chance.sample(ids, 8 + 6 * kind)) for kind in range(15)}
    wrong = 0
    for _ in range(300):
        window = frozenset(chance.sample(ids, 40))
        placed = Placed(frozenset(ids) - window, window)
        wrong += any(rise.rising for rise in judge(categories, placed, level=0.05, least=5))
    assert wrong <= 15  # 5 % of 300
