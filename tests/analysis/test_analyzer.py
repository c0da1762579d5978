from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.analysis.analyzer import KINDS, Analyzer
from kb_builder.analysis.folding import fold

TRICKY = "投訴处理座椅套24小時iPhone15Ａ2区。，！ e\u0301㎏½ｶﾞ\u200b\u3000\n\ud800"
texts = st.text(st.one_of(st.sampled_from(TRICKY), st.characters()), max_size=60)


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer(["座椅套"])


def terms(analyzer: Analyzer, text: str, kind: str) -> list[str]:
    return [token.term for token in analyzer.tokens(text) if token.kind == kind]


@given(texts)
def test_counts_agree_with_tokens(analyzer: Analyzer, text: str) -> None:
    counted = analyzer.count_terms(text)
    tokens = Counter((token.kind, token.term) for token in analyzer.tokens(text))
    assert tokens == {(kind, t): n for kind in KINDS for t, n in counted.of(kind).items()}


@given(texts)
def test_tokens_point_at_the_text(analyzer: Analyzer, text: str) -> None:
    for token in analyzer.tokens(text):
        assert token.term in fold(text[token.start : token.end])


@given(st.text(st.sampled_from("投訴处理座椅套24小時iPhone，"), max_size=40))
def test_tokens_fold_to_their_term(analyzer: Analyzer, text: str) -> None:
    for token in analyzer.tokens(text):
        assert fold(text[token.start : token.end]) == token.term


@given(texts)
def test_positions_count_units(analyzer: Analyzer, text: str) -> None:
    tokens = list(analyzer.tokens(text))
    positions = {token.position for token in tokens}
    assert positions == set(range(len(positions)))
    starts = {token.position: token.start for token in tokens if token.kind == "char"}
    assert [starts[p] for p in sorted(starts)] == sorted(starts.values())


@given(
    st.text(st.sampled_from(TRICKY), max_size=20), st.text("投诉处理座椅", min_size=2, max_size=8)
)
def test_every_han_substring_shares_bigrams(analyzer: Analyzer, around: str, part: str) -> None:
    whole = analyzer.count_terms(around + part + around)
    assert analyzer.count_terms(part).bigram.keys() <= whole.bigram.keys()
    required, _ = analyzer.required_terms(fold(part))
    assert all(whole.of(kind)[term] for kind, term in required)


def test_mixed_tokens(analyzer: Analyzer) -> None:
    assert {"24小时", "24", "小时"} <= set(terms(analyzer, "请在24小时内回复", "word"))
    assert {"iphone15", "iphone", "15"} <= set(terms(analyzer, "新iPhone15手机", "word"))
    assert {"在2", "4小", "小时"} <= set(terms(analyzer, "请在24小时内回复", "bigram"))
    assert sorted(terms(analyzer, "a15", "infix")) == ["1", "15", "5", "a", "a1"]


def test_nothing_is_a_stop_word(analyzer: Analyzer) -> None:
    assert terms(analyzer, "的了之", "char") == ["的", "了", "之"]


def test_positions_and_offsets(analyzer: Analyzer) -> None:
    text = "買24小時 座椅套"
    found = {(t.kind, t.term): (t.position, text[t.start : t.end]) for t in analyzer.tokens(text)}
    assert found["word", "24小时"] == (1, "24小時")
    assert found["bigram", "时座"] == (3, "時 座")
    assert found["word", "座椅套"] == (4, "座椅套")


def test_long_words_are_cut(analyzer: Analyzer) -> None:
    counted = analyzer.count_terms("a1" * 10_000 + "长" * 10_000)
    assert max(map(len, counted.word)) <= 130
    assert max(map(len, counted.bigram)) <= 130


def test_version_follows_the_dictionary() -> None:
    assert Analyzer(["座椅套"]).version == Analyzer(["座椅套"]).version != Analyzer().version


def test_importing_is_cheap() -> None:
    code = (
        "import sys, kb_builder.analysis.analyzer, kb_builder.index;"
        "print([m for m in ('jieba', 'opencc', 'whoosh') if m in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert output.stdout.strip() == "[]"
