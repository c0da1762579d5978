"""Vocabularies: whatever an editor writes, one value; and what was nearly written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.model.settings import Settings
from kb_builder.model.taxonomy import Value, Vocabulary, nearest

CHANNEL = Vocabulary(
    "channel",
    "投诉渠道",
    {
        "phone": Value("phone", "投诉电话", ("来电", "热线")),
        "app": Value("app", "网站/App", ("网站",)),
        "line": Value("line", "热线", ()),
    },
)


@pytest.mark.parametrize("text", ["phone", "PHONE", "投诉电话", "投诉 电话", "来电", " 来电 "])
def test_a_value_is_found_as_id_label_or_alias(text: str) -> None:
    found = CHANNEL.find(text)
    assert found is not None
    assert found.id == "phone"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("public", True), ("公开", True), ("对外", True), ("Public", False), ("公 开", False),
        ("公\u3000开", False), ("公\u200b开", False), (" 公开", False), ("公開", False), ("", False),
    ],
)  # fmt: skip
def test_an_exact_vocabulary_knows_only_what_is_declared(text: str, found: bool) -> None:
    values = {"public": Value("public", "公开", ("对外",))}
    exact = Vocabulary("visibility", "可见范围", values, exact=True)
    assert (exact.find(text) is not None) is found


def test_a_label_wins_over_an_alias() -> None:
    found = CHANNEL.find("热线")
    assert found is not None
    assert found.id == "line"


def test_what_is_not_in_it_is_not_found() -> None:
    assert CHANNEL.find("电话") is None
    assert CHANNEL.find("") is None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("电话投诉", "投诉电话"),
        ("投诉电活", "投诉电话"),
        ("网站 app", "网站/App"),
        ("phon", "投诉电话"),
    ],
)
def test_the_nearest_value(text: str, label: str) -> None:
    best = CHANNEL.nearest(text)
    assert best is not None
    assert best.label == label


def test_nothing_is_nearest_to_what_is_like_nothing() -> None:
    assert CHANNEL.nearest("甲") is None
    assert CHANNEL.nearest("") is None


def test_a_name_inside_a_long_text_is_chance() -> None:
    assert nearest("昨天下午客户打来电话说了很多很多话", ["电话"]) is None


def test_ties_go_to_the_first() -> None:
    assert nearest("甲丙", ["甲乙", "丁丙"]) == "甲乙"


def test_likeness_can_be_asked_for() -> None:
    assert nearest("甲丙", ["甲乙"]) == "甲乙"
    assert nearest("甲丙", ["甲乙"], least=0.6) is None


@given(st.lists(st.text(st.sampled_from("甲乙丙丁abc"), min_size=1, max_size=6), min_size=1))
def test_a_name_is_nearest_to_itself(names: list[str]) -> None:
    for name in names:
        assert nearest(name, names) == name


def test_the_vocabularies_of_this_repository_are_unambiguous(settings: Settings) -> None:
    for vocabulary in settings.vocabularies.values():
        for value in vocabulary:
            for text in (value.id, value.label, *value.aliases):
                assert vocabulary.find(text) == value, f"{vocabulary.name}: {text}"
            if vocabulary.parent:
                assert value.parent in settings.vocabularies[vocabulary.parent].values
