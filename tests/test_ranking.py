from __future__ import annotations

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from kb_builder import ranking
from kb_builder.ranking import Postings, QueryTerm

sizes = st.integers(1, 200_000)


@given(sizes, sizes)
def test_idf_is_above_nothing_and_falls(documents: int, frequency: int) -> None:
    frequency = min(frequency, documents)
    assert ranking.idf(documents, frequency) > 0
    assert ranking.idf(documents, 1) >= ranking.idf(documents, frequency)


@given(sizes, sizes, st.integers(1, 1000), st.floats(0.3, 50))
def test_impact_is_a_small_whole_number(
    documents: int, frequency: int, count: int, damping: float
) -> None:
    weight = ranking.idf(documents, min(frequency, documents))
    value = ranking.impact(weight, count, damping)
    assert isinstance(value, int)
    assert 1 <= value <= ranking.MAX_IMPACT
    assert value <= ranking.impact(weight, count + 1, damping)
    # No impact up to 200,000 documents is cut at 255.
    assert abs(value - max(1, 20 * weight * count / (count + damping))) <= 0.5


@given(
    st.floats(0.001, 20),
    st.lists(st.tuples(st.integers(1, 1000), st.floats(0.05, 50)), min_size=1, max_size=20),
)
def test_impacts_are_those_one_by_one(weight: float, given: list[tuple[int, float]]) -> None:
    counts = [count for count, _ in given]
    dampings = [damping for _, damping in given]
    expected = [ranking.impact(weight, count, damping) for count, damping in given]
    assert ranking.impacts(weight, range(len(given)), counts, dampings) == expected


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=50))
def test_dampings_have_about_mean_k1(lengths: list[int]) -> None:
    found = ranking.dampings(lengths, len(lengths))
    assert math.isclose(sum(found) / len(found), ranking.K1, rel_tol=0.04)


@given(st.integers(0, 10**7))
def test_a_steady_number_is_near_and_rising(number: int) -> None:
    assert abs(ranking.steady(number) - number) <= number / 64
    assert ranking.steady(number) <= ranking.steady(number + 1)


def test_steady_numbers_seldom_change() -> None:
    assert len({ranking.steady(number) for number in range(9_600, 9_700)}) <= 2


def test_a_few_words_more_in_one_document_change_no_damping() -> None:
    others = [1000] * 99
    assert ranking.dampings([*others, 1001], 100) == ranking.dampings([*others, 1004], 100)
    assert ranking.dampings([*others, 1001], 100) != ranking.dampings([*others, 1301], 100)


def test_a_deleted_document_does_not_count() -> None:
    assert ranking.dampings([10, 0, 30], 2)[::2] == ranking.dampings([10, 30], 2)


def test_common_characters() -> None:
    assert not ranking.is_common("的", 60, 60)
    assert not ranking.is_common("的", 100, 500)
    assert ranking.is_common("的", 101, 500)
    assert not ranking.is_common("的", 1000, 10_000)
    assert ranking.is_common("的", 1001, 10_000)
    assert not ranking.is_common("投诉", 2000, 10_000)
    assert ranking.is_common("投诉", 2001, 10_000)


def postings(*pairs: tuple[int, int]) -> Postings:
    return Postings([number for number, _ in pairs], [impact for _, impact in pairs])


def test_single_characters_make_no_hit_beside_words() -> None:
    words, character = ("投诉", postings((1, 20))), ("诉", postings((1, 5), (2, 5)))
    assert ranking.add_up([words, character], []).totals == {1: 25}
    assert ranking.add_up([character], []).totals == {1: 5, 2: 5}


def test_a_synonym_stands_in_where_the_word_is_missing_and_counts_less() -> None:
    own, other = postings((1, 20), (2, 40)), postings((1, 200), (3, 200), (4, 21), (5, 1))
    scores = ranking.add_up([("客户", own)], [ranking.Synonym("客户", own, "顾客", other)])
    assert scores.totals == {1: 20, 2: 40, 3: 20, 4: 10, 5: 1}
    assert scores.through == {number: [("客户", "顾客")] for number in (3, 4, 5)}


def test_of_two_synonyms_of_a_word_the_better_counts() -> None:
    own, one, other = postings((1, 50)), postings((2, 30)), postings((2, 40))
    synonyms = [ranking.Synonym("甲", own, "乙", one), ranking.Synonym("甲", own, "丙", other)]
    assert ranking.add_up([], synonyms).totals == {2: 20}


def test_intersection() -> None:
    lists = [postings((1, 5), (2, 6), (4, 7)), postings((2, 9), (3, 1), (4, 2))]
    assert ranking.intersect(lists) == postings((2, 9), (4, 7))


@given(st.lists(st.builds(QueryTerm, st.sampled_from(["word", "char"]), st.text(), sizes)))
def test_order_of_query_terms_does_not_show(terms: list[QueryTerm]) -> None:
    shuffled = random.Random(0).sample(terms, len(terms))
    chosen = ranking.select_terms(terms, 200_000)
    assert chosen == ranking.select_terms(shuffled, 200_000)
    assert len(chosen) <= ranking.MAX_QUERY_TERMS
    assert bool(chosen) == bool(terms)


def test_bigrams_count_when_only_a_word_is_rare() -> None:
    # A document may hold the text and yet not the word the query was cut into.
    word = QueryTerm("word", "对我们", 2)
    bigrams = [QueryTerm("bigram", "对我", 900), QueryTerm("bigram", "我们", 950)]
    common = QueryTerm("char", "我", 990)
    assert ranking.select_terms([word, common, *bigrams], 1000) == [word, *bigrams]


def test_common_characters_count_when_there_is_nothing_else() -> None:
    common, rare = QueryTerm("char", "的", 9000), QueryTerm("word", "投诉", 50)
    assert ranking.select_terms([common, rare], 10_000) == [rare]
    assert ranking.select_terms([common], 10_000) == [common]


def test_ties_are_broken_by_id() -> None:
    assert ranking.order([(3, "b"), (5, "c"), (3, "a")]) == [(5, "c"), (3, "a"), (3, "b")]
    assert ranking.order([(3, "\U00020000"), (3, "\uffff")], 1) == [(3, "\uffff")]
