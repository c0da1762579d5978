"""Training packs: who learns what from which case, and questions that can be answered."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from places import REPOSITORY
from reporting_base import made_case, material

from kb_builder import loader
from kb_builder.insight.packs import Pack, minutes, packs, questions, reading_list
from kb_builder.model import document
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings

SETTINGS = loader.load_settings(REPOSITORY)
_ROLES = ("新员工", "一线", "管理者")


def _lesson(number: int, *lines: str, body: str = "", settings: Settings = SETTINGS) -> Document:
    identity = f"LS-{number:03d}"
    text = "\n".join(("---", f"id: {identity}", "status: 已发布", *lines, "---", "", body))
    return document.build(f"cases/lessons/{identity}.md", text.encode(), settings.schema)


def _playbook(number: int, *lines: str) -> Document:
    identity = f"PB-{number:03d}"
    text = "\n".join(("---", f"id: {identity}", "status: 已发布", *lines, "---", ""))
    return document.build(f"cases/playbooks/{identity}.md", text.encode(), SETTINGS.schema)


def _pack(documents: list[Document], role: str = "newcomer") -> Pack:
    return next(one for one in packs(material(SETTINGS, documents)) if one.role.id == role)


def _ids(documents: tuple[Document, ...]) -> list[str]:
    return [one.id for one in documents]


def test_the_lesson_with_most_cases_comes_first() -> None:
    pack = _pack(
        [
            _lesson(1, "audience_role: [新员工]"),
            _lesson(2, "audience_role: [一线, 新员工]"),
            _lesson(3, "audience_role: [高层]"),
            made_case(SETTINGS, 1, "lessons: [LS-002, LS-003]"),
            made_case(SETTINGS, 2, "lessons: [LS-002]"),
            made_case(SETTINGS, 3, "lessons: [LS-001]"),
            made_case(SETTINGS, 4, "lessons: [LS-003]"),
        ]
    )
    assert _ids(pack.lessons) == ["LS-002", "LS-001"]
    # The fourth teaches a lesson of another role only.
    assert _ids(pack.cases) == ["CASE-2024-0001", "CASE-2024-0002", "CASE-2024-0003"]


def test_cases_that_teach_more_or_were_worse_come_first() -> None:
    lessons = [_lesson(number, "audience_role: [新员工]") for number in (1, 2)]
    pack = _pack(
        [
            *lessons,
            made_case(
                SETTINGS, 1, "lessons: [LS-001]", "severity: 轻微(29)", "case_kind: 反面教材"
            ),
            made_case(SETTINGS, 2, "lessons: [LS-001]", "severity: 危机", "case_kind: 反面教材"),
            made_case(SETTINGS, 3, "lessons: [LS-001, LS-002]", "case_kind: 正面典范"),
        ]
    )
    assert _ids(pack.cases) == ["CASE-2024-0003", "CASE-2024-0002", "CASE-2024-0001"]
    assert _ids(pack.of_kind("negative", "near_miss")) == ["CASE-2024-0002", "CASE-2024-0001"]
    assert _ids(pack.of_kind("positive")) == ["CASE-2024-0003"]


def test_a_contrast_belongs_to_who_learns_from_one_of_the_two() -> None:
    documents = [
        _lesson(1, "audience_role: [新员工]"),
        made_case(SETTINGS, 1, "lessons: [LS-001]", "contrast_with: CASE-2024-0002"),
        made_case(SETTINGS, 2),
        made_case(SETTINGS, 3, "contrast_with: CASE-2024-0004"),
        made_case(SETTINGS, 4),
    ]
    pairs = [tuple(one.id for one in pair) for pair in _pack(documents).pairs]
    assert pairs == [("CASE-2024-0001", "CASE-2024-0002")]
    assert _pack(documents, "manager").pairs == ()


def test_playbooks_need_words_and_a_case() -> None:
    pack = _pack(
        [
            _lesson(1, "audience_role: [新员工]"),
            made_case(SETTINGS, 1, "lessons: [LS-001]", "playbooks: [PB-001, PB-002]"),
            made_case(SETTINGS, 2, "lessons: [LS-001]", "playbooks: [PB-002, PB-003]"),
            _playbook(1, "scripts: [您慢慢说]"),
            _playbook(2, "banned_phrases: [这不归我管]"),
            _playbook(3),
            _playbook(4, "scripts: [您请坐]"),
        ]
    )
    assert _ids(pack.playbooks) == ["PB-002", "PB-001"]


def test_a_question_without_a_right_option_is_left_out() -> None:
    lesson = _lesson(
        1,
        "audience_role: [新员工]",
        "quiz:",
        "  - {question: 先做什么？, options: [听他说完, 解释], answer: 1, why: 他要先被听见}",
        "  - {question: 再做什么？, options: [道歉, 报价], answer: 3}",
        "  - {question: 没有答案？, options: [甲, 乙]}",
    )
    found = questions(lesson)
    assert [(one.text, one.options, one.letter, one.why) for one in found] == [
        ("先做什么？", ("听他说完", "解释"), "A", "他要先被听见")
    ]
    assert _pack([lesson]).questions == found


def test_reading_takes_as_long_as_there_is_to_read() -> None:
    assert minutes(_lesson(1)) == 1
    assert minutes(_lesson(1, body="字" * 900)) == 3
    assert minutes(_lesson(1, f"summary: {'字' * 300}", body="字 " * 300)) == 2
    # What is only searched nobody reads.
    assert minutes(_lesson(1, f"aliases: [{'字' * 900}]")) == 1


def test_newcomers_read_few_cases_that_teach_much() -> None:
    documents = [
        *(_lesson(number, "audience_role: [新员工]") for number in (1, 2, 3, 4)),
        _lesson(5, "audience_role: [高层]"),
        made_case(SETTINGS, 1, "lessons: [LS-001, LS-002]"),
        made_case(SETTINGS, 2, "lessons: [LS-002, LS-003]"),
        made_case(SETTINGS, 3, "lessons: [LS-001, LS-003, LS-005]"),
        made_case(SETTINGS, 4, "lessons: [LS-001]"),
    ]
    found = reading_list(_pack(documents))
    assert [(one.document.id, [lesson.id for lesson in one.teaches]) for one in found.cases] == [
        ("CASE-2024-0001", ["LS-001", "LS-002"]),
        ("CASE-2024-0002", ["LS-003"]),
    ]
    assert found.minutes == 6  # four lessons and two cases of a minute each


@st.composite
def _bases(draw: st.DrawFn) -> list[Document]:
    lessons = []
    for number in range(1, draw(st.integers(0, 6)) + 1):
        roles = draw(st.lists(st.sampled_from(_ROLES), max_size=3, unique=True))
        lessons.append(
            _lesson(number, *([f"audience_role: [{', '.join(roles)}]"] if roles else []))
        )
    cases = []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        named = draw(st.lists(st.integers(1, 6), max_size=4))
        lines = [f"lessons: [{', '.join(f'LS-{one:03d}' for one in named)}]"] if named else []
        cases.append(made_case(SETTINGS, number, *lines))
    return [*lessons, *cases]


@given(_bases())
@hypothesis(max_examples=60)
def test_a_pack_holds_what_its_role_is_to_learn_and_nothing_else(base: list[Document]) -> None:
    for pack in packs(material(SETTINGS, base)):
        wanted = {one.id for one in base if pack.role.id in one.texts("audience_role")}
        assert {one.id for one in pack.lessons} == wanted
        assert {one.id for one in pack.cases} == {
            one.id for one in base if wanted.intersection(one.texts("lessons"))
        }
        assert len(pack.cases) == len({one.id for one in pack.cases})


@given(_bases(), st.randoms(use_true_random=False))
@hypothesis(max_examples=60)
def test_the_order_of_files_does_not_show_in_packs(base: list[Document], chance: object) -> None:
    shuffled = list(base)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert packs(material(SETTINGS, shuffled)) == packs(material(SETTINGS, base))


@given(_bases())
@hypothesis(max_examples=60)
def test_every_case_of_the_reading_list_adds_a_lesson(base: list[Document]) -> None:
    for pack in packs(material(SETTINGS, base)):
        taught = [one.id for reading in reading_list(pack).cases for one in reading.teaches]
        assert len(taught) == len(set(taught))
        assert all(reading.teaches for reading in reading_list(pack).cases)


def test_our_own_questions_do_not_give_the_answer_away() -> None:
    base = loader.load(REPOSITORY)
    asked = {
        one.id: found
        for one in base.corpus.documents
        if one.kind and one.kind.name == "lesson" and (found := questions(one))
    }
    everything = [one for found in asked.values() for one in found]
    assert len(asked) >= 20
    assert all(2 <= len(found) <= 3 for found in asked.values())
    assert all(len(one.options) >= 3 and one.why for one in everything)
    # Neither the place nor the length of an option may tell that it is the right one.
    places = Counter(one.answer for one in everything)
    assert max(places.values()) <= len(everything) * 0.4
    longest = sum(
        len(one.options[one.answer - 1]) == max(map(len, one.options)) for one in everything
    )
    assert longest <= len(everything) * 0.4
