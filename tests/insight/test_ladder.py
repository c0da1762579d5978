"""Pyramid and ladder against counts made by hand."""

from __future__ import annotations

import pytest
from reporting_base import counts, made_case, material, row_of, table_of, values

from kb_builder.insight.tables import Report
from kb_builder.insight.warning import warning
from kb_builder.loader import Base
from kb_builder.model.settings import Settings

OVEN, TAKEAWAY = "CASE-2024-0001", "CASE-2024-0002"


@pytest.fixture
def report(base: Base) -> Report:
    return warning(material(base.settings, base.corpus.documents))


def test_the_small_base(report: Report) -> None:
    # The takeaway is major and spread; the oven is serious and says no stage; two others say nothing.
    pyramid = table_of(report, "pyramid")
    assert counts(pyramid) == {"severe": 1, "serious": 1, "minor": 0, "near_miss": 0, "unfilled": 2}
    assert values(row_of(pyramid, "near_miss")) == [0, 0, 300, 300]
    assert values(row_of(pyramid, "serious")) == [1, None, None, None]
    assert (pyramid.n, pyramid.known) == (4, 2)
    assert "不能用来推算投诉数量" in pyramid.note
    assert "未核实" in pyramid.note

    ladder = table_of(report, "ladder")
    assert counts(ladder) == {
        "latent": 1, "explicit": 1, "complaint": 1, "dispute": 1, "spread": 1, "crisis": 0, "unfilled": 3,
    }  # fmt: skip
    assert values(row_of(ladder, "spread")) == [1, 1, 0]
    climbers = table_of(report, "climbers")
    assert [row.key for row in climbers.rows] == [TAKEAWAY]
    assert climbers.rows[0].cells[3].value == "一个月内三次被评价“回复敷衍”"
    assert counts(table_of(report, "foreseen")) == {"found": 1, "none_found": 0}


def test_small_matters_that_pile_up_come_first(settings: Settings) -> None:
    lines = [("烤箱", "隐患"), ("烤箱", "轻微"), ("烤箱", "轻微"), ("沙发", "重大"), ("沙发", "危机"), ("沙发", "较重"),
             ("沙发", "重大"), ("沙发", "重大"), ("外卖", "轻微")]  # fmt: skip
    cases = [
        made_case(settings, number, f"product: {product}", f"severity: {severity}")
        for number, (product, severity) in enumerate(lines, 1)
    ]
    table = table_of(warning(material(settings, cases)), "pyramid-product")
    assert [row.key for row in table.rows] == ["烤箱", "沙发", "外卖"]
    assert values(row_of(table, "烤箱")) == [0, 0, 2, 1, "小事在攒，还没出大事"]
    assert values(row_of(table, "沙发")) == [4, 1, 0, 0, "出过大事，没记下小事"]
    assert values(row_of(table, "外卖")) == [0, 0, 1, 0, None]


def test_without_the_statistic_nothing_is_compared(base: Base) -> None:
    from dataclasses import replace

    settings = replace(base.settings, statistics={})
    table = table_of(warning(material(settings, base.corpus.documents)), "pyramid")
    assert values(row_of(table, "severe")) == [1, 1, None, None]
    assert "没有指向" in table.note


def test_a_case_that_climbed_shows_its_steps_and_what_came_before(settings: Settings) -> None:
    case = made_case(
        settings,
        1,
        "complaint_stage: 公关危机",
        "precursors: [同一批货退换三次]",
        "escalation:",
        "  - {stage: 投诉, when: 2024-05-01, sign: 打了三次电话没人回}",
        "  - {stage: 对外扩散, when: 2024-05-04}",
        "  - {stage: 公关危机, when: 2024-05-11, sign: 记者来问没有人出面}",
    )
    quiet = made_case(settings, 2, "complaint_stage: 投诉")
    bare = made_case(settings, 3, "complaint_stage: 纠纷")
    report = warning(material(settings, [case, quiet, bare]))
    table = table_of(report, "climbers")
    assert [row.key for row in table.rows] == [case.id, bare.id]
    assert values(table.rows[0]) == [
        case.id,
        "投诉 → 对外扩散 → 公关危机",
        10,
        "打了三次电话没人回；记者来问没有人出面；同一批货退换三次",
    ]
    assert values(table.rows[1]) == [bare.id, "纠纷（没有写升级经过）", None, None]
    ladder = table_of(report, "ladder")
    assert values(row_of(ladder, "complaint")) == [3, 1, pytest.approx(2 / 3)]


def test_days_are_counted_only_between_days(settings: Settings) -> None:
    case = made_case(
        settings,
        1,
        "escalation:",
        "  - {stage: 投诉, when: 2024-05}",
        "  - {stage: 纠纷, when: 2024-06-04}",
    )
    table = table_of(warning(material(settings, [case])), "climbers")
    assert values(table.rows[0])[1:3] == ["投诉 → 纠纷", None]
