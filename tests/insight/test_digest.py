"""月报 against counts made by hand."""

from __future__ import annotations

import datetime

import pytest
from reporting_base import TODAY, made_case, material, row_of, table_of, values

from kb_builder.insight.digest import Digest, digest
from kb_builder.insight.material import Material, shown
from kb_builder.insight.tables import Headline, Picture, Report, Row
from kb_builder.loader import Base
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings

OVEN, TAKEAWAY, UMBRELLA = "CASE-2024-0001", "CASE-2024-0002", "CASE-2023-0001"


def _months(
    settings: Settings, *cases: Document, today: datetime.date = TODAY
) -> dict[str, Report]:
    made = Digest(Material(shown(Corpus(cases), drafts=False), settings, today))
    return {report.key: report for report in made.reports()}


def _summary(report: Report) -> dict[str, tuple[object, ...]]:
    return {row.key: tuple(values(row)) for row in table_of(report, "sum").rows}


def _rows(report: Report, key: str) -> tuple[Row, ...]:
    return table_of(report, key).rows


def test_the_small_base(base: Base) -> None:
    # Umbrella 2023-07; the oven came in and was solved in March 2024; the takeaway happened in May.
    whole = digest(material(base.settings, base.corpus.documents))
    (table,) = whole.tables
    assert [row.key for row in table.rows] == ["2024-05", "2024-03", "2023-07"]
    assert [values(row)[:3] for row in table.rows] == [[1, 0, 1], [1, 1, 0], [1, 0, 0]]
    assert table.rows[0].report == "digest/2024-05"
    assert (table.n, table.known) == (4, 3)
    assert whole.headlines == (Headline("2024年5月", "进来 1 篇"),)


def test_what_came_in_counts_in_the_month_it_was_received(settings: Settings) -> None:
    found = _months(
        settings,
        made_case(settings, 1, "occurred_on: 2024-04-30", "received_on: 2024-05-02 09:00"),
        made_case(settings, 2, "occurred_on: 2024-05"),
        made_case(settings, 3, "occurred_on: 2024"),
        made_case(settings, 4, "occurred_on: 2024-04-01", "resolved_on: 2024-05-30", "closed_on: 2024-06-02"),
        made_case(settings, 5, "occurred_on: 2024-05-09", "severity: 危机", "closed_on: 2024-05-10"),
    )  # fmt: skip
    assert list(found) == ["digest/2024-04", "digest/2024-05"]
    assert _summary(found["digest/2024-05"]) == {
        "came": (3, 1), "solved": (2, 0), "severe": (1, 0), "late": (0, 0),
    }  # fmt: skip
    assert _summary(found["digest/2024-04"])["came"] == (1, None)
    assert [row.key for row in _rows(found["digest/2024-05"], "came-cases")] == [
        "CASE-2024-0001", "CASE-2024-0002",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("action", "late"),
    [
        ("due: 2024-05-31, status: 未完成", True),
        ("due: 2024-06-01, status: 未完成", False),
        ("due: 2024-05, status: 进行中", True),
        ("due: 2024-05-10, status: 已完成, done_on: 2024-05-20", False),
        ("due: 2024-05-10, status: 已完成, done_on: 2024-06-20", True),
        ("due: 2024-05-10, status: 已完成", False),
        ("due: 2024-05-10, status: 不做", False),
        ("status: 未完成", False),
    ],
)
def test_an_action_is_late_at_the_end_of_the_month(
    settings: Settings, action: str, late: bool
) -> None:
    lines = (
        "occurred_on: 2024-05-01",
        "corrective_actions:",
        f"  - {{action: 核对, owner: 店长, {action}}}",
    )
    report = _months(settings, made_case(settings, 1, *lines))["digest/2024-05"]
    assert bool(_rows(report, "late")) is late
    assert _summary(report)["late"][0] == int(late)


def test_what_was_promised_later_was_not_late_before(settings: Settings) -> None:
    late = (
        "corrective_actions:",
        "  - {action: 核对, owner: 店长, due: 2024-01-01, status: 未完成}",
    )
    found = _months(
        settings,
        made_case(settings, 1, "occurred_on: 2024-04-01"),
        made_case(settings, 2, "occurred_on: 2024-05-01", *late),
    )
    assert not _rows(found["digest/2024-04"], "late")
    assert len(_rows(found["digest/2024-05"], "late")) == 1


def test_the_month_of_today_stands_at_today(settings: Settings) -> None:
    lines = (
        "occurred_on: 2024-05-01",
        "corrective_actions:",
        "  - {action: 核对, owner: 店长, due: 2024-05-20, status: 未完成}",
    )
    case = made_case(settings, 1, *lines)
    for day, late in ((20, 0), (21, 1)):
        report = _months(settings, case, today=datetime.date(2024, 5, day))["digest/2024-05"]
        assert len(_rows(report, "late")) == late
        assert report.day == f"2024-05-{day}"
    assert not _months(settings, case, today=datetime.date(2024, 4, 30))


def test_a_long_month_names_the_worst_and_sums_up_the_rest(settings: Settings) -> None:
    cases = [
        made_case(
            settings,
            number,
            "occurred_on: 2024-05-01",
            *(["severity: 重大"] if number > 18 else []),
        )
        for number in range(1, 21)
    ]
    report = _months(settings, *cases)["digest/2024-05"]
    rows = _rows(report, "came-cases")
    assert [row.key for row in rows[:2]] == ["CASE-2024-0001", "CASE-2024-0002"]
    assert len(rows) == 9
    assert rows[-1].label == "其余 10 篇"
    assert [row.key for row in _rows(report, "severe-cases")] == [
        "CASE-2024-0019",
        "CASE-2024-0020",
    ]


def test_a_category_rises_against_the_year_before(settings: Settings) -> None:
    cases = []
    for number in range(1, 41):
        earlier = number <= 30
        day = f"2024-0{number % 4 + 1}-15" if earlier else f"2024-06-{number - 20}"
        cause = "工作失误" if (number > 31 or number % 10 == 0) else "沟通不足"
        cases.append(made_case(settings, number, f"occurred_on: {day}", f"cause: {cause}"))
    found = _months(settings, *cases)
    row = row_of(table_of(found["digest/2024-06"], "rising"), "成因：工作失误")
    assert values(row)[:2] == [9, 3]
    assert values(row)[-1] == "明显变多"
    report = digest(material(settings, cases))
    assert values(report.tables[0].rows[0])[-1] == 1


def test_a_month_has_no_charts_and_few_rows(base: Base) -> None:
    made = Digest(material(base.settings, base.corpus.documents))
    for report in made.reports():
        assert all(table.picture is Picture.NONE for table in report.tables)
        assert all(len(table.rows) <= 9 for table in report.tables)


def test_the_first_month_of_all_and_one_to_come(settings: Settings) -> None:
    found = _months(
        settings,
        made_case(settings, 1, "occurred_on: 0001-01"),
        made_case(settings, 2, "occurred_on: 9999-12-31"),
    )
    assert list(found) == ["digest/0001-01"]
