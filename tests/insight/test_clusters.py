"""Cases that come close together, and texts that tell of one matter."""

from __future__ import annotations

import random
from collections import Counter
from itertools import chain

import plain_clusters
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from kb_builder.insight.clusters import Account, accounts, gather
from kb_builder.insight.days import Dated
from kb_builder.insight.pieces import Pieces

_THINGS = ("烤箱", "沙发", "外卖", "电动车", "热水器", "机票", "手机", "自来水", "物业费", "幼儿园")
_FAULTS = (
    "两天就坏了没有人来修",
    "一直不到货也没有人解释",
    "多收了钱还不肯退",
    "说话太难听让人生气",
)

_MATTER = (
    Account("云湖路28路公交改道", "云湖路的28路公交车改道以后，枫林小区的老人去医院要走两站路，请恢复原来的走法。"),
    Account("反对28路公交改道", "我住枫林小区，28路公交车改道以后不再经过云湖路，接孩子很不方便。"),
    Account("28路公交改道的事", "云湖路 28路公交车改道，没有问过枫林小区的住户，请说明理由。"),
)  # fmt: skip


def _at(*days: int) -> list[Dated]:
    return [Dated(day, day, f"CASE-{place:04d}") for place, day in enumerate(days)]


def _three(near: object) -> bool:
    return len(near) >= 3  # type: ignore[arg-type]


def test_three_within_the_days_are_a_cluster() -> None:
    (found,) = gather(_at(1, 10, 31, 90), 30, _three)
    assert found.ids == ("CASE-0000", "CASE-0001", "CASE-0002")
    assert (found.first, found.last) == (1, 31)
    assert not gather(_at(1, 10, 32, 90), 30, _three)


def test_stretches_that_share_a_case_are_one() -> None:
    (found,) = gather(_at(1, 10, 20, 40, 49, 60), 30, _three)
    assert len(found.ids) == 6
    assert len(gather(_at(1, 10, 20, 140, 149, 160), 30, _three)) == 2


def test_a_case_known_to_the_year_is_in_no_cluster() -> None:
    cases = sorted((*_at(1, 10), Dated(1, 365, "CASE-0009")))
    assert not gather(cases, 30, _three)
    month = sorted((*_at(1, 10), Dated(1, 31, "CASE-0009")))
    assert len(gather(month, 30, _three)[0].ids) == 3


@given(st.lists(st.integers(1, 120), max_size=25), st.data())
@hypothesis(max_examples=100)
def test_fewer_cases_make_no_new_cluster(days: list[int], data: st.DataObject) -> None:
    cases = sorted(_at(*days))
    whole = [set(found.ids) for found in gather(cases, 30, _three)]
    assert all(len(found) >= 3 for found in whole)
    assert len(set().union(*whole)) == sum(map(len, whole))  # nobody is in two
    kept = [case for case in cases if data.draw(st.booleans())]
    for found in gather(kept, 30, _three):
        assert any(set(found.ids) <= before for before in whole)


def _others(count: int, seed: int = 1) -> list[Account]:
    """Complaints about many things, in sentences that many of them share."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        thing, fault = chance.choice(_THINGS), chance.choice(_FAULTS)
        name = "".join(chance.choice("春夏秋冬东南西北山河湖海") for _ in range(4))
        text = f"您好，我在{name}买的{thing}，{fault}，第{number}次反映了，希望有关部门尽快处理，谢谢。"
        found.append(Account(f"{name}{thing}的问题", text))
    return found


def _told(texts: list[Account]) -> tuple[dict[str, Account], list[Dated]]:
    """The texts by id, and as many cases, one a day."""
    ids = [f"CASE-{number:04d}" for number in range(len(texts))]
    return dict(zip(ids, texts, strict=True)), [
        Dated(day, day, id_) for day, id_ in enumerate(ids, 1)
    ]


def test_accounts_of_one_matter_are_found_among_others() -> None:
    texts = _others(60)
    for place, account in zip((5, 12, 20), _MATTER, strict=True):
        texts[place] = account
    (found,) = accounts(*_told(texts), 30, 3, 5)
    assert found.ids == ("CASE-0005", "CASE-0012", "CASE-0020")
    assert (found.first, found.last) == (6, 21)
    assert any("28路公交改道" in word for word in found.words)


def test_accounts_far_apart_in_time_are_none() -> None:
    texts = _others(90)
    for place, account in zip((5, 40, 80), _MATTER, strict=True):
        texts[place] = account
    assert not accounts(*_told(texts), 30, 3, 5)


def test_common_phrases_connect_nothing() -> None:
    assert not accounts(*_told(_others(60)), 30, 3, 5)


def test_a_matter_of_which_many_tell_is_found_whole() -> None:
    texts = _others(300)
    places = list(range(3, 300, 12))
    for place in places:
        texts[place] = _MATTER[place % 3]
    (found,) = accounts(*_told(texts), 30, 3, 5)
    assert found.ids == tuple(f"CASE-{place:04d}" for place in places)


def test_who_only_hangs_on_by_one_text_is_left_out() -> None:
    texts = _others(60)
    for place, account in zip((5, 12, 20), _MATTER, strict=True):
        texts[place] = account
    # Shares a rare sentence with one of them, and nothing of the matter.
    texts[12] = Account(
        texts[12].title, f"{texts[12].text}隔壁王家铺子的招牌挡住了红绿灯，请拆掉。"
    )
    texts[13] = Account("招牌", "隔壁王家铺子的招牌挡住了红绿灯，请拆掉。")
    (found,) = accounts(*_told(texts), 30, 3, 5)
    assert found.ids == ("CASE-0005", "CASE-0012", "CASE-0020")


def test_words_are_shown_as_they_are_written() -> None:
    texts = _others(60)
    for place in (3, 4, 5):
        texts[place] = Account(
            "A7縣VIP卡退费", "在A7縣办的VIP卡，店关门了，一直不给退费，找了三次。"
        )
    (found,) = accounts(*_told(texts), 30, 3, 5)
    assert found.words == ("A7縣VIP卡退费",)


@given(st.integers(0, 1000))
@hypothesis(max_examples=10)
def test_the_order_of_cases_does_not_show(seed: int) -> None:
    texts = _others(60)
    for place, account in zip((5, 12, 20), _MATTER, strict=True):
        texts[place] = account
    by_id, cases = _told(texts)
    shuffled = list(by_id.items())
    random.Random(seed).shuffle(shuffled)
    assert accounts(dict(shuffled), cases, 30, 3, 5) == accounts(by_id, cases, 30, 3, 5)


_WORDS = (
    "云湖路",
    "28路公交",
    "改道",
    "枫林小区",
    "ＶＩＰ",
    "沒有",
    "，",
    "_",
    "é",
    "𠮷野家",
    "x1",
    "\n",
    "。",
)


@given(
    st.lists(st.lists(st.sampled_from(_WORDS), max_size=12).map("".join), max_size=9),
    st.integers(2, 3),
    st.sampled_from((0, 5, 50, 101)),
    st.integers(0, 400),
)
@hypothesis(max_examples=200)
def test_arrays_find_what_sets_find(texts: list[str], least: int, share: int, days: int) -> None:
    accounts_, cases = _told([Account(text[:5], text) for text in texts])
    cases = [Dated(case.first * 7, case.last * 7 + case.last % 3 * 40, case.id) for case in cases]
    found = accounts(accounts_, cases, days, least, share)
    assert found == plain_clusters.accounts(accounts_, cases, days, least, share)


def test_arrays_find_what_sets_find_among_many() -> None:
    texts = _others(150)
    for place in range(2, 150, 12):
        texts[place] = _MATTER[place % 3]
    told = _told(texts)
    for days, least, share in ((30, 3, 5), (30, 2, 1), (300, 2, 20)):
        found = accounts(*told, days, least, share)
        assert found == plain_clusters.accounts(*told, days, least, share)
        assert found or share == 20


def test_pieces_of_more_characters_than_any_language_has() -> None:
    han = "".join(map(chr, (*range(0x4E00, 0x9FFF), *range(0x20000, 0x2A6DF))))
    assert len(han) ** 4 > 2**63
    texts = [han[:40_000], f"{han[20_000:]}、abcd", "", "天地玄黄"]
    pieces = Pieces(texts)
    held = pieces.held_by(range(len(texts)))
    wanted = list(map(plain_clusters.pieces_of, texts))
    often = Counter(chain.from_iterable(wanted))
    for number, each in enumerate(wanted):
        shared = {piece for piece in each if often[piece] > 1}
        assert {pieces.written(one) for one in held[number]} == shared
        assert pieces.alone[number] == len(each) - len(shared)
    assert sorted(pieces.frequency.tolist()) == sorted(n for n in often.values() if n > 1)
