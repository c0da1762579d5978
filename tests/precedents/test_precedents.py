"""Is the right case among the first three, and the right playbook first? And is nothing invented?

Cues were made with `complaints.yml` in view, and the weights of playbooks were fitted on either set and checked
on the other; the figure to speak of, on texts that nothing was tuned on, stands in the README of the benchmarks.
Here each set must reach what is promised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from answers import COMPLAINTS, FRESH, ROOT, Answer, answer, texts

from kb_builder import loader
from kb_builder.model.cues import PLAYBOOK


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    return answer(texts(FRESH), tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="module")
def answers(fresh: list[Answer], tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    return [*fresh, *answer(texts(COMPLAINTS), tmp_path_factory.mktemp("complaints"))]


@pytest.fixture(params=["fresh", "complaints"])
def each_set(
    request: pytest.FixtureRequest, answers: list[Answer], fresh: list[Answer]
) -> Sequence[Answer]:
    return fresh if request.param == "fresh" else answers[len(fresh) :]


def test_the_right_case_is_among_the_first_three(each_set: Sequence[Answer]) -> None:
    right = [each for each in each_set if set(each.found) & set(each.asked.cases)]
    assert len(right) / len(each_set) >= 0.9  # 95 % are reached, 85 % promised.


def test_the_right_playbook_comes_first(each_set: Sequence[Answer]) -> None:
    right = [each for each in each_set if each.opened in each.asked.playbooks]
    assert len(right) / len(each_set) >= 0.82  # 86 % are reached, 80 % promised.


def test_the_right_playbook_is_among_the_first_three(each_set: Sequence[Answer]) -> None:
    right = [each for each in each_set if set(each.offered) & set(each.asked.playbooks)]
    assert len(right) / len(each_set) >= 0.93


def test_no_danger_is_missed(answers: list[Answer]) -> None:
    missed = [
        (each.asked.id, wanted)
        for each in answers
        for field, wanted, _ in each.missed()
        if field == "crisis_signals"
    ]
    assert not missed


def test_no_danger_is_seen_where_there_is_none(answers: list[Answer]) -> None:
    wrong = [
        (each.asked.id, seen)
        for each in answers
        for field, wanted, seen in each.missed()
        if field == "crisis_signals" and not wanted
    ]
    assert not wrong


def test_danger_signs_have_words(answers: list[Answer]) -> None:
    for each in answers:
        for judged in each.given.judgement:
            for suggestion in judged.suggestions:
                assert all(
                    0 <= start < end <= len(each.asked.text) for start, end in suggestion.spans
                )
                assert suggestion.spans or judged.field != "crisis_signals"
                assert suggestion.why


def test_the_text_of_no_complaint_is_in_what_it_is_found_by() -> None:
    pages = sorted((ROOT / "cases").glob("*/**/*.md"))
    settings = [ROOT / "site_config" / name for name in ("cues.yml", "sayings.yml")]
    cues = "\n".join(path.read_text(encoding="utf-8") for path in (*settings, *pages))
    for file in (COMPLAINTS, FRESH):
        for each in texts(file):
            for sentence in re.split("[，。！？\\s]+", each.text):
                assert len(sentence) < 14 or sentence not in cues, each.id


def test_the_playbooks_of_the_cues_and_sayings_exist() -> None:
    base = loader.load(Path(ROOT))
    named = {group.value for group in base.settings.cues.groups if group.field == PLAYBOOK}
    assert named <= set(base.corpus.ids["playbook"])
    assert set(base.settings.sayings) == set(base.corpus.ids["playbook"])
