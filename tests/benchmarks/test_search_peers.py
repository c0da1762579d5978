from __future__ import annotations

import gzip
import random
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

# The benchmarks are scripts, not a package: they find each other in their own folder.
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from evaluation import EvaluationSet, Quality
from peers.measuring import Cost, Measured, percentile, serve
from peers.queries import keyword_queries, keywords, sample
from peers.tables import HEADER, Row, line, promises, summary, whole


def test_keywords_are_the_rarest_words_as_they_stand() -> None:
    holding = {"快递": 9, "丢失": 3, "客服": 5, "推诿": 1}
    words = ["快递", "丢失", "客服", "推诿"]
    assert keywords(words, holding.__getitem__, 10) == "丢失 客服 推诿"


def test_keywords_leave_out_single_characters_and_words_that_no_document_holds() -> None:
    holding = {"我": 1, "快递": 9, "丢失": 3, "火星": 0}
    assert keywords(["我", "快递", "火星", "丢失"], holding.__getitem__, 10) == "快递 丢失"


def test_of_equal_words_the_earlier_ones_are_taken() -> None:
    assert keywords(["丁丁", "甲甲", "丙丙", "乙乙"], lambda _: 2, 10) == "丁丁 甲甲 丙丙"


def test_one_word_makes_no_keyword_query() -> None:
    assert keywords(["快递", "快递"], lambda _: 1, 10) is None


@given(st.lists(st.sampled_from(["aa", "bb", "cc", "dd", "ee"])), st.randoms(use_true_random=False))
def test_no_word_left_out_is_rarer_than_one_taken(words: list[str], rng: random.Random) -> None:
    holding = {word: rng.randrange(1, 9) for word in words}
    found = keywords(words, holding.__getitem__, 10)
    if found is None:
        assert len(holding) < 2
        return
    taken = found.split()
    assert taken == [word for word in dict.fromkeys(words) if word in taken]
    assert len(taken) == min(3, len(holding))
    rarest_left = min((n for word, n in holding.items() if word not in taken), default=9)
    assert max(holding[word] for word in taken) <= rarest_left


def test_keyword_queries_keep_the_ids_and_drop_punctuation() -> None:
    texts = ["快递丢失, iPhone15 没有找到", "快递很慢", "客服态度"]
    queries = {"q1": "请问：快递丢失，IPHONE15 怎么办？", "q2": "客服！"}
    assert keyword_queries(queries, texts) == {"q1": "快递 丢失 iphone15"}


def made(documents: int, queries: int) -> EvaluationSet:
    return EvaluationSet(
        "made",
        {f"d{n}": ("", f"text {n}") for n in range(documents)},
        {f"q{n}": f"query {n}" for n in range(queries)},
        {f"q{n}": {f"d{n}": 1.0} for n in range(queries)},
    )


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_sample_holds_every_right_answer(documents: int, queries: int) -> None:
    data = made(40, 40)
    if queries > documents:
        with pytest.raises(ValueError, match="do not fit"):
            sample(data, documents, queries)
        return
    found = sample(data, documents, queries)
    assert (len(found.documents), len(found.queries)) == (documents, queries)
    assert all(f"d{query[1:]}" in found.documents for query in found.queries)
    assert found == sample(data, documents, queries)


def test_a_sample_is_never_larger_than_the_set() -> None:
    data = made(5, 3)
    assert sample(data, 100, 100) == data


def test_percentiles() -> None:
    numbers = [3.0, 1.0, 2.0, 4.0]
    assert [percentile(numbers, share) for share in (0.25, 0.5, 0.95)] == [1.0, 2.0, 4.0]


@given(st.lists(st.integers(), min_size=1), st.floats(0.01, 1))
def test_a_percentile_covers_its_share_and_no_smaller_number_does(
    numbers: list[int], share: float
) -> None:
    found = percentile(numbers, share)
    assert sum(n <= found for n in numbers) >= share * len(numbers)
    assert sum(n < found for n in numbers) < share * len(numbers)


def test_what_is_sent_is_counted_and_text_as_if_compressed(tmp_path: Path) -> None:
    script, shard = b"let a = 1;" * 100, b"\0" * 500
    (tmp_path / "index.html").write_bytes(b"<p>")
    (tmp_path / "a.js").write_bytes(script)
    (tmp_path / "b.bin").write_bytes(shard)
    with serve(tmp_path) as site:
        start = site.mark()
        assert urlopen(site.address + "a.js?v=1").read() == script
        middle = site.mark()
        assert urlopen(site.address + "b.bin").read() == shard
        with pytest.raises(HTTPError):
            urlopen(site.address + "missing.js")
        end = site.mark()
        urlopen(site.address).read()
        packed = len(gzip.compress(script, 6))
        assert site.cost(1.5, start, middle) == Cost(1.5, 1, packed, 1000)
        assert site.cost(0, start, end) == Cost(0, 2, packed + 500, 1500)
        assert site.cost(0, end, site.mark()).plain == 3


def row(engine: str, quality: Quality, size: int = 1000) -> Row:
    cost = Cost(5, 2, size // 2, size)
    return Row(engine, quality, 2_000_000, 1.0, Measured([cost], [cost], [cost], [cost]))


def test_promises_ask_the_best_peer_of_each_figure() -> None:
    ours = row("ours", Quality(0.8, 0.8, 0.9, 0))
    peers = [row("one", Quality(0.81, 0.5, 0.5, 0)), row("other", Quality(0.5, 0.8, 0.5, 0))]
    kept = {one.what: one.kept for one in promises("set", ours, peers)}
    assert [what for what, well in kept.items() if not well] == [
        "set: nDCG@10 at least that of the best peer"
    ]
    assert len(kept) == 7


def test_promises_count_set_up_and_first_query_uncompressed() -> None:
    quality = Quality(1, 1, 1, 1)
    found = promises("set", row("ours", quality, 75_001), [row("one", quality)])
    kept = {one.what: one.kept for one in found}
    assert not kept["set: first query from cold ≤ 150 KB"]
    assert not kept["set: no query without result"]
    assert kept["set: later queries ≤ 80 KB"]


def test_whole_sets_are_held_against_their_targets() -> None:
    found = list(whole({"a": 0.89, "b": 0.4499}, {"a": 0.89, "b": 0.45}))
    assert [one.kept for one in found] == [True, False]
    assert summary(found).count("**no**") == 1


def test_a_row_has_the_columns_of_the_header() -> None:
    assert line(row("ours", Quality(0.5, 0.5, 0.5, 2))).count("|") == HEADER.split("\n")[0].count(
        "|"
    )
    assert HEADER.split("\n")[1].count("|") == HEADER.split("\n")[0].count("|")
