"""What a text says about the complaint: cues, their exceptions, and how sure one is."""

from __future__ import annotations

import pytest
from advice_base import CUES, FIELDS
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.analysis.folding import fold
from kb_builder.insight.judging import FieldJudgement, Lexicon, Precedent, Strength, judge

LEXICON = Lexicon(CUES)


def judged(
    text: str, *precedents: Precedent, corrections: dict[str, list[str]] | None = None
) -> dict[str, FieldJudgement]:
    fields, _ = judge(text, precedents, LEXICON, FIELDS, corrections)
    return {each.field: each for each in fields}


def values(judgement: FieldJudgement) -> list[str]:
    return [each.value for each in judgement.suggestions]


def test_a_strong_cue_settles_it_and_shows_its_words() -> None:
    text = "這台洗衣機修了都快五次，我要退錢"
    fields = judged(text)
    (subtype,) = fields["complaint_subtype"].suggestions
    assert (subtype.value, subtype.strength) == ("repeated", Strength.SURE)
    assert [text[start:end] for start, end in subtype.spans] == ["修了都快五次"]
    assert "“修了都快五次”" in subtype.why
    assert fields["appeal"].suggestions[0].value == "interest"


def test_a_gap_ends_with_the_sentence_and_after_eight_characters() -> None:
    assert values(judged("修了。下次再说")["complaint_subtype"]) == []
    assert values(judged("修了一二三四五六七八次")["complaint_subtype"]) == ["repeated"]
    assert values(judged("修了一二三四五六七八九次")["complaint_subtype"]) == []


def test_one_weak_cue_is_unsure_and_said_to_be() -> None:
    appeal = judged("说钱的事")["appeal"]
    assert [each.strength for each in appeal.suggestions] == [Strength.UNSURE]
    assert appeal.why.startswith("拿不准")
    assert appeal.known() == ()


def test_the_same_words_twice_count_once() -> None:
    assert judged("钱，钱，钱")["appeal"].suggestions[0].strength is Strength.UNSURE


@pytest.mark.parametrize(
    "text",
    [
        "没有受伤",
        "没有人受伤",
        "我都要出人命了，要出人命",
        "流血了😂",
        "开玩笑的。真流血了",
        "手疼",
    ],
)
def test_no_danger_where_there_is_none(text: str) -> None:
    danger = judged(text)["crisis_signals"]
    assert danger.suggestions == ()
    assert danger.why == "原话里没有危险信号"


def test_a_jest_two_sentences_away_takes_nothing_back() -> None:
    assert values(judged("流血了。快来人。开玩笑吧")["crisis_signals"]) == ["safety"]


def test_cases_never_suggest_danger() -> None:
    case = Precedent("CASE-1", 9, {"crisis_signals": ("safety",), "appeal": ("both",)})
    fields = judged("你好", case)
    assert fields["crisis_signals"].suggestions == ()
    assert fields["appeal"].suggestions[0].cases == ("CASE-1",)
    assert fields["appeal"].suggestions[0].strength is Strength.LIKELY


def test_a_subtype_tells_the_type_and_a_danger_the_severity() -> None:
    fields = judged("漏水了，还受伤了")
    assert fields["complaint_type"].suggestions[0].strength is Strength.SURE
    assert fields["severity"].suggestions[0].value == "major"
    assert "人身安全" in fields["severity"].why


def test_both_appeals_together() -> None:
    assert values(judged("退钱，还要道歉")["appeal"])[0] == "both"


def test_what_is_presumed_gives_way_to_evidence() -> None:
    assert values(judged("你好")["channel"]) == ["phone"]


def test_what_the_reader_says_holds() -> None:
    fields = judged("修了三次，受伤了", corrections={"crisis_signals": [], "severity": ["minor"]})
    assert fields["crisis_signals"].suggestions == ()
    assert fields["crisis_signals"].corrected
    assert [(s.value, s.strength) for s in fields["severity"].suggestions] == [
        ("minor", Strength.SURE)
    ]
    assert not fields["appeal"].corrected


def test_values_that_do_not_exist_are_dropped() -> None:
    assert judged("你好", corrections={"severity": ["huge"]})["severity"].suggestions == ()


def test_the_words_of_case_pages() -> None:
    assert LEXICON.meant(fold("修了三次")) == ("多次维修", "返修")
    assert LEXICON.meant("你好") == ()


_PIECES = st.sampled_from(
    [
        "修了",
        "次",
        "。",
        "没有",
        "受伤",
        "流血",
        "😂",
        "开玩笑",
        "钱",
        "退钱",
        " ",
        "\n",
        "要出人命",
        "賠錢",
        "ａ",
    ]
)


@given(st.lists(_PIECES, max_size=14).map("".join))
def test_every_span_lies_in_the_text_and_every_suggestion_has_a_reason(text: str) -> None:
    for field in judged(text).values():
        for each in field.suggestions:
            assert each.why
            assert all(0 <= start < end <= len(text) for start, end in each.spans)
            assert each.spans or field.field == "channel"
