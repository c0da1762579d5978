from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.analysis.readings import homophones, syllables

LEXICON = ["投诉", "头速", "头数", "银行", "引航", "音航", "行银", "头", "tousu", "投诉处", "长大"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("头诉", ["投诉", "头速"]),
        ("投诉", ["头速"]),
        # 银行 is read yinhang as a word, though 行 by itself is xing.
        ("引航", ["银行", "音航"]),
        ("引行", []),
        ("tousu", []),
        ("头", []),
        ("", []),
    ],
)
def test_homophones(word: str, expected: list[str]) -> None:
    assert homophones(word, LEXICON) == expected


def test_latin_stays_whole_and_unknown_is_left_out() -> None:
    assert syllables("iPhone 坏了，24小时") == ["iphone", "huai", "le", "24", "xiao", "shi"]


@given(st.text(max_size=12))
def test_any_text_has_a_reading(text: str) -> None:
    assert all(s.isascii() and s.isalnum() and s == s.lower() for s in syllables(text))
