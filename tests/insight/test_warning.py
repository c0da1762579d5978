"""预警: the clusters, and what rises, against counts made by hand."""

from __future__ import annotations

from reporting_base import TODAY, made_case, material, row_of, table_of, values

from kb_builder.insight.tables import Headline, Report
from kb_builder.insight.warning import warning
from kb_builder.loader import Base
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings

_FAULT = ("product: 烤箱", "complaint_subtype: 质量瑕疵")


def _report(settings: Settings, cases: list[Document]) -> Report:
    return warning(material(settings, cases))


def test_the_small_base_has_no_clusters(base: Base) -> None:
    report = warning(material(base.settings, base.corpus.documents))
    # Only the oven and the takeaway have a product, a sub-type, a cause and a date; the umbrella has a date.
    for key, known in (("same", 2), ("cause", 2), ("accounts", 3)):
        table = table_of(report, key)
        assert (table.rows, table.n, table.known) == ((), 4, known)
        assert table.missing == "没有扎堆的。"
    assert table_of(report, "rising").empty
    assert report.headlines == (Headline("还在来的扎堆", "0 组"), Headline("明显变多", "0 类"))


def test_one_product_with_one_fault(settings: Settings) -> None:
    days = ["2024-05-01", "2024-05-20", "2024-05-31", "2024-09-01"]
    cases = [
        made_case(settings, number, f"occurred_on: {day}", *_FAULT)
        for number, day in enumerate(days, 1)
    ]
    cases.append(made_case(settings, 5, "occurred_on: 2024-05-02", "product: 烤箱"))
    (row,) = table_of(_report(settings, cases), "same").rows
    assert row.label == "烤箱 · 质量瑕疵"
    assert row.documents == ("CASE-2024-0001", "CASE-2024-0002", "CASE-2024-0003")
    assert values(row) == [3, "2024-05-01", "2024-05-31", 905]


def test_what_still_goes_on_comes_first_and_is_urgent(settings: Settings) -> None:
    old = [
        made_case(settings, number, f"occurred_on: 2024-05-0{number}", *_FAULT)
        for number in range(1, 6)
    ]
    new = [
        made_case(settings, number, f"occurred_on: 2026-11-{number}", "product: 沙发", *_FAULT[1:])
        for number in range(10, 13)
    ]
    report = _report(settings, old + new)
    assert [row.label for row in table_of(report, "same").rows] == [
        "沙发 · 质量瑕疵",
        "烤箱 · 质量瑕疵",
    ]
    assert report.headlines[0] == Headline("还在来的扎堆", "1 组", urgent=True)


def test_one_cause_across_products(settings: Settings) -> None:
    def case(number: int, product: str) -> Document:
        day = f"occurred_on: 2024-05-{number:02d}"
        return made_case(settings, number, day, f"product: {product}", "cause: 沟通不足")

    two = [case(1, "烤箱"), case(2, "烤箱"), case(3, "沙发")]
    assert not table_of(_report(settings, two), "cause").rows
    (row,) = table_of(_report(settings, [*two, case(4, "外卖")]), "cause").rows
    assert row.label == "沟通不足"
    assert values(row) == [4, "2024-05-01", "2024-05-04", 932, "外卖、沙发、烤箱"]
    late = made_case(settings, 9, "occurred_on: 2024-07-01", "product: 外卖", "cause: 沟通不足")
    assert not table_of(_report(settings, [*two, late]), "cause").rows


def test_rows_beyond_the_top_are_summed_up(settings: Settings) -> None:
    cases = [
        made_case(
            settings,
            100 * group + number,
            f"occurred_on: 2024-05-0{number}",
            f"product: 产品{group}",
            _FAULT[1],
        )
        for group in range(1, 18)
        for number in range(1, 4)
    ]
    rows = table_of(_report(settings, cases), "same").rows
    assert len(rows) == 16
    assert rows[-1].rest
    assert rows[-1].label == "其余 2 组"
    assert values(rows[-1]) == [6, None, None, None]


def test_a_category_that_grew_is_called_rising(settings: Settings) -> None:
    lines = []
    for number in range(1, 41):
        earlier = number <= 30
        day = f"2026-0{number % 6 + 1}-15" if earlier else f"2026-10-{number - 20}"
        cause = "沟通不足" if earlier == (number % 10 != 0) else "工作失误"
        lines.append((number, f"occurred_on: {day}", f"cause: {cause}", "channel: 投诉电话"))
    cases = [made_case(settings, number, *rest) for number, *rest in lines]
    report = _report(settings, cases)
    table = table_of(report, "rising")
    # 27 and 1 of 沟通不足, 3 and 9 of 工作失误; the channel holds all cases and has no share to grow.
    assert [row.key for row in table.rows] == ["成因：工作失误", "成因：沟通不足"]
    row = row_of(table, "成因：工作失误")
    assert values(row)[:3] == [9, 3, 3.0]
    assert values(row)[-1] == "明显变多"
    assert values(row_of(table, "成因：沟通不足"))[-1] == "看不出"
    assert report.headlines[1] == Headline("明显变多", "1 类", urgent=True)
    assert TODAY.isoformat() == "2026-11-22"  # the window is the 90 days up to it
