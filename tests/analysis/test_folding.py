from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from kb_builder.analysis.folding import fold, fold_with_offsets, simplified_table

# Characters that fold in every way there is, beside any others.
TRICKY = "投訴处理24小時ＡｂC e\u0301㎏½ﬁ㈱ｶﾞ\u200b\ufeff\u00ad\u3000\n\t\r\ud800İΣ각\u1100\u1161①薴"
texts = st.text(st.one_of(st.sampled_from(TRICKY), st.characters()), max_size=60)


@given(texts)
def test_fast_and_slow_way_agree(text: str) -> None:
    assert fold_with_offsets(text).text == fold(text)


@given(texts)
def test_offsets_point_at_the_text(text: str) -> None:
    folded = fold_with_offsets(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert folded.starts == sorted(folded.starts)
    assert folded.ends == sorted(folded.ends)
    for char, start, end in zip(folded.text, folded.starts, folded.ends, strict=True):
        assert 0 <= start < end <= len(text)
        if char not in " \n":
            assert char in fold(text[start:end])


@given(texts)
def test_result_can_be_written_as_utf8(text: str) -> None:
    fold(text).encode("utf-8")


@given(texts, texts)
def test_a_piece_folds_without_its_neighbours(one: str, other: str) -> None:
    assert fold(f"{one}。{other}") == fold(f"{one}。") + fold(f"。{other}")[1:]


@given(texts)
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    # Invisible characters keep a mark from composing in the one form only.
    text = "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Mn"})
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


def test_one_spelling() -> None:
    assert fold("客戶投訴") == fold("客户投诉") == "客户投诉"
    assert fold("ＡＢＣ１２３㎏") == "abc123kg"
    assert fold("ｶﾞ") == fold("ガ") == fold("カ\u3099")
    assert fold("客\u200b户\ufeff") == "客户"


def test_white_space() -> None:
    assert fold("投诉\n处理") == "投诉处理"
    assert fold("投诉\r\n处理") == "投诉处理"
    assert fold("iPhone\u3000 15 手机") == "iphone 15手机"
    assert fold("投诉\n\n处理") == "投诉\n处理"
    assert fold("  投诉  ") == "投诉"


def test_table_is_one_character_to_one_and_ends() -> None:
    table = simplified_table()
    assert len(table) > 4000
    assert all(len(a) == len(b) == 1 for a, b in table.items())
    assert all(b not in table for b in table.values())
