from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb_builder.analysis.excerpt import cut_excerpt, mark, telling
from kb_builder.analysis.folding import fold

TERMS = {"座椅套": 5.0, "没货": 4.0, "套": 1.0, "24小时": 3.0}


def test_marks_traditional_text() -> None:
    text = "開頭。" + "前面的話" * 50 + "。說座椅套沒貨，24小時回覆。" + "後面" * 50
    excerpt = cut_excerpt(text, TERMS)
    assert excerpt.text.startswith("…說座椅套沒貨")
    assert [excerpt.text[a:b] for a, b in excerpt.marks] == ["座椅套沒貨", "24小時"]
    assert excerpt.score == 13.0


def test_text_without_terms_gives_its_beginning() -> None:
    excerpt = cut_excerpt("第一句。" * 100, TERMS)
    assert excerpt.text.startswith("第一句。")
    assert excerpt.text.endswith("…")
    assert not excerpt.marks


def test_single_characters_are_marked_only_where_they_stand_alone_in_the_query() -> None:
    cut = telling(TERMS, [["座椅套", "没货"], ["24小时"]])
    assert mark("套在座椅套上", cut) == ((2, 5),)
    assert mark("一套", cut) == ()
    alone = telling(TERMS, [["座椅套", "没货"], ["套"]])
    assert mark("套在座椅套上", alone) == ((0, 1), (2, 5))


def test_where_there_is_nothing_else_they_are_what_was_found() -> None:
    assert mark("一套", telling({"套": 1.0}, [["套", "没"]])) == ((1, 2),)


def test_empty() -> None:
    assert cut_excerpt("", TERMS).text == ""
    assert cut_excerpt("\u200b \n", TERMS).text == ""


@given(
    st.text(
        st.one_of(st.sampled_from("座椅套沒货24小时。 \n\u200b㎏"), st.characters()), max_size=300
    )
)
def test_marks_point_at_terms(text: str) -> None:
    excerpt = cut_excerpt(text, TERMS)
    assert "\n" not in excerpt.text
    last = -1
    for start, end in excerpt.marks:
        assert last < start < end <= len(excerpt.text)
        last = end
        assert any(term in fold(excerpt.text[start:end]) for term in TERMS)
