from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.analysis.segmenter import Segmenter, _private_tokenizer

WORDS = ("座椅套", "三包凭证", "先行赔付金", "iPhone", "learn", "退", "没货")
SAMPLE = "我们在商场购买的座椅套没货了客服说三包凭证丢失不能退货要求先行赔付金长春市长春药店东北大学生前来应聘"
han = st.text(
    st.one_of(st.sampled_from(SAMPLE), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5)),
    min_size=1,
    max_size=40,
)
slices = st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(1, 30)).map(
    lambda pair: SAMPLE[pair[0] : pair[0] + pair[1]]
)


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter(WORDS)


@pytest.fixture(scope="module")
def jieba_tokenizer(segmenter: Segmenter):
    tokenizer = _private_tokenizer()
    for word in segmenter.words:
        tokenizer.add_word(word)
    return tokenizer


@given(st.one_of(han, slices))
def test_cuts_as_jieba_does(segmenter: Segmenter, jieba_tokenizer, text: str) -> None:
    words = segmenter.cut(text)
    assert words == jieba_tokenizer.lcut(text, HMM=False)
    found: list[str] = []
    for word in words:
        found += [part for _, part in segmenter.parts(word)] + [word]
    assert found == jieba_tokenizer.lcut_for_search(text, HMM=False)


@given(han)
def test_words_joined_are_the_text(segmenter: Segmenter, text: str) -> None:
    words = segmenter.cut(text)
    assert "".join(words) == text
    for word in words:
        assert all(word[i : i + len(part)] == part for i, part in segmenter.parts(word))


def test_user_words_stay_whole(segmenter: Segmenter) -> None:
    assert "座椅套" in segmenter.cut("买的座椅套没货")
    assert "先行赔付金" in segmenter.cut("要求先行赔付金")


def test_only_han_words_of_two_characters_are_taken(segmenter: Segmenter) -> None:
    assert segmenter.words == tuple(sorted({"座椅套", "三包凭证", "先行赔付金", "没货"}))


def test_traditional_user_words_are_folded() -> None:
    assert Segmenter(["座椅套", "保養手冊"]).words == Segmenter(["保养手册", "座椅套"]).words


def test_order_of_words_does_not_show() -> None:
    one, other = Segmenter(WORDS), Segmenter(reversed(WORDS))
    assert one.digest == other.digest != Segmenter().digest
    assert one.cut(SAMPLE) == other.cut(SAMPLE)


def test_no_cache_file_is_touched(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "jieba.cache").write_bytes(b"poison")
    assert Segmenter().cut("客户投诉") == ["客户", "投诉"]
    assert (tmp_path / "jieba.cache").read_bytes() == b"poison"
    assert len(list(tmp_path.iterdir())) == 1


def test_frequencies_are_those_of_jieba() -> None:
    import jieba

    tokenizer = jieba.Tokenizer()
    expected = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    ours = _private_tokenizer()
    assert (ours.FREQ, ours.total) == expected


@pytest.mark.parametrize(
    "text", ["仫", "仫佬", "仫佬族", "佬仫", "投仫诉", "研究生命仫", "\U00020bb7野家"]
)
def test_characters_that_only_begin_words(segmenter: Segmenter, jieba_tokenizer, text: str) -> None:
    assert segmenter.cut(text) == jieba_tokenizer.lcut(text, HMM=False)
