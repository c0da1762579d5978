"""待复审 against counts made by hand. Today is 2026-11-22."""

from __future__ import annotations

from dataclasses import replace

from reporting_base import counts, made_case, material, table_of, values

from kb_builder.insight.review import review
from kb_builder.loader import Base
from kb_builder.model.settings import Settings


def _months(settings: Settings, **months: int) -> Settings:
    return replace(settings, checks=replace(settings.checks, review_months=months))


def test_the_small_base(base: Base) -> None:
    # Shown: four cases, PB-001, LS-001 and LS-002. Only the oven was reviewed, on 2024-06-01, and by its own
    # cycle of 120 months it is due on 2034-06-01.
    settings = _months(base.settings, case=24, playbook=12, lesson=24)
    report = review(material(settings, base.corpus.documents))
    assert counts(table_of(report, "state")) == {"late": 0, "never": 6, "soon": 0, "fresh": 1}
    assert [row.key for row in table_of(report, "pages").rows] == [
        "CASE-0000-0001", "CASE-2023-0001", "CASE-2024-0002", "LS-001", "LS-002", "PB-001",
    ]  # fmt: skip
    roles = {row.label: values(row) for row in table_of(report, "role").rows}
    # 店长: the oven. 知识库编辑: the parable, LS-002. 客服主管: the takeaway, PB-001, LS-001. 收银员: the umbrella.
    assert roles == {
        "店长": [0, 0, 0, 1],
        "知识库编辑": [0, 2, 0, 0],
        "客服主管": [0, 3, 0, 0],
        "收银员": [0, 1, 0, 0],
    }


def test_days_around_the_date(settings: Settings) -> None:
    settings = _months(settings, case=12)
    cases = [
        made_case(settings, 1, "owner: 店长", "last_reviewed: 2025-11-21"),  # yesterday
        made_case(settings, 2, "last_reviewed: 2025-11-22"),  # today
        made_case(settings, 3, "last_reviewed: 2025-12-22"),  # in 30 days
        made_case(settings, 4, "last_reviewed: 2025-12-23"),
        made_case(
            settings, 5, "last_reviewed: 2026-11-01", "review_in: 1"
        ),  # its own cycle: in 9 days
    ]
    report = review(material(settings, cases))
    assert counts(table_of(report, "state")) == {"late": 1, "never": 0, "soon": 3, "fresh": 1}
    first = table_of(report, "pages").rows[0]
    assert values(first) == ["CASE-2024-0001", "店长", "2025-11-21", "2026-11-21", -1]


def test_without_a_cycle_nothing_is_due(settings: Settings) -> None:
    report = review(material(_months(settings), [made_case(settings, 1)]))
    assert table_of(report, "state").empty
    assert "checks.yml" in table_of(report, "state").missing
