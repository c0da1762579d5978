"""Contrast pairs, frequent lessons and sums of shares."""

from __future__ import annotations

from decimal import Decimal

from kb_builder.insight import relations
from kb_builder.insight.shares import shares
from kb_builder.model import document
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings, Statistic


def _document(settings: Settings, identity: str, *lines: str) -> Document:
    folder = {"C": "resolved/2024", "L": "lessons"}[identity[0]]
    text = "\n".join(("---", f"id: {identity}", *lines, "---", ""))
    return document.build(f"cases/{folder}/{identity}.md", text.encode(), settings.schema)


def test_a_pair_written_on_both_sides_is_one_pair(settings: Settings) -> None:
    bad = _document(
        settings, "CASE-2024-0001", "case_kind: 反面教材", "contrast_with: CASE-2024-0002"
    )
    good = _document(
        settings, "CASE-2024-0002", "case_kind: 正面典范", "contrast_with: CASE-2024-0001"
    )
    lost = _document(settings, "CASE-2024-0003", "contrast_with: CASE-2024-0009")
    assert relations.contrast_pairs(Corpus((bad, good, lost))) == ((good, bad),)


def test_lessons_by_how_often_cases_name_them(settings: Settings) -> None:
    first = _document(settings, "LS-001")
    second = _document(settings, "LS-002")
    cases = [
        _document(settings, "CASE-2024-0001", "lessons: [LS-002]"),
        _document(settings, "CASE-2024-0002", "lessons: [LS-002, LS-001]"),
    ]
    corpus = Corpus((first, second, *cases))
    found = relations.most_referred([first, second], corpus, "lessons")
    assert found == ((second, 2), (first, 1))


def _statistic(unit: str, *values: str) -> Statistic:
    parts = tuple((f"第{n}项", value) for n, value in enumerate(values))
    return Statistic("s", "数据", "", unit, "", "", "", False, False, "", parts)


def test_the_gap_to_a_hundred_is_exact() -> None:
    found = shares(_statistic("%", "55.6", "13.3", "4.0", "2.2", "1.7", "20.7"))
    assert (found.total, found.gap) == (Decimal("97.5"), Decimal("2.5"))


def test_parts_that_are_no_percentages_have_no_sum() -> None:
    assert shares(_statistic("件", "1", "29", "300")).total is None
    assert shares(_statistic("%", "半数", "30")).total is None
    assert shares(_statistic("%", "Infinity", "30")).total is None
    assert shares(_statistic("%")).total is None
