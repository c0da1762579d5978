from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.analysis.query import MAX_PHRASES, MAX_QUERY, Query, contains, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("座椅套 没货", Query("座椅套 没货")),
        ('"三包凭证"', Query("", ("三包凭证",))),
        ("“三包憑證” 退货", Query("退货", ("三包凭证",))),
        ("「三包凭证」", Query("", ("三包凭证",))),
        ("投诉 -退货", Query("投诉", (), ("退货",))),
        ("投诉 －“七天 退货” 快", Query("投诉 快", (), ("七天退货",))),
        ("-退货", Query("", (), ("退货",))),
        # Punctuation of ordinary text is no command.
        ("他说“不行”就走", Query("他说“不行”就走")),
        ("2016-03-01 A-B - --", Query("2016-03-01 A-B - --")),
        ('没有"关上', Query('没有"关上')),
        ('"关上', Query('"关上')),
        ('"，。"', Query('"，。"')),
        ('""', Query('""')),
        ("", Query("")),
        (" \u3000 ", Query("")),
    ],
)
def test_parse(text: str, expected: Query) -> None:
    assert parse(text) == expected


def test_long_queries_are_shortened() -> None:
    query = parse("投" * (MAX_QUERY + 1))
    assert query.shortened
    assert len(query.text) == MAX_QUERY
    assert not parse("投" * MAX_QUERY).shortened


def test_number_of_phrases_is_bounded() -> None:
    query = parse(" ".join(f'-词{n} "句{n}"' for n in range(100)))
    assert len(query.phrases) == len(query.excluded) == MAX_PHRASES


@given(st.text(st.one_of(st.sampled_from('"“”「」-－ 投诉a1\n\ud800'), st.characters())))
def test_every_text_is_a_query(text: str) -> None:
    parse(text)


def test_contains_whole_latin_words() -> None:
    assert contains("要求24小时内", "24小时")
    assert not contains("要求124小时内", "24小时")
    assert not contains("the start", "art")
    assert contains("iphone15手机", "iphone")
    assert contains("a2区", "2区")
