"""Near-duplicates: changing texts one by one comes to the same as comparing all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.insight.duplicates import Duplicates, Pair, duplicates

# A few long sentences in all combinations, so that copies, halves and third copies are frequent.
_SENTENCES = [
    "客户来电说两周前在店里付清了座椅套的款，约好今天来装，到店才知道根本没有订货。",
    "我们当天就在别的仓库找到一套，由配送的同事在关门以前送到了客户的家里。",
    "一位老人在楼上的窗口等了一个上午，没有人告诉他这里不办这一项业务。",
]
_TEXTS = st.one_of(
    st.none(), st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=3).map("".join)
)
_IDS = st.sampled_from(["C-1", "C-2", "C-3", "C-4", "C-5"])


@given(st.lists(st.dictionaries(_IDS, _TEXTS, max_size=3), max_size=8), st.sampled_from([0, 8]))
def test_changes_come_to_what_a_fresh_comparison_finds(
    changes: list[dict[str, str | None]], new_in_all: int
) -> None:
    """Whether a change is worked in or all is compared anew (8: with so few texts, always)."""
    texts: dict[str, str] = {}
    kept = Duplicates()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kb_builder.insight.duplicates._NEW_IN_ALL", new_in_all)
        for change in changes:
            texts = {id_: text for id_, text in (texts | change).items() if text is not None}
            kept.update(texts, texts.__getitem__)
            stored = (kept.versions, kept.ids, kept.landmarks, kept.holders, kept.pairs)
            kept = Duplicates(*stored)
            assert kept.pairs == duplicates(texts)


def test_every_copy_is_named_with_the_first_and_the_one_before() -> None:
    text = _SENTENCES[0] + _SENTENCES[1]
    assert duplicates({"C-3": text, "C-1": text, "C-2": text}) == (
        Pair("C-2", "C-1", 100),
        Pair("C-3", "C-1", 100),
        Pair("C-3", "C-2", 100),
    )
    assert duplicates({"C-1": _SENTENCES[0], "C-2": _SENTENCES[2]}) == ()
