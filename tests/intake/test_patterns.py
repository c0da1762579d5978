"""Regular expressions of a map: what is refused, and that what is taken comes to an end."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_builder.intake.patterns import MAX_LINE, PatternError, compiled, find


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(a+)+b", "重复里面又有重复"),
        ("((a+))+b", "重复里面又有重复"),
        ("(a|a)*b", "重复里面又有重复"),
        ("(?:x{1,5}y){2,}", "重复里面又有重复"),
        ("((a?)b)*", "重复里面又有重复"),
        (".*a.*b", "能重复的部分太多"),
        ("x*" * 9, "能重复的部分太多"),
        ("(ab)*(ab)*(ab)*c", "能重复的部分太多"),
        ("a.*b[^c]*c", "能重复的部分太多"),
        ("(a|b)" * 30, "能重复的部分太多"),
        ("(?=a)b", "括号里的“?”"),
        ("(?i)b", "括号里的“?”"),
        (r"(a)\1", r"不能用“\1”"),
        ("(", "正则表达式写错了"),
        ("a" * 301, "正则表达式最多 300 个字"),
    ],
)
def test_what_could_run_away_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PatternError) as caught:
        compiled(text)
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^【(.+?)】", "【手机】屏幕碎了", "【手机】"),
        (r"[^；]*；[^；]*；(.*)$", "甲；乙；丙；丁", "甲；乙；丙；丁"),
        (r"\d{1,4}年\d{1,2}月", "于2020年1月", "2020年1月"),
        (r"(?:ab)+", "xababx", "abab"),
        ("^.*a.*b", "1a2b", "1a2b"),
        (r"[\]\-]+", "a]-]", "]-]"),
        (r"^(\d+/\w+/\d+) [^;]*;", "第一行\n12/Mar/24 2:05 PM;x", "12/Mar/24 2:05 PM;"),
    ],
)
def test_ordinary_expressions_are_taken(pattern: str, text: str, found: str) -> None:
    match = find(compiled(pattern), text)
    assert match is not None
    assert match[0] == found


def test_long_text_is_not_tried() -> None:
    pattern = compiled("a")
    assert find(pattern, "b" * MAX_LINE) is None
    with pytest.raises(PatternError, match="一行有 2001 个字"):
        find(pattern, "b" * (MAX_LINE + 1))
    with pytest.raises(PatternError, match="正则表达式只查 100000 字"):
        find(pattern, "\n".join(["b" * 1499] * 67))


ATOM = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\w", "^", "$", "(a)", "(?:ab)", "(a|b)"])
PIECE = st.tuples(ATOM, st.sampled_from(["", "*", "+", "?", "{1,3}", "{2,}", "*?", "++"])).map(
    "".join
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECE, min_size=1, max_size=6).map("".join))
def test_what_is_taken_means_the_same_and_ends(text: str) -> None:
    try:
        pattern = compiled(text)
    except PatternError:
        return
    assert pattern.pattern == text
    # On the budget's longest lines; an expression that runs away would hang here for hours.
    for line in ("a" * MAX_LINE, "ab" * (MAX_LINE // 2), "a" * (MAX_LINE - 1) + "c"):
        assert pattern.search(line) is None or re.search(text, line) is not None
