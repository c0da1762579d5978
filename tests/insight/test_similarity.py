"""The one notion of likeness: what a text finds, why, the lists of cases, and near duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kb_builder import ranking
from kb_builder.analysis.analyzer import KINDS, Analyzer, is_han
from kb_builder.analysis.cutting import synonym_table
from kb_builder.index import Entry
from kb_builder.index.counted import Counted, count_entry
from kb_builder.insight import neighbours, similarity
from kb_builder.insight.duplicates import LEAST, SHORTEST, duplicates, share
from kb_builder.insight.inverted import Counts, Inversion
from kb_builder.insight.neighbours import Memory

ANALYZER = Analyzer(["座椅套"])
TEXTS = {
    "CASE-1": "客户预付座椅套两周，到店才知道没有订货。店长当晚登门安装座椅套，客户满意。",
    "CASE-2": "快递三天没有动静，客户要求退货，客服只说再等等。",
    "CASE-3": "洗衣机修了五次才修好，说好二十四小时上门，三次都没有人来。",
    "CASE-4": "景蓉华苑物业乱收停车费，业主投票不公开，业委会不解释。",
    "CASE-5": "座椅套颜色装错了，客户选的是黑色，店里答应重做座椅套。",
}


def counted(texts: Mapping[str, str]) -> dict[str, Counted]:
    return {
        id_: count_entry(Entry(id_, "case", "", "", (("body", 1, text),), {}), ANALYZER)
        for id_, text in texts.items()
    }


def memory(texts: Mapping[str, str] = TEXTS) -> Memory:
    return Memory([counted(texts)[id_] for id_ in sorted(texts)])


def order(found: similarity.Similar) -> list[str]:
    ids = sorted(TEXTS)
    return [id_ for _, id_ in ranking.order((s, ids[n]) for n, s in found.scores.items())]


def test_only_words_of_the_part_that_was_said_are_named() -> None:
    index = memory()
    said = "等了两周，店里说没有订货"
    found = similarity.find(f"{said}\n座椅套，登门安装", index)
    texts = [TEXTS["CASE-1"]]
    whole = similarity.because(found, f"{said}\n座椅套，登门安装", 0, index, texts)
    assert "座椅套" in whole
    named = similarity.because(found, said, 0, index, texts)
    assert named
    assert all(word in said for word in named)
    assert similarity.because(found, "你好", 0, index, texts) == ()


def test_a_text_finds_what_is_about_the_same() -> None:
    index = memory()
    complaint = "我上月预付了座椅套的钱，等了两周，店里说没有订货！什么时候来安装座椅套？"
    assert order(similarity.find(complaint, index))[:2] == ["CASE-1", "CASE-5"]
    assert order(similarity.find("物业的停车费又涨了，业主没有同意", index))[0] == "CASE-4"


def test_what_is_said_often_counts_more() -> None:
    index = memory()
    once = "停车费，快递三天"
    often = "停车费，停车费，停车费，停车费，快递三天"
    assert order(similarity.find(once, index))[0] == "CASE-2"
    assert order(similarity.find(often, index))[0] == "CASE-4"


def test_only_the_first_characters_are_read_and_that_is_said() -> None:
    index = memory()
    text = "嗯" * similarity.MAX_TEXT
    found = similarity.find(text + TEXTS["CASE-3"], index)
    assert found.shortened
    assert not found.scores
    whole = similarity.find(text[: -len(TEXTS["CASE-3"])] + TEXTS["CASE-3"], index)
    assert not whole.shortened
    assert order(whole)[0] == "CASE-3"


def test_so_many_pairs_are_looked_up_and_so_many_terms_scored() -> None:
    asked: set[str] = set()

    class Spy(Memory):
        def frequency(self, kind: str, term: str) -> int:
            if len(term) > 1:
                asked.add(term[:2])
            return super().frequency(kind, term)

    text = "".join(chr(0x4E00 + n) for n in range(3_000))
    counts = counted({"CASE-1": text, "CASE-2": "别的"})
    found = similarity.find(text, Spy(list(counts.values())))
    assert len(asked) == ranking.MAX_SIMILAR_PAIRS
    assert len(found.terms) == ranking.MAX_SIMILAR_TERMS


def test_characters_that_no_document_holds_take_no_place() -> None:
    index = memory()
    unknown = "".join("蓉" + chr(0x3400 + n) for n in range(ranking.MAX_SIMILAR_PAIRS + 50))
    terms = similarity.find(f"{unknown}，客户", index).terms
    assert ("bigram", "客户") in {(each.kind, each.term) for each in terms}


def test_a_synonym_finds_what_the_word_does_not() -> None:
    index = memory()
    table = synonym_table([["断供", "没有订货"]])
    assert similarity.find("断供", index).scores == {}
    found = similarity.find("断供", index, table)
    assert order(found) == ["CASE-1"]
    assert found.through[0] == [("断供", "没有订货")]
    assert similarity.because(found, "断供", 0, index, [TEXTS["CASE-1"]]) == ("没有订货",)


def test_reasons_are_words_of_both_texts() -> None:
    index = memory()
    text = "景蓉华苑的停车费是谁定的？景蓉华苑业主要投票"
    found = similarity.find(text, index)
    words = similarity.because(found, text, 3, index, [TEXTS["CASE-4"]])
    assert words[0] == "景蓉华苑"
    assert {"停车费", "投票"} <= set(words)
    assert all(word in text and word in TEXTS["CASE-4"] for word in words)


@given(st.text(alphabet="座椅套物业停车费快递三天没有a1５ 。，𠮷", max_size=80))
def test_any_text_is_answered(text: str) -> None:
    index = memory()
    found = similarity.find(text, index)
    assert all(score > 0 for score in found.scores.values())
    assert [-each.weight for each in found.terms] == sorted(-each.weight for each in found.terms)
    for number in found.scores:
        words = similarity.because(found, text, number, index, [TEXTS[sorted(TEXTS)[number]]])
        assert len(words) == len(set(words)) <= 6
        for word in words:
            assert not any(word in other for other in words if other != word)


def test_the_list_of_a_case_is_what_its_terms_find() -> None:
    texts = TEXTS | {"CASE-6": TEXTS["CASE-1"].replace("两周", "三周").replace("满意", "很满意")}
    documents = counted(texts)
    found = neighbours.neighbours(documents, {})
    assert [each.id for each in found["CASE-6"]][:1] == ["CASE-1"]
    assert found["CASE-6"][0].share > 60
    assert "CASE-4" not in {each.id for each in found["CASE-1"]}
    assert all(id_ not in {each.id for each in near} for id_, near in found.items())
    index = Memory([documents[id_] for id_ in sorted(documents)])
    groups = [
        (kind, count, terms)
        for place, kind in enumerate(KINDS)
        if kind != "infix"
        for count, terms in documents["CASE-6"].each(place)
    ]
    # So few terms that none is left out.
    terms = similarity.weigh(
        groups,
        lambda kind: lambda term: similarity.rarity(index.frequency(kind, term), term, len(index)),
    )
    exact = dict.fromkeys(range(len(index)), 0)
    for each in terms:
        for number in exact:
            value = similarity.impact_in(index.postings(each.kind, each.term), number)
            exact[number] += value * each.weight
    itself = similarity.rounded(exact[5])
    other = similarity.rounded(exact[0])
    # The share is of the one that says more, which is the longer.
    assert found["CASE-6"][0].share == other * 100 // itself


def test_a_few_words_are_not_like_every_long_text_that_has_them_too() -> None:
    short = {"CASE-6": "座椅套没有货。"}
    long = {"CASE-7": "座椅套没有货。" + "".join(TEXTS[id_] for id_ in ("CASE-2", "CASE-3"))}
    found = neighbours.neighbours(counted(TEXTS | short | long), {})
    # Everything the short one says is in the long one, which says much more.
    assert all(each.share < 40 for each in found["CASE-6"])
    assert all(each.share < 40 for each in found["CASE-7"] if each.id == "CASE-6")


def test_a_veto_keeps_a_case_out_of_a_list_and_out_of_no_other() -> None:
    documents = counted(TEXTS | {"CASE-6": TEXTS["CASE-1"], "CASE-7": TEXTS["CASE-1"]})
    apart = {"CASE-1": frozenset({"CASE-6"}), "CASE-6": frozenset({"CASE-1"})}
    found = neighbours.neighbours(documents, apart)
    assert "CASE-6" not in {each.id for each in found["CASE-1"]}
    assert "CASE-1" not in {each.id for each in found["CASE-6"]}
    assert {"CASE-1", "CASE-6"} <= {each.id for each in found["CASE-7"]}


def test_lists_do_not_depend_on_the_order_of_documents() -> None:
    documents = counted(TEXTS)
    backwards = dict(reversed(documents.items()))
    assert neighbours.neighbours(documents, {}) == neighbours.neighbours(backwards, {})


EVENT = (
    "三月二日一位客户来电，说两周前在店里付清了座椅套的款，约好今天来装，到店才知道根本没有订货，"
    "店员让他再等两周，他不肯，要求当天给个说法，不然就去找媒体。"
)


def test_the_same_event_in_other_punctuation_is_a_duplicate() -> None:
    texts = {"B": EVENT.replace("，", "。\n "), "A": EVENT, "C": TEXTS["CASE-4"] * 2}
    pairs = duplicates(texts)
    assert [(pair.earlier, pair.later, pair.shared) for pair in pairs] == [("A", "B", 100)]


def test_every_copy_is_reported() -> None:
    copies = {f"{n:02d}": EVENT for n in range(30)}
    assert {pair.later for pair in duplicates(copies)} == set(copies) - {"00"}


def test_short_texts_are_not_compared() -> None:
    text = "的了是不在有我这一" * 4
    assert len(text) < SHORTEST
    assert duplicates({"A": text, "B": text}) == ()
    longer = text + "的了是不"
    assert len(duplicates({"A": longer, "B": longer})) == 1


@given(
    st.text(alphabet="的了是不在有我甲乙丙丁戊", min_size=60, max_size=120),
    st.integers(0, 50),
    st.text(alphabet="甲乙丙丁", max_size=3),
)
def test_a_small_change_is_still_a_duplicate(text: str, place: int, change: str) -> None:
    changed = text[:place] + change + text[place + len(change) :]
    pairs = duplicates({"A": text, "B": changed})
    if share(text, changed) < LEAST:
        assert pairs == ()
    elif len({text[i : i + 8] for i in range(52) if text[i : i + 8] in changed}) > 40:
        assert [(pair.earlier, pair.later) for pair in pairs] == [("A", "B")]


@given(st.text(max_size=60), st.text(max_size=60))
def test_sharing_is_mutual(one: str, other: str) -> None:
    assert share(one, other) == share(other, one)
    assert 0 <= share(one, other) <= 100


@given(st.lists(st.text("的了是不在座椅套漏单a1", max_size=40), min_size=1, max_size=30))
@settings(max_examples=60)
def test_lists_made_all_at_once_are_those_made_one_by_one(texts: list[str]) -> None:
    documents = counted({f"{n:02d}": text for n, text in enumerate(texts)})
    assert neighbours.neighbours(documents, {}) == _one_by_one(documents)


def _one_by_one(documents: Mapping[str, Counted]) -> dict[str, tuple[neighbours.Neighbour, ...]]:
    """The lists as their definition has them: `similarity` chooses the terms, every posting is looked at."""
    ids = sorted(documents)
    index = Memory([documents[id_] for id_ in ids])

    def rarity(kind: str, term: str) -> int:
        return similarity.rarity(index.frequency(kind, term), term, len(ids))

    scores = []
    for docnum, id_ in enumerate(ids):
        groups = [
            (kind, count, terms)
            for place, kind in enumerate(KINDS)
            if kind != "infix"
            for count, terms in documents[id_].each(place)
        ]
        asked: dict[int, list[str]] = {}
        for kind, count, terms in groups:
            latin = [t for t in terms if len(t) > 1 and not any(map(is_han, t))]
            asked.setdefault(count, []).extend({"bigram": terms, "word": latin}.get(kind, []))
        held = similarity.choose_pairs(
            asked, lambda char: rarity("char" if is_han(char) else "infix", char), len(ids)
        )
        chosen = similarity.weigh(
            [(k, n, [t for t in terms if len(t) < 2 or t[:2] in held]) for k, n, terms in groups],
            lambda kind: lambda term: rarity(kind, term),
        )
        pairs = [each for each in chosen if len(each.term) > 1]
        totals = {docnum: 0}
        for each in pairs[:48]:
            postings = index.postings(each.kind, each.term)
            for other, impact in zip(postings.docnums, postings.impacts, strict=True):
                totals[other] = totals.get(other, 0) + impact * each.weight
        near = sorted(totals, key=lambda other: (-totals[other], other))[:25]
        for each in (*pairs[48:], *(each for each in chosen if len(each.term) == 1)):
            postings = index.postings(each.kind, each.term)
            for other in {docnum, *near}:
                totals[other] += similarity.impact_in(postings, other) * each.weight
        scores.append({o: similarity.rounded(totals[o]) for o in {docnum, *near}})
    found = {}
    for docnum, id_ in enumerate(ids):
        shares = [
            (score * 100 // max(scores[docnum][docnum], scores[other][other]), ids[other])
            for other, score in scores[docnum].items()
            if other != docnum
        ]
        best = ranking.order([each for each in shares if each[0] >= 10], 5)
        found[id_] = tuple(neighbours.Neighbour(other, share) for share, other in best)
    return found


@given(st.lists(st.text("的了座椅套a1", max_size=12), min_size=2, max_size=9), st.data())
@settings(max_examples=100)
def test_documents_taken_from_two_inversions_are_inverted_as_if_there_were_no_others(
    texts: list[str], data: st.DataObject
) -> None:
    documents = list(counted({f"{n:02d}": text for n, text in enumerate(texts)}).values())
    cut = data.draw(st.integers(0, len(texts)))
    chosen = data.draw(st.lists(st.integers(0, len(texts) - 1), unique=True))
    parts = Inversion.made(documents[:cut]), Inversion.made(documents[cut:])
    some, new = parts
    some.edit(new, chosen)
    alone = Inversion.made(documents[n] for n in chosen)
    assert some.documents == len(chosen)
    for kind in KINDS:
        found, wanted = some.terms(kind), alone.terms(kind)
        assert found.names == wanted.names == sorted(set(wanted.names))
        assert some.counts[kind].lengths.tolist() == alone.counts[kind].lengths.tolist()
        for name in ("starts", "docnums", "impacts"):
            assert getattr(found, name).tolist() == getattr(wanted, name).tolist()
        assert _by_document(some.counts[kind]) == _by_document(alone.counts[kind])


def _by_document(counts: Counts) -> list[dict[str, int]]:
    """How often each document holds what."""
    names = counts.names
    rows = [(names[term], count) for term, count in zip(counts.terms, counts.counts, strict=True)]
    return [dict(rows[a:b]) for a, b in pairwise(counts.starts.tolist())]


@given(st.lists(st.text("的了座椅套a1", max_size=300), min_size=1, max_size=9))
@settings(max_examples=50)
def test_an_inversion_holds_what_was_counted(texts: list[str]) -> None:
    documents = list(counted({f"{n:02d}": text for n, text in enumerate(texts)}).values())
    inversion = Inversion.made(documents)
    for place, kind in enumerate(KINDS):
        terms = inversion.terms(kind)
        wanted = [
            {term: count for count, names in document.each(place) for term in names}
            for document in documents
        ]
        assert _by_document(inversion.counts[kind]) == wanted
        dampings = ranking.dampings([d.lengths()[place] for d in documents], len(documents))
        for rank, name in enumerate(terms.names):
            held = slice(terms.starts[rank], terms.starts[rank + 1])
            docnums = [n for n, counts in enumerate(wanted) if name in counts]
            weight = ranking.term_weight(kind, len(documents), len(docnums))
            assert terms.docnums[held].tolist() == docnums
            assert terms.impacts[held].tolist() == ranking.impacts(
                weight, docnums, [wanted[n][name] for n in docnums], dampings
            )
