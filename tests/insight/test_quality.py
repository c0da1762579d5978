"""体检 against counts made by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from reporting_base import counts, made_case, material, row_of, table_of, values

from kb_builder.diagnostics import KbError
from kb_builder.insight import missed
from kb_builder.insight.missed import Missed
from kb_builder.insight.quality import quality
from kb_builder.insight.tables import Report
from kb_builder.loader import Base
from kb_builder.model.settings import Settings


@pytest.fixture
def report(base: Base) -> Report:
    return quality(material(base.settings, base.corpus.documents))


def test_missing_fields(report: Report) -> None:
    cases = table_of(report, "fields-case")
    found = counts(cases)
    assert cases.n == 4
    # The parable and the umbrella are short cases: what is waived for them they do not lack.
    assert "product" not in found
    assert "severity" not in found
    assert found["nature"] == 4
    assert found["attempts"] == 3  # the oven has it
    assert found["customer_retained"] == 2
    assert found["satisfaction"] == 3
    assert values(row_of(cases, "nature")) == [4, 1.0, "报表要用"]
    # LS-001 and LS-002 have no quiz, LS-002 no audience; neither was ever reviewed.
    lessons = counts(table_of(report, "fields-lesson"))
    assert lessons == {"quiz": 2, "last_reviewed": 2, "audience_role": 1}


def test_what_nobody_refers_to(report: Report) -> None:
    unlinked = table_of(report, "unlinked")
    # Both lessons and PB-001 are named by cases; the short cases need name no playbook.
    assert counts(unlinked) == {
        "lessons": 0,
        "playbooks": 0,
        "evidence": 0,
        "cases": 0,
        "lessonless": 0,
    }


def test_drafts_are_looked_at_when_asked(base: Base) -> None:
    report = quality(material(base.settings, base.corpus.documents, drafts=True))
    unlinked = table_of(report, "unlinked")
    # LS-003 and PB-002 stand alone; the draft CASE-2023-0002 names neither playbook nor lesson.
    assert row_of(unlinked, "lessons").documents == ("LS-003",)
    assert row_of(unlinked, "playbooks").documents == ("PB-002",)
    assert row_of(unlinked, "evidence").documents == ("PB-002",)
    assert row_of(unlinked, "cases").documents == ("CASE-2023-0002",)
    assert row_of(unlinked, "lessonless").documents == ("CASE-2023-0002",)


def test_a_link_in_the_text_is_a_reference(base: Base) -> None:
    # Without the cases, PB-001 still links to LS-002, and LS-001 to a case; nobody names LS-001.
    documents = [doc for doc in base.corpus.documents if not doc.id.startswith("CASE")]
    unlinked = table_of(quality(material(base.settings, documents)), "unlinked")
    assert row_of(unlinked, "lessons").documents == ("LS-001",)


def test_references_that_lead_nowhere(settings: Settings) -> None:
    cases = [
        made_case(settings, 1, "lessons: [LS-404]", "related: [CASE-2024-0002, CASE-2024-0404]"),
        made_case(settings, 2, "lessons: [LS-404]"),
    ]
    broken = table_of(quality(material(settings, cases)), "broken")
    assert counts(broken) == {"LS-404": 2, "CASE-2024-0404": 1}


def test_an_archived_page_is_still_there(base: Base) -> None:
    pointing = made_case(base.settings, 9, "related: [CASE-2022-0001]")
    broken = table_of(
        quality(material(base.settings, [*base.corpus.documents, pointing])), "broken"
    )
    assert broken.empty


def test_unused_values(report: Report, settings: Settings) -> None:
    unused = table_of(report, "unused")
    stages = settings.vocabularies["complaint_stage"]
    # Of the stages, only 对外扩散 is used.
    assert values(row_of(unused, "complaint_stage"))[:2] == [
        len(stages.values) - 1,
        len(stages.values),
    ]
    assert "对外扩散" not in str(values(row_of(unused, "complaint_stage"))[2])
    # An action in progress is inside a group, and counts as used.
    assert "进行中" not in str(values(row_of(unused, "action_status"))[2])


def test_searches_without_result(settings: Settings) -> None:
    empty = table_of(quality(material(settings, [])), "missed")
    assert empty.empty
    found = replace(material(settings, []), missed=(Missed("退定金", 4), Missed("尾款", 1)))
    table = table_of(quality(found), "missed")
    assert counts(table) == {"退定金": 4, "尾款": 1}
    assert table.n == 5


def test_reading_what_the_search_page_exports() -> None:
    text = '{"format": 1, "queries": [{"text": "尾款", "count": 1, "last": "2026-11-01"}, {"text": " 退定金 ", "count": 3}, {"text": "尾款", "count": 4}]}'
    assert missed.read(text, "x.json") == (Missed("尾款", 5), Missed("退定金", 3))


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"format": 2, "queries": []}', '{"format": 1, "queries": [{"text": "a"}]}',
        '{"format": 1, "queries": [{"text": 3, "count": 1}]}', '{"format": 1, "queries": [{"text": "a", "count": true}]}',
        '{"format": 1, "queries": [{"text": "a", "count": -1}]}',
    ],
)  # fmt: skip
def test_another_file_is_refused_by_name(text: str) -> None:
    with pytest.raises(KbError, match=r"x\.json"):
        missed.read(text, "x.json")


@pytest.mark.parametrize(
    "value",
    ["[" * 200_000, '{"a":' * 200_000, "[" * 200_000 + "]" * 200_000],
    ids=["lists", "objects", "closed lists"],
)
def test_a_file_nested_deeper_than_python_reads_is_refused_by_name(value: str) -> None:
    for text in (value, f'{{"format": 1, "queries": {value}'):
        with pytest.raises(KbError, match=r"x\.json: 不是搜索页导出的"):
            missed.read(text, "x.json")


def test_a_count_longer_than_python_reads_is_refused_by_name() -> None:
    text = f'{{"format": 1, "queries": [{{"text": "退定金", "count": {"9" * 5000}}}]}}'
    with pytest.raises(KbError, match=r"x\.json: 不是搜索页导出的"):
        missed.read(text, "x.json")


def test_a_pasted_text_is_no_query() -> None:
    queries = ["尾" * 61, "款" * 60, f" {'退' * 60}\n", " ", ""]
    exported = {"format": 1, "queries": [{"text": each, "count": 2} for each in queries]}
    found = missed.read(json.dumps(exported), "x.json")
    assert found == (Missed("款" * 60, 2), Missed("退" * 60, 2))
