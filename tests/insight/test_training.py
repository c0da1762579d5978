"""培训 against counts made by hand."""

from __future__ import annotations

from reporting_base import counts, made_case, material, row_of, table_of, values

from kb_builder.insight.training import training
from kb_builder.loader import Base
from kb_builder.model import document
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings


def _lesson(settings: Settings, number: int, *lines: str) -> Document:
    identity = f"LS-{number:03d}"
    text = "\n".join(("---", f"id: {identity}", "status: 已发布", *lines, "---", ""))
    return document.build(f"cases/lessons/{identity}.md", text.encode(), settings.schema)


def test_what_each_role_finds(settings: Settings) -> None:
    quiz = "quiz: [{question: 先做什么？, options: [听, 说], answer: 1}, {question: 再呢？, options: [听, 说], answer: 2}]"
    report = training(
        material(
            settings,
            [
                _lesson(settings, 1, "audience_role: [新员工, 一线]", quiz),
                _lesson(settings, 2, "audience_role: [一线]"),
                _lesson(settings, 3),
                made_case(settings, 1, "case_kind: 反面教材", "lessons: [LS-001]"),
                made_case(
                    settings, 2, "case_kind: 正面典范", "lessons: [LS-002]", "contrast_with: CASE-2024-0001"
                ),
                made_case(settings, 3, "case_kind: 未遂/隐患", "lessons: [LS-002]"),
                made_case(settings, 4, "case_kind: 先失后得", "lessons: [LS-003]"),
            ],
        )
    )  # fmt: skip
    table = table_of(report, "roles")
    assert (table.n, table.known) == (3, 2)
    # Lessons, those with questions, questions, bad, turned, good, contrasts.
    assert values(row_of(table, "newcomer")) == [1, 1, 2, 1, 0, 0, 1]
    assert values(row_of(table, "frontline")) == [2, 1, 2, 2, 0, 1, 1]
    assert values(row_of(table, "executive")) == [0] * 7
    assert row_of(table, "unfilled").documents == ("LS-003",)
    assert row_of(table, "newcomer").documents == ("CASE-2024-0001", "LS-001")
    lessons = table_of(report, "lessons")
    assert counts(lessons) == {"LS-002": 2, "LS-001": 1, "LS-003": 1}
    assert (lessons.n, lessons.known) == (4, 4)
    assert [one.value for one in report.headlines] == ["2 道", "5 个"]


def test_the_small_base(base: Base) -> None:
    report = training(material(base.settings, base.corpus.documents))
    table = table_of(report, "roles")
    assert table.n == 2
    assert table.known == 1  # LS-002 does not say who is to learn it


def test_lessons_for_nobody_say_what_to_write(settings: Settings) -> None:
    report = training(material(settings, [_lesson(settings, 1)]))
    roles, lessons = report.tables
    assert roles.empty
    assert "audience_role" in roles.missing
    assert lessons.empty
