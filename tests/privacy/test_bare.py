"""Bare names: what the signs beside them change, and that the lists of signs don't contradict each other."""

from __future__ import annotations

from itertools import combinations

import pytest

from kb_builder.privacy import Gate, bare, forms, given, signs, words
from kb_builder.privacy import names as full_names


def names(text: str) -> list[str]:
    return [text[found.start : found.end] for found in Gate().find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("后来王晓梅给我回了电话", ["王晓梅"]),
        ("安装师傅石永强迟到了", ["石永强"]),
        ("请转告谭家乐，配件到了", ["谭家乐"]),
        ("接待我的是申屠刚", ["申屠刚"]),
        ("副部长孙志军说明了情况", ["孙志军"]),
        ("公司马上派人来", []),
        ("请交给魏东", ["魏东"]),
        ("魏东", ["魏东"]),
        ("徐州发来的货", []),
        ("冷冰冰的态度", []),
        ("孙子天天放学就来买", []),
        ("叶子年年长虫", []),
        ("挨骂的同事不用强颜欢笑", []),
    ],
)
def test_a_bare_name_is_told_from_other_text(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "beside", ["作者：{}，时间不详", "    author: {}", "{}《怎样道歉》", "| 《怎样道歉》 | {} |"]
)
def test_the_author_of_a_work_is_no_private_person(beside: str) -> None:
    assert names("这件事贺建军都知道") == ["贺建军"]
    assert names(beside.format("贺建军")) == []


def test_a_famous_name_passes_and_a_longer_one_does_not() -> None:
    assert names("“诸葛亮”式的总结，张飞的脾气") == []
    assert names("后来张飞宇给我打电话") == ["张飞宇"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("司机阿力木江·吐尔地拒载", ["阿力木江·吐尔地"]),
        ("发票由米热古丽・依明垫付", ["米热古丽・依明"]),
        ("学生次仁卓玛的校服没有发", ["次仁卓玛"]),
        ("邻居扎西顿珠说的", ["扎西顿珠"]),
        ("乌兰图雅酒店", []),
        ("《阿依古丽·买买提传》缺页", []),
        ("格桑花开了，扎西德勒", []),
        ("论语·学而，沁园春·雪", []),
    ],
)
def test_names_of_other_peoples_are_told_by_their_form(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("经办：胡 芳　复核：管彤　审批：夏侯敬", ["胡 芳", "管彤", "夏侯敬"]),
        ("值班人员：苗春雨 柏松 到场时间14:20", ["苗春雨", "柏松"]),
        ("经办：成都分公司　审核：已通过　复核：任务完成", []),
        ("记录：安装完成", []),
    ],
)
def test_names_behind_what_somebody_does(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("调解员宁国栋上午来过", ["宁国栋"]),
        ("理赔员古文斌定损", ["古文斌"]),
        ("宁国栋梁之才", []),
        ("保洁员计划明天来", []),
        ("老师向学生道歉", []),
        ("外甥计成林在打工", ["计成林"]),
        ("这个项目预计成林", []),
    ],
)
def test_a_word_for_a_person_is_strong(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "text", ["这是张冠李戴", "江郎才尽也好", "欧阳女士来电", "教辅《薛金星全解》", "《郭少青日记》"]
)
def test_sayings_titles_and_surnames_alone_pass(text: str) -> None:
    assert names(text) == []


def test_names_of_peoples_are_found_where_they_begin() -> None:
    """The quick look for a beginning misses nothing that the pattern finds."""
    for parts, _ in forms.PARTS:
        every = parts.split("|")
        for first, second in zip(every, reversed(every), strict=True):
            assert (1, 1 + len(first + second)) in forms.names_by_form(f"（{first}{second}）")


def test_no_idiom_stands_there_in_vain() -> None:
    assert all(full_names._surname.match(idiom) for idiom in signs.IDIOMS)


def test_no_surname_and_no_character_has_two_weights() -> None:
    surnames = (
        signs.ONLY_SURNAMES, signs.WORDLIKE, signs.WORDS, signs.WEAKER, words.WEAK, signs.UNLIKELY,
    )  # fmt: skip
    for first, second in combinations(surnames, 2):
        assert not first & second
    for first, second in combinations((given.USUAL, given.ORDINARY, given.FOREIGN), 2):
        assert not first & second
    assert given.USUAL | given.ORDINARY | given.FOREIGN <= given.GIVEN


@pytest.mark.parametrize("lists", [bare.BEFORE, bare.AFTER])
def test_no_word_stands_in_two_lists(lists: tuple[tuple[tuple[str, ...], int], ...]) -> None:
    for (first, _), (second, _) in combinations(lists, 2):
        assert not set(first) & set(second)


def test_words_before_a_name_are_within_reach() -> None:
    assert max(len(word) for ends, _ in bare.BEFORE for word in ends) <= bare.LONGEST


@pytest.mark.parametrize("found", [signs.WORD_ENDS, signs.WORD_BEGINS])
def test_words_that_would_be_cut_have_two_characters(found: frozenset[str]) -> None:
    assert {len(word) for word in found} == {2}
