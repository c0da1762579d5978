"""Similar cases with the scores of the last time: what is found is what a first run finds."""

from __future__ import annotations

import random
from collections.abc import Mapping
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_builder import ranking
from kb_builder.analysis.analyzer import Analyzer
from kb_builder.index import Entry
from kb_builder.index.counted import Counted, count_entry
from kb_builder.insight import comparing, neighbours, similarity
from kb_builder.insight.inverted import Inversion
from kb_builder.insight.neighbours import Neighbour, Scores

ANALYZER = Analyzer(())
_THINGS = ("座椅套", "洗衣机", "停车费", "快递", "机票", "物业", "空调", "外卖", "路灯", "电表")
_FAULTS = ("漏单", "修不好", "乱收", "丢失", "不退", "推诿", "漏水", "撒漏", "不亮", "跳闸")
_APPEALS = ("退钱", "换新", "道歉", "赔偿", "登门", "解释", "停业", "补送", "改期", "上门")


def _counted(text: str) -> Counted:
    return count_entry(Entry("", "case", "", "", (("body", 1, text),), {}), ANALYZER)


def _found(
    documents: Mapping[str, Counted], kept: Scores | None
) -> tuple[dict[str, tuple[Neighbour, ...]], Scores]:
    ids = sorted(documents)
    index = comparing.Index(Inversion.made(documents[id_] for id_ in ids))
    return neighbours.neighbours_in(index, ids, {}, kept)


def _columns(scores: Scores) -> list[list[int]]:
    cells = scores.cells
    return [each.tolist() for each in (cells.asking, cells.others, cells.firsts, cells.totals)]


def _texts(count: int, seed: int) -> list[str]:
    """Complaints that have their words in common with many others, and their names with few."""
    chance = random.Random(seed)

    def one() -> str:
        name = "".join(chance.choice("春夏秋冬东南西北山河湖海") for _ in range(3))
        things = [chance.choice(each) for each in (_THINGS, _FAULTS, _APPEALS)]
        return (
            f"{name}的{things[0]}{things[1]}，客户要求{things[2]}，第{chance.randint(1, 9)}次了。"
        )

    return [one() for _ in range(count)]


_SAYINGS = st.sampled_from(_texts(40, seed=2))
_EDITS = st.lists(
    st.tuples(st.integers(0, 39), st.sampled_from(("write", "add", "take out")), _SAYINGS),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("candidates", [2, 6, 25])
@given(st.integers(0, 5), st.lists(_EDITS, min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_after_any_edits_the_lists_are_those_of_a_first_run(
    candidates: int, seed: int, runs: list[list[tuple[int, str, str]]]
) -> None:
    documents = {f"{n:02d}": _counted(text) for n, text in enumerate(_texts(30, seed))}
    # With fewer candidates and first terms, more of them are at the edge.
    with (
        patch.object(neighbours, "_CANDIDATES", candidates),
        patch.object(comparing, "FIRST_TERMS", 4 * candidates),
    ):
        _, kept = _found(documents, None)
        for edits in runs:
            for number, what, text in edits:
                if what == "write":
                    documents[f"{number:02d}"] = _counted(text)
                elif what == "add":
                    documents[f"{number:02d}a"] = _counted(text)
                elif len(documents) > 1:
                    documents.pop(f"{number:02d}", None)
            warm, kept = _found(documents, kept)
            cold, scores = _found(documents, None)
            assert warm == cold
            assert _columns(kept) == _columns(scores)


@pytest.mark.parametrize("candidates", [1, 2, 5])
@pytest.mark.parametrize("seed", range(3))
def test_among_many_documents_small_edits_leave_the_lists_of_a_first_run(
    monkeypatch: pytest.MonkeyPatch, candidates: int, seed: int
) -> None:
    monkeypatch.setattr(neighbours, "_CANDIDATES", candidates)
    monkeypatch.setattr(comparing, "FIRST_TERMS", 6)
    # As in a large base, where one document more or less hardly changes what a term weighs.
    monkeypatch.setattr(similarity, "rarity", lambda count, *_: 256 * (9 - count.bit_length()))
    monkeypatch.setattr(ranking, "idf", lambda _, count: 5 - count.bit_length() / 2)
    chance = random.Random(seed)
    texts = dict(enumerate(_texts(250, seed)))
    documents = {f"{n:03d}": _counted(text) for n, text in texts.items()}
    _, kept = _found(documents, None)
    for _ in range(25):
        number = chance.choice([*texts])
        if chance.random() < 0.3:
            del documents[chance.choice([*documents])]
        else:
            other = chance.choice([*texts.values()])
            size = chance.randint(0, 8)
            texts[number] = texts[number][: len(texts[number]) - size] + other[3 : 3 + size]
            documents[f"{number:03d}"] = _counted(texts[number])
        warm, kept = _found(documents, kept)
        cold, scores = _found(documents, None)
        assert warm == cold
        assert _columns(kept) == _columns(scores)
        # A bound may be too high, never too low.
        assert (kept.bounds >= scores.bounds).all()


def _scored_anew(
    documents: Mapping[str, Counted], kept: Scores, monkeypatch: pytest.MonkeyPatch
) -> int:
    """How many documents are scored anew."""
    seen = []
    real = neighbours._score_anew
    monkeypatch.setattr(
        neighbours, "_score_anew", lambda *args: (seen.append(len(args[2])), real(*args))[1]
    )
    _found(documents, kept)
    return sum(seen)


def test_what_did_not_change_is_not_scored_again(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = {f"{n:03d}": _counted(text) for n, text in enumerate(_texts(300, seed=1))}
    _, kept = _found(documents, None)
    assert _scored_anew(documents, kept, monkeypatch) == 0
    # One more sentence, of words that nobody else has.
    documents["007"] = _counted(f"{_texts(300, seed=1)[7]}葡萄牙蛋挞。")
    assert 1 <= _scored_anew(documents, kept, monkeypatch) < 150


def test_scores_of_other_documents_are_of_no_use_and_do_no_harm() -> None:
    documents = {f"{n:02d}": _counted(text) for n, text in enumerate(_texts(20, seed=3))}
    others = {f"x{n:02d}": _counted(text) for n, text in enumerate(_texts(30, seed=4))}
    _, kept = _found(others, None)
    assert _found(documents, kept)[0] == _found(documents, None)[0]
    assert _found({}, kept)[0] == {}


def test_a_seal_changes_with_what_it_seals_and_not_with_the_numbers_of_terms() -> None:
    texts = _texts(20, seed=5)

    def seals(*chosen: str) -> list[tuple[int, int]]:
        index = comparing.Index(Inversion.made(map(_counted, chosen)))
        both = index.seals(), index.seals_of(comparing.choose(index))
        return list(zip(*(each.tolist() for each in both), strict=True))

    alone, other = seals(*texts), seals(*texts[:-1], texts[-1].replace("客户", "一一"))
    assert len({one for one, _ in alone}) == len({two for _, two in alone}) == len(set(texts))
    assert alone[-1][0] != other[-1][0]
    assert alone[-1][1] != other[-1][1]
    # New terms stand before all others, in a text that says as much as the one it replaces.
    numbered = seals(*texts[:-1], texts[-1])
    assert numbered == alone
