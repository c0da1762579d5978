"""Is the right case among the first three, and the right playbook first? And is nothing invented?

The figures of `fresh.yml` are the ones to speak of: cues and weights were made with `complaints.yml` in view.
The bounds hold what was reached when it was first run, less a little; what is promised, and why it is
missed, stands in the README of the benchmarks.
"""

from __future__ import annotations

import re
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


def test_the_right_case_is_among_the_first_three(fresh: list[Answer]) -> None:
    right = [each for each in fresh if set(each.found) & set(each.asked.cases)]
    assert len(right) / len(fresh) >= 0.86  # 91 % are reached, 85 % promised.


def test_the_right_playbook_comes_first(fresh: list[Answer]) -> None:
    right = [each for each in fresh if each.opened in each.asked.playbooks]
    assert len(right) / len(fresh) >= 0.45  # 80 % are promised; 50 % are reached.


def test_the_right_playbook_is_among_the_first_three(fresh: list[Answer]) -> None:
    right = [each for each in fresh if set(each.offered) & set(each.asked.playbooks)]
    assert len(right) / len(fresh) >= 0.69


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


def test_the_text_of_no_complaint_is_in_the_cues() -> None:
    cues = (ROOT / "site_config" / "cues.yml").read_text(encoding="utf-8")
    for file in (COMPLAINTS, FRESH):
        for each in texts(file):
            for sentence in re.split("[，。！？\\s]+", each.text):
                assert len(sentence) < 14 or sentence not in cues, each.id


def test_the_playbooks_of_the_cues_exist() -> None:
    base = loader.load(Path(ROOT))
    named = {group.value for group in base.settings.cues.groups if group.field == PLAYBOOK}
    assert named <= set(base.corpus.ids["playbook"])
