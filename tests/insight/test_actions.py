"""整改台账 against counts made by hand. Today is 2026-11-22."""

from __future__ import annotations

from reporting_base import counts, made_case, material, row_of, table_of, values

from kb_builder.insight.actions import State, actions, ledger
from kb_builder.loader import Base
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings


def _with(settings: Settings, number: int, *written: str, also: tuple[str, ...] = ()) -> Document:
    lines = (
        f"  - {{action: 第{place}项, owner: 店长, {one}}}" for place, one in enumerate(written, 1)
    )
    return made_case(settings, number, *also, "corrective_actions:", *lines)


def test_where_each_action_stands(settings: Settings) -> None:
    case = _with(
        settings,
        1,
        "status: open, due: 2026-11-21",  # yesterday
        "status: doing, due: 2026-11-22",  # today is not late
        "status: open, due: 2026-12-06",  # in 14 days
        "status: open, due: 2026-12-07",
        "status: open, due: 2026-11",  # the last day of the month is meant
        "status: open",
        "status: done, due: 2020-01-01",
        "status: dropped, due: 2020-01-01",
    )
    found = actions(material(settings, [case]))
    assert [one.state for one in found] == [
        State.LATE, State.DUE, State.DUE, State.OPEN, State.DUE, State.UNDATED, State.DONE, State.DROPPED,
    ]  # fmt: skip
    assert [one.days for one in found] == [-1, 0, 14, 15, 8, None, None, None]
    report = ledger(material(settings, [case]))
    assert counts(table_of(report, "state")) == {
        "late": 1, "due": 3, "open": 1, "undated": 1, "done": 1, "dropped": 1,
    }  # fmt: skip
    assert table_of(report, "state").n == 8
    assert [row.label for row in table_of(report, "open-actions").rows] == [
        "第1项", "第2项", "第5项", "第3项", "第4项", "第6项",
    ]  # fmt: skip
    assert [one.urgent for one in report.headlines] == [True, False]


def test_by_role(settings: Settings) -> None:
    shop = _with(settings, 1, "status: open, due: 2020-01-01", "status: done")
    office = made_case(
        settings,
        2,
        "corrective_actions:",
        "  - {action: 甲, owner: 客服主管, status: open, due: 2020-01-01}",
        "  - {action: 乙, owner: 客服主管, status: open, due: 2020-01-01}",
    )
    table = table_of(ledger(material(settings, [shop, office])), "role")
    assert [row.label for row in table.rows] == [
        "客服主管",
        "店长",
    ]  # who has more that is late first
    assert values(table.rows[0]) == [2, 0, 0, 0, 0, 0]
    assert values(table.rows[1]) == [1, 0, 0, 0, 1, 0]


def test_the_small_base(base: Base) -> None:
    # One action in all, of the oven: in progress, due in 2099.
    report = ledger(material(base.settings, base.corpus.documents))
    assert counts(table_of(report, "state"))["open"] == 1
    assert table_of(report, "state").n == 1
    assert table_of(report, "recurrence").empty


def test_recurrence_after_done(settings: Settings) -> None:
    oven = ("product: 烤箱", "cause: [work_error]", "complaint_subtype: [defect]")
    cases = [
        _with(settings, 1, "status: done, done_on: 2024-05", also=("occurred_on: 2024-03", *oven)),
        made_case(settings, 2, "occurred_on: 2024-04-30", *oven),  # before
        made_case(settings, 3, "occurred_on: 2024-06-01", *oven),  # after, all alike
        made_case(settings, 4, "occurred_on: 2024-05-20", *oven),  # in the month of the work
        made_case(settings, 5, "occurred_on: 2024", *oven),  # nobody knows
        made_case(settings, 6, "occurred_on: 2025", "product: 冰箱", "cause: [work_error]"),  # only the cause
        made_case(settings, 7, "occurred_on: 2025", "product: 烤箱", "cause: [communication, work_error]"),
        made_case(settings, 8, "occurred_on: 2025", "complaint_subtype: [defect, delay]"),
        made_case(settings, 9, "occurred_on: 2025", "product: 烤箱"),  # only the product
        made_case(settings, 10, *oven),  # without a date
    ]  # fmt: skip
    table = table_of(ledger(material(settings, cases)), "recurrence")
    row = row_of(table, "CASE-2024-0001-1")
    assert row.cells[2].documents == ("CASE-2024-0003", "CASE-2024-0007", "CASE-2024-0008")
    assert row.cells[3].documents == ("CASE-2024-0004", "CASE-2024-0005")


def test_without_a_date_of_completion_nothing_is_said(settings: Settings) -> None:
    cases = [
        _with(settings, 1, "status: done", also=("complaint_subtype: [defect]",)),
        made_case(settings, 2, "occurred_on: 2025", "complaint_subtype: [defect]"),
    ]
    row = table_of(ledger(material(settings, cases)), "recurrence").rows[0]
    assert row.unknown
    assert values(row)[1:] == [None, None, None]
