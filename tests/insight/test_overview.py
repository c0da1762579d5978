"""总览 against counts made by hand.

The small base shows four cases: CASE-0000-0001 (a parable with five fields), CASE-2023-0001 (praise),
CASE-2024-0001 (the oven) and CASE-2024-0002 (the takeaway). CASE-2022-0001 is archived and
CASE-2023-0002 a draft, so neither counts.
"""

from __future__ import annotations

import pytest
from reporting_base import counts, made_case, material, row_of, table_of, values

from kb_builder.insight.overview import overview
from kb_builder.insight.tables import Report
from kb_builder.loader import Base
from kb_builder.model.settings import Settings

OVEN, TAKEAWAY = "CASE-2024-0001", "CASE-2024-0002"
UMBRELLA, PARABLE = "CASE-2023-0001", "CASE-0000-0001"


@pytest.fixture
def report(base: Base) -> Report:
    return overview(material(base.settings, base.corpus.documents))


def test_cases_by_each_field(report: Report) -> None:
    # Read off the four files; a case with two values counts under both.
    expected = {
        "complaint_type": {"service": 2, "product": 1, "unfilled": 2},
        "complaint_subtype": {"defect": 1, "attitude": 1, "repeated_repair": 1, "unfilled": 2},
        "cause": {"work_error": 1, "communication": 1, "insufficient_training": 1, "unfilled": 2},
        # Umbrella: counter. Oven: phone, onsite. Takeaway: website, social media. Parable: none.
        "channel": {"counter": 1, "phone": 1, "onsite": 1, "website": 1, "social_media": 1, "unfilled": 1},
        "appeal": {"emotion": 1, "both": 1, "unfilled": 2},
        "psychology": {"respect": 1, "compensation": 1, "unfilled": 3},
        "severity": {"serious": 1, "major": 1, "unfilled": 2},
        "complaint_stage": {"spread": 1, "unfilled": 3},
        "outcome": {"resolved": 1, "partly_resolved": 1, "unfilled": 2},
        "department": {"unfilled": 4},
        "case_kind": {"negative": 1, "positive": 1, "mixed": 1, "parable": 1},
        "origin": {"own": 1, "external": 1, "unfilled": 2},
    }  # fmt: skip
    assert {key: counts(table_of(report, key)) for key in expected} == expected
    assert {table_of(report, key).n for key in expected} == {4}
    assert table_of(report, "department").empty


def test_shares_are_of_those_that_say(report: Report) -> None:
    types = table_of(report, "complaint_type")
    assert types.known == 2
    assert values(row_of(types, "product")) == [1, 0.5]
    assert values(row_of(types, "unfilled")) == [2, None]
    assert row_of(types, "service").documents == (OVEN, TAKEAWAY)
    assert row_of(types, "service").facet == ("complaint_type", "service")


def test_a_date_counts_at_the_precision_it_has(report: Report) -> None:
    # Umbrella 2023-07-20, oven 2024-03, takeaway 2024-05-12; the parable has no date.
    assert counts(table_of(report, "year")) == {"2023": 1, "2024": 2, "unknown": 1}
    months = counts(table_of(report, "month"))
    assert {key: count for key, count in months.items() if count} == {
        "2023-07": 1,
        "2024-03": 1,
        "2024-05": 1,
        "unknown": 1,
    }
    assert len(months) == 12  # July to May, eleven months, and the unknown


def test_a_year_is_not_put_into_a_month(settings: Settings) -> None:
    cases = [
        made_case(settings, 1, "occurred_on: 2024"),
        made_case(settings, 2, "occurred_on: 2020-01"),
        made_case(settings, 3, "occurred_on: 2024-05-01"),
    ]
    months = table_of(overview(material(settings, cases)), "month")
    assert row_of(months, "2024").unknown
    assert row_of(months, "2024-05").cells[0].value == 1
    # 24 months are listed: June 2022 to May 2024; January 2020 is before them.
    assert values(row_of(months, "earlier")) == [1]
    assert [row.key for row in months.rows][1] == "2022-06"
    assert months.known == 2


def test_product_and_subtype(report: Report) -> None:
    top = table_of(report, "top")
    # The oven has two sub-types; the parable and the umbrella name no product.
    assert counts(top) == {
        "外卖套餐/attitude": 1,
        "烤箱/defect": 1,
        "烤箱/repeated_repair": 1,
        "unfilled": 2,
    }
    assert row_of(top, "烤箱/defect").label == "烤箱 · 质量瑕疵"


def test_what_is_beyond_the_top_is_one_row(settings: Settings) -> None:
    cases = [
        made_case(settings, number, f"product: 产品{number:02d}", "complaint_subtype: [attitude]")
        for number in range(1, 19)
    ]
    top = table_of(overview(material(settings, cases)), "top")
    assert len(top.rows) == 16
    assert values(row_of(top, "others"))[0] == 3
    assert row_of(top, "others").rest


def test_cause_by_type(report: Report) -> None:
    heat = table_of(report, "cause-type")
    assert [column.key for column in heat.columns] == ["product", "service", "unfilled"]
    assert values(row_of(heat, "work_error")) == [1, 1, 0]
    assert values(row_of(heat, "insufficient_training")) == [0, 1, 0]
    assert values(row_of(heat, "unfilled")) == [0, 0, 2]
    assert heat.known == 2


def test_cause_by_department_is_a_table_for_each_type(settings: Settings) -> None:
    cases = [
        made_case(settings, 1, "complaint_type: [product]", "cause: [work_error]", "department: [it, sales]"),
        made_case(settings, 2, "complaint_type: [service]", "cause: [work_error]", "department: [it]"),
        made_case(settings, 3, "complaint_type: [service]", "department: [it]"),
    ]  # fmt: skip
    report = overview(material(settings, cases))
    product = table_of(report, "cause-department-product")
    assert (product.n, values(row_of(product, "work_error"))) == (1, [1, 1])
    service = table_of(report, "cause-department-service")
    assert (service.n, service.known) == (2, 1)
    assert values(row_of(service, "unfilled")) == [1]


def test_how_long_it_took(report: Report) -> None:
    # Received 2024-03-04 09:20, replied on 2024-03-05: 14 h 40 to 38 h 39, the middle 26 h 39 or 1,599 min;
    # solved 2024-03-11 16:00: 7 days 6 h 40, that is 10,480 minutes.
    spread = table_of(report, "spread")
    assert values(row_of(spread, "replied_on")) == [1, 1599, 1599, 1599]
    assert values(row_of(spread, "resolved_on")) == [1, 10480, 10480, 10480]
    assert row_of(spread, "untimed").documents == (PARABLE, UMBRELLA, TAKEAWAY)


def test_what_may_be_on_either_side_of_a_limit_is_on_neither(report: Report) -> None:
    replied = table_of(report, "within-replied_on")
    assert values(row_of(replied, "24h")) == [0, 0, 1, None]
    assert values(row_of(replied, "48h")) == [1, 0, 0, 1.0]
    assert values(row_of(table_of(report, "within-resolved_on"), "48h")) == [0, 1, 0, 0.0]


def test_a_delay_that_was_agreed_is_told(settings: Settings) -> None:
    late = ("received_on: 2024-05-01 09:00", "replied_on: 2024-05-04 09:00")
    cases = [made_case(settings, 1, *late, "delay_agreed: true"), made_case(settings, 2, *late)]
    replied = table_of(overview(material(settings, cases)), "within-replied_on")
    assert values(row_of(replied, "48h")) == [0, 2, 0, 0.0]
    assert values(row_of(replied, "agreed")) == [None, 1, None, None]


def test_solved_at_the_first_try(report: Report, settings: Settings) -> None:
    # Only the oven has both fields; it took three tries.
    assert counts(table_of(report, "first-try")) == {
        "first": 0,
        "later": 1,
        "never": 0,
        "unfilled": 3,
    }
    cases = [
        made_case(settings, 1, "attempts: 1", "outcome: resolved"),
        made_case(settings, 2, "attempts: 1", "outcome: partly_resolved"),
        made_case(settings, 3, "outcome: resolved"),
    ]
    assert counts(table_of(overview(material(settings, cases)), "first-try")) == {
        "first": 1,
        "later": 0,
        "never": 1,
        "unfilled": 1,
    }


def test_solved_content_and_kept_are_three_numbers(report: Report) -> None:
    kept = table_of(report, "kept")
    # Oven: resolved, satisfied, retained. Takeaway: partly resolved, not asked, lost. The others: nothing.
    assert values(row_of(kept, "solved")) == [1, 1, 2, 0.5]
    assert values(row_of(kept, "content")) == [1, 0, 3, 1.0]
    assert values(row_of(kept, "kept")) == [1, 1, 2, 0.5]


def test_solved_against_kept(report: Report) -> None:
    table = table_of(report, "outcome-kept")
    assert [column.key for column in table.columns] == ["retained", "lost", "unfilled"]
    assert values(row_of(table, "resolved")) == [1, 0, 0]
    assert values(row_of(table, "partly_resolved")) == [0, 1, 0]


def test_an_unknown_satisfaction_is_no_answer(settings: Settings) -> None:
    cases = [
        made_case(settings, 1, "satisfaction: unknown"),
        made_case(settings, 2, "satisfaction: satisfied"),
    ]
    report = overview(material(settings, cases))
    table = table_of(report, "satisfaction")
    assert (table.n, table.known) == (2, 1)
    assert row_of(table, "unknown").unknown
    assert values(row_of(table_of(report, "kept"), "content")) == [1, 0, 1, 1.0]


def test_cost_by_severity(settings: Settings) -> None:
    cases = [
        made_case(settings, 1, "severity: serious", "cost: 100"),
        made_case(settings, 2, "severity: serious", "cost: 300"),
        made_case(settings, 3, "severity: serious", "cost: 1000"),
        made_case(settings, 4, "severity: serious"),
        made_case(settings, 5, "cost: 0"),
    ]
    table = table_of(overview(material(settings, cases)), "cost-severity")
    assert values(row_of(table, "serious")) == [3, 1400, 300, 1000, 1]
    assert values(row_of(table, "unfilled")) == [1, 0, 0, 0, 0]
    assert (table.n, table.known) == (5, 4)


def test_handoffs_against_outcome(report: Report, settings: Settings) -> None:
    assert values(row_of(table_of(report, "handoffs"), "2")) == [1, 0, 0]
    cases = [
        made_case(settings, 1, "handoffs: 0", "outcome: resolved"),
        made_case(settings, 2, "handoffs: 3", "outcome: unresolved"),
        made_case(settings, 3, "handoffs: 9", "outcome: unresolved"),
    ]
    table = table_of(overview(material(settings, cases)), "handoffs")
    assert values(row_of(table, "0")) == [1, 0]
    assert values(row_of(table, "3")) == [0, 2]


def test_where_the_front_line_lacked_authority(report: Report) -> None:
    table = table_of(report, "authority")
    assert row_of(table, "true").documents == (OVEN,)
    assert [column.key for column in table.columns] == ["store_manager", "unfilled"]


def test_our_shares_beside_the_published_ones(settings: Settings) -> None:
    cases = [
        made_case(settings, 1, "nature: quality"),
        made_case(settings, 2, "nature: quality"),
        made_case(settings, 3, "nature: safety"),
        made_case(settings, 4, "nature: other"),
        made_case(settings, 5),
    ]
    table = table_of(overview(material(settings, cases)), "benchmark")
    assert values(row_of(table, "quality")) == [2, 0.5, pytest.approx(0.556)]
    assert values(row_of(table, "contract")) == [0, 0.0, pytest.approx(0.133)]
    # The published figures know nothing of safety, and 2.5 % of them are nowhere.
    assert values(row_of(table, "safety")) == [1, 0.25, None]
    assert values(row_of(table, "gap")) == [None, None, pytest.approx(0.025)]
    assert values(row_of(table, "unfilled")) == [1, None, None]
    assert "97.5%" in table.note


def test_without_cases_every_table_says_what_to_write(settings: Settings) -> None:
    for table in overview(material(settings, [])).tables:
        assert table.empty
        assert table.missing
