from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_base import Base, make_entry

from kb_builder.analysis.folding import fold
from kb_builder.index import Filters, Searcher
from kb_builder.index.corrections import edit_distance, nearest

CASES = {
    "CASE-1": "座椅套没货\n客户要求24小时内发货，门店没有座椅套。iPhone 15 的照片\n在附件里。",
    "CASE-2": "快递慢\n客戶投訴快遞三天沒有動靜，要求退貨。",
    "CASE-3": "退货被拒\n客户要求七天无理由退货，门店拒绝退货，投诉处理慢。",
    "CASE-4": "发票\n第124小时才开发票。退",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    base = Base(tmp_path_factory.mktemp("search") / "index")
    base.update(
        {
            id_: make_entry(
                id_,
                text,
                kind="playbook" if id_ == "CASE-4" else "case",
                facets={"type": ("服务",) if id_ in {"CASE-2", "CASE-3"} else ("产品", "服务")},
                date=f"201{id_[-1]}-03",
            )
            for id_, text in CASES.items()
        }
    )
    return base.open()


def ids(searcher: Searcher, query: str, **filters: object) -> list[str]:
    return [hit.id for hit in searcher.search(query, Filters(**filters)).hits]  # type: ignore[arg-type]


def test_any_word_best_first(searcher: Searcher) -> None:
    assert ids(searcher, "座椅套 发票")[:2] == ["CASE-1", "CASE-4"]
    assert ids(searcher, "门店拒绝")[0] == "CASE-3"


def test_mixed_tokens(searcher: Searcher) -> None:
    assert ids(searcher, "24小时")[0] == "CASE-1"
    assert ids(searcher, "24")[0] == "CASE-1"
    assert set(ids(searcher, "小时")) == {"CASE-1", "CASE-4"}
    assert ids(searcher, "IPHONE") == ["CASE-1"]


def test_single_characters(searcher: Searcher) -> None:
    assert set(ids(searcher, "退")) == {"CASE-2", "CASE-3", "CASE-4"}
    assert ids(searcher, "椅") == ["CASE-1"]


def test_traditional_and_simplified(searcher: Searcher) -> None:
    assert ids(searcher, '"快递三天没有动静"') == ["CASE-2"]
    assert ids(searcher, '"投訴處理"') == ["CASE-3"]
    excerpt = searcher.search("投诉 快递").hits[0].excerpt
    assert "投訴快遞" in [excerpt.text[a:b] for a, b in excerpt.marks]
    excerpt = searcher.search("無理由退貨").hits[0].excerpt
    assert "无理由退货" in [excerpt.text[a:b] for a, b in excerpt.marks]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"没有座椅套"', ["CASE-1"]),
        ('"座椅没有套"', []),
        ("“24小时”", ["CASE-1"]),
        ('"iPhone 15"', ["CASE-1"]),
        ('"iphone15"', []),
        # A wrapped line does not interrupt.
        ('"照片在附件"', ["CASE-1"]),
        # Title and body are apart.
        ('"没货客户"', []),
        ('"发货，门店"', ["CASE-1"]),
        ("「退货」 “拒绝”", ["CASE-3"]),
        ("要求 -座椅套", ["CASE-2", "CASE-3"]),
        ("要求 -退货 -座椅套", []),
        ('要求 -"门店拒绝退货"', ["CASE-1", "CASE-2"]),
        ("-要求", ["CASE-4"]),
        ("", ["CASE-1", "CASE-2", "CASE-3", "CASE-4"]),
        ("，。！", []),
    ],
)
def test_query_language(searcher: Searcher, query: str, expected: list[str]) -> None:
    results = searcher.search(query)
    assert sorted(hit.id for hit in results.hits) == expected
    assert results.total == len(expected)
    assert not results.relaxed


def test_a_quotation_nobody_holds_is_read_as_words(searcher: Searcher) -> None:
    results = searcher.search("“座椅没有套” 发票")
    assert results.relaxed
    assert results.total


def test_filters(searcher: Searcher) -> None:
    assert set(ids(searcher, "要求", facets={"type": ["产品"]})) == {"CASE-1"}
    assert len(ids(searcher, "要求", facets={"type": ["产品", "服务"]})) == 3
    assert ids(searcher, "要求", facets={"type": ["产品"], "no": ["x"]}) == []
    assert ids(searcher, "退", kind="playbook") == ["CASE-4"]
    assert ids(searcher, "退", year="2012") == ["CASE-2"]
    assert ids(searcher, "退", year="2012-04") == []


def test_facets_count_all_matches(searcher: Searcher) -> None:
    results = searcher.search("要求", limit=1)
    assert results.total == 3
    assert results.facets == {"type": {"服务": 3, "产品": 1}}


def test_pages(searcher: Searcher) -> None:
    whole = [hit.id for hit in searcher.search("要求 退货").hits]
    parts = [searcher.search("要求 退货", limit=1, offset=n).hits[0].id for n in range(len(whole))]
    assert parts == whole
    assert searcher.search("要求", limit=5, offset=50).hits == ()


def test_hits_say_why(searcher: Searcher) -> None:
    hit = searcher.search("座椅套").hits[0]
    assert (hit.title, hit.address, hit.kind, hit.date) == (
        "座椅套没货",
        "/c/CASE-1/",
        "case",
        "2011-03",
    )
    assert hit.title_marks == ((0, 3),)
    assert [hit.excerpt.text[a:b] for a, b in hit.excerpt.marks] == ["座椅套"]


def test_corrections(searcher: Searcher) -> None:
    (correction,) = searcher.search("头诉").corrections
    assert correction.word == "头诉"
    assert correction.suggestions[0] == "投诉"
    assert searcher.search("投诉 没货").corrections == ()
    assert searcher.search("iphoen 投诉").corrections[0].suggestions == ("iphone",)


def test_edit_distance() -> None:
    assert edit_distance("投诉", "诉投") == 1
    assert edit_distance("投诉", "投诉处") == 1
    assert edit_distance("", "投诉") == 2
    assert edit_distance("iphoen", "iphone") == 1
    assert nearest("投", ["投诉"], lambda _: 1) == ("投诉",)
    assert nearest("退货", ["发票"], lambda _: 1) == ()


@pytest.mark.parametrize(
    "query",
    [
        "\ud800",
        "\x00投诉",
        '"' * 1000,
        "(" * 2000,
        "投诉" * 500_000,
        "* ? ~ AND OR NOT [a TO b]",
        "-" * 50,
        " ".join(f"-{n}" for n in range(1000)),
        "\u200b",
        "e\u0301" * 100,
    ],
)
def test_no_query_is_an_error(searcher: Searcher, query: str) -> None:
    results = searcher.search(query)
    assert results.shortened == (len(query) > 10_000)


@given(st.text(st.one_of(st.sampled_from('"“”-投诉退货24 '), st.characters()), max_size=40))
def test_random_queries(searcher: Searcher, query: str) -> None:
    results = searcher.search(query)
    assert results.total >= len(results.hits)
    scores = [hit.score for hit in results.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(isinstance(score, int) for score in scores)


texts = st.text(
    st.one_of(st.sampled_from("投訴处理座椅套24iA，。 \n\u200b㎏"), st.characters()), max_size=40
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts, min_size=2, max_size=4), st.text("投诉处理座椅套", min_size=2, max_size=6))
def test_every_substring_finds_its_text(
    make_base: Callable[[], Base], others: list[str], part: str
) -> None:
    base = make_base()
    base.update(
        {"A": f"题\n{others[0]}{part}{others[1]}"} | {f"B{n}": t for n, t in enumerate(others)}
    )
    searcher = base.open()
    for start in range(len(part) - 1):
        for end in range(start + 2, len(part) + 1):
            piece = part[start:end]
            assert "A" in [id_ for _, id_ in searcher.rank(piece)]
            assert "A" in [id_ for _, id_ in searcher.rank(f'"{piece}"')]
    searcher.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts, min_size=1, max_size=3), texts)
def test_a_phrase_is_found_exactly_where_it_stands(
    make_base: Callable[[], Base], bodies: list[str], tail: str
) -> None:
    base = make_base()
    base.update(
        {f"D{n}": f"\n{body}投诉处理{tail}" for n, body in enumerate(bodies)} | {"E": "\n" + tail}
    )
    searcher = base.open()
    for phrase in ("诉处理", "套座椅", "理", "投诉处理座"):
        found = {id_ for _, id_ in searcher.rank(f'"{phrase}"')}
        expected = {
            f"D{n}" for n, body in enumerate(bodies) if phrase in fold(f"{body}投诉处理{tail}")
        }
        if phrase in fold(tail):
            expected.add("E")
        assert found == expected
    searcher.close()
