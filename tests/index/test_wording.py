from __future__ import annotations

import pytest
from index_base import Base

from kb_builder.index.wording import CERTAIN, Candidate, Proposal, Wording

CASES = {
    "CASE-1": "座椅套没货\n客户要求24小时内发货，门店没有座椅套。",
    "CASE-2": "快递慢，客户投诉\n快递三天没有动静，要求升级处理。",
    "CASE-3": "退款被拒\n客户要求七天无理由退款，门店拒绝，投诉处理慢。",
    "CASE-4": "保修卡丢失\n三包凭证丢失，座椅套和保修卡都没有。",
} | {f"CASE-{n}": f"第{n}号\n别的内容，电话占线。" for n in range(5, 40)}


@pytest.fixture(scope="module")
def wording(tmp_path_factory: pytest.TempPathFactory) -> Wording:
    base = Base(tmp_path_factory.mktemp("wording") / "index")
    base.update(CASES)
    return Wording(base.open(), {"质保单": "保修卡", "无此词": "没有这个词的词"})


def only(wording: Wording, query: str) -> Proposal:
    (proposal,) = wording.propose([(query, 3)]).proposals
    return proposal


def first(wording: Wording, query: str) -> Candidate:
    return only(wording, query).candidates[0]


@pytest.mark.parametrize(
    ("query", "word", "reason"),
    [
        ("头诉", "投诉", "读音相同"),
        ("tousu", "投诉", "拼音就是它"),
        ("质保单", "保修卡", "是它的别名"),
        ("『升极』", "升级", "读音相同"),
    ],
)
def test_sure_reasons(wording: Wording, query: str, word: str, reason: str) -> None:
    best = first(wording, query)
    assert (best.word, best.reasons[0], best.weight) == (word, reason, CERTAIN)


@pytest.mark.parametrize(
    ("query", "word", "reason"),
    [
        ("座椅淘", "座椅套", "差一个字"),
        ("退费", "退款", "差一个字"),
        ("质保单子", "保修卡", "和它的别名“质保单”相近"),
    ],
)
def test_weaker_reasons(wording: Wording, query: str, word: str, reason: str) -> None:
    found = {
        candidate.word: candidate.reasons
        for proposal in wording.propose([(query, 1)]).proposals
        for candidate in proposal.candidates
    }
    assert reason in found[word]


def test_words_of_the_same_documents(wording: Wording) -> None:
    best = first(wording, "『座椅套鳜鱼』")
    assert best.reasons == ("和“座椅套”写在同样的文档里",)
    assert best.word in "座椅套没货保修卡丢失"


def test_the_number_of_documents_is_said(wording: Wording) -> None:
    assert first(wording, "头诉").documents == 2


def test_what_is_found_now_needs_nothing(wording: Wording) -> None:
    findings = wording.propose([("座椅套", 3), ("客户投诉", 1)])
    assert (findings.proposals, findings.answered, findings.unexplained) == ((), 2, ())


@pytest.mark.parametrize(
    "query", ["", "，。", "鳜鱼", "13800138000", "x" * 60, "\ud800", "('", "鳜" * 60]
)
def test_nothing_to_say(wording: Wording, query: str) -> None:
    findings = wording.propose([(query, 1)])
    assert findings.proposals == ()


def test_a_word_in_several_queries_is_counted_together(wording: Wording) -> None:
    (proposal,) = wording.propose([("头诉", 3), ("头诉 快递", 2)]).proposals
    assert (proposal.word, proposal.query, proposal.count) == ("头诉", "头诉", 5)


def test_at_most_three_and_only_words_of_the_base(wording: Wording) -> None:
    for candidate in only(wording, "头诉").candidates:
        assert candidate.documents
    assert len(only(wording, "头诉").candidates) <= 3
    assert wording.propose([("无此词", 1)]).proposals == ()
