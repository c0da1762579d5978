"""Which playbook comes first, with which deadline, and why."""

from __future__ import annotations

from advice_base import CUES, FIELDS, GUIDANCE, PLAYBOOKS, playbook

from kb_builder.insight.judging import Lexicon, Precedent, judge
from kb_builder.insight.matching import Condition, Evidence, Fitting, Part, match

NOW = "2026-11-22T15:20"


def matched(
    text: str,
    *precedents: Precedent,
    corrections: dict[str, list[str]] | None = None,
    now: str = NOW,
    playbooks: tuple = PLAYBOOKS,
    alike: dict[str, int] | None = None,
    heard: dict[str, int] | None = None,
) -> tuple[Fitting, ...]:
    fields, called = judge(text, precedents, Lexicon(CUES), FIELDS, corrections)
    evidence = Evidence(heard or {}, called, alike or {})
    return match(playbooks, fields, evidence, precedents, GUIDANCE.reply_hours, now)


def ids(fitting: tuple[Fitting, ...]) -> list[str]:
    return [each.id for each in fitting]


def test_the_specific_one_comes_before_the_general_one() -> None:
    found = matched("修了三次")
    assert ids(found) == ["PB-002", "PB-005", "PB-001"]
    assert found[0].why == ("投诉子类是多次维修",)
    assert [each.part for each in found] == [Part.FITTING, Part.FITTING, Part.GENERAL]


def test_nothing_known_leaves_the_general_one() -> None:
    assert ids(matched("你好")) == ["PB-001"]


def test_danger_comes_first_with_its_words() -> None:
    first = matched("修了三次，老毛病，还有人受伤")[0]
    assert (first.id, first.part) == ("PB-004", Part.URGENT)
    assert "受伤" in first.why[0]


def test_a_contradicted_condition_counts_against_and_a_corrected_one_excludes() -> None:
    assert ids(matched("坏了，退钱")) == ["PB-001", "PB-003"]
    assert ids(matched("坏了，退钱，道歉")) == ["PB-003", "PB-001"]
    assert "PB-003" not in ids(matched("坏了，退钱", corrections={"appeal": ["interest"]}))
    assert "PB-002" not in ids(matched("修了三次", corrections={"complaint_subtype": []}))


def test_what_customers_say_there_outweighs_a_condition() -> None:
    heard = {"PB-001": -90, "PB-002": 0, "PB-003": -100}
    found = matched("坏了", heard=heard)
    assert ids(found) == ["PB-002", "PB-003", "PB-001"]
    assert found[0].why == ("原话像客户遇到这种情形时说的话",)
    assert found[1].why == ("投诉子类是质量瑕疵",)


def test_a_playbook_without_sayings_is_neither_likely_nor_unlikely() -> None:
    assert ids(matched("坏了", heard={"PB-001": 0, "PB-002": -100})) == ["PB-001", "PB-003"]
    assert ids(matched("坏了", heard={"PB-001": 0, "PB-002": -20}))[0] == "PB-003"


def test_likely_cases_vote_more_than_similar_ones() -> None:
    one = Precedent("CASE-1", 60, {}, ("PB-003",), told=0)
    other = Precedent("CASE-2", 40, {}, ("PB-002",), told=173)
    assert ids(matched("你好", one, other)) == ["PB-002", "PB-003", "PB-001"]


def test_the_first_playbook_of_a_case_counts_in_full() -> None:
    case = Precedent("CASE-1", 100, {}, ("PB-003", "PB-002"))
    assert ids(matched("你好", case)) == ["PB-003", "PB-002", "PB-001"]


def test_a_danger_sign_is_never_further_down_than_second() -> None:
    heard = {"PB-001": -80, "PB-002": 0, "PB-003": -1, "PB-004": -900}
    found = matched("有人受伤", heard=heard)
    assert ids(found)[:2] == ["PB-002", "PB-004"]
    assert found[1].part is Part.URGENT


def test_the_general_one_always_follows_and_may_come_first() -> None:
    heard = {"PB-001": 0, "PB-002": -50}
    assert ids(matched("你好", heard=heard)) == ["PB-001", "PB-002"]


def test_words_that_call_for_a_playbook_outweigh_a_contradiction_but_no_correction() -> None:
    found = matched("漏水，每次从头讲，要换人")
    assert ids(found)[0] == "PB-002"
    fixed = matched("漏水，每次从头讲，要换人", corrections={"complaint_subtype": ["defect"]})
    assert "PB-002" not in ids(fixed)


def test_a_condition_that_takes_everything_tells_nothing() -> None:
    wide = playbook(7, Condition("complaint_subtype", ("repeated", "defect"), 0))
    assert "PB-007" not in ids(matched("修了三次", playbooks=(*PLAYBOOKS, wide)))


def test_similar_cases_vote() -> None:
    case = Precedent("CASE-1", 100, {}, ("PB-003",))
    found = matched("你好", case)
    assert found[0].id == "PB-003"
    assert "CASE-1" in found[0].why[0]


def test_the_page_that_stands_out_counts() -> None:
    scores = {"PB-003": 300, "PB-002": 100, "PB-001": 200}
    first = matched("你好", alike=scores)[0]
    assert first.id == "PB-003"
    assert "相像" in first.why[0]


def test_pages_that_are_all_as_much_alike_tell_nothing() -> None:
    more = tuple(playbook(n, Condition("severity", ("minor",), 10)) for n in (6, 7))
    scores = {f"PB-{n:03d}": 90 for n in range(2, 8)}
    assert ids(matched("你好", alike=scores, playbooks=(*PLAYBOOKS, *more))) == ["PB-001"]


def test_likeness_outweighs_no_correction() -> None:
    found = matched("你好", alike={"PB-002": 300}, corrections={"complaint_subtype": ["defect"]})
    assert "PB-002" not in ids(found)


def test_deadlines() -> None:
    own, *_, general = matched("修了三次，三个月")
    assert [(d.what, d.hours, d.at) for d in own.deadlines] == [
        ("reply", 24, "2026-11-23T15:20"),
        ("resolve", 24, "2026-11-23T15:20"),
    ]
    assert own.deadlines[0].text == "最迟 11月23日 15:20 前答复客户（24 小时内，严重度是较重）"
    assert general.deadlines[0].text.endswith("（24 小时内，预案规定）")


def test_an_unknown_severity_takes_the_shortest_and_says_so() -> None:
    urgent = matched("记者来了")[0].deadlines[0]
    assert urgent.hours == 12
    assert "拿不准" in urgent.text


def test_the_year_is_said_when_it_is_another() -> None:
    assert "2027年1月1日 15:20" in matched("修了三次", now="2026-12-31T15:20")[0].deadlines[0].text


def test_escalation_in_words() -> None:
    texts = [each.text for each in matched("你好")[0].escalation]
    assert texts == ["再次失约：2 小时内报店长", "有人受伤：立刻报公司高层", "其他：报法务"]


def test_only_the_first_steps_are_given() -> None:
    assert len(matched("你好")[0].steps) == 3
