"""总览: what customers complain about, how fast and how well it is handled."""

from __future__ import annotations

from kb_builder.insight import benchmark, complaints, durations, results, timeline
from kb_builder.insight.material import Material
from kb_builder.insight.tables import Form, Headline, Report, Section, Table, written


def overview(material: Material) -> Report:
    """The report for managers."""
    return Report(
        "overview",
        "总览",
        "客户在投诉什么，从哪里来，办得快不快，结果怎样。",
        (
            _section("what", "客户在投诉什么", complaints.top(material)),
            _section(
                "when", "什么时候发生", timeline.by_year(material), timeline.by_month(material)
            ),
            _section("profile", "是什么样的投诉", *complaints.profile(material)),
            _section(
                "where",
                "问题出在哪里",
                *complaints.heat(material),
                lead="颜色越深，这样的案例越多。数字就是篇数，可以点开看是哪些。",
            ),
            _section(
                "speed",
                "办得快不快",
                durations.spread(material),
                durations.within(material, "replied_on", "答复"),
                durations.within(material, "resolved_on", "解决"),
                durations.first_try(material),
            ),
            _section(
                "result",
                "结果怎样",
                results.two_numbers(material),
                results.solved_against_kept(material),
                results.satisfaction(material),
                results.retention(material),
            ),
            _section(
                "cost",
                "花了多少",
                results.cost(material, "severity"),
                results.cost(material, "complaint_stage"),
            ),
            _section(
                "authority", "谁来拍板", results.authority(material), results.handoffs(material)
            ),
            _section("benchmark", "和外面比", benchmark.benchmark(material)),
        ),
        headlines=(Headline("案例", f"{len(material.cases)} 篇"), *_reply(material)),
    )


def _reply(material: Material) -> tuple[Headline, ...]:
    """The share of replies within the first limit, where any can be told."""
    table = durations.within(material, "replied_on", "答复")
    first = table.rows[0]
    cell = first.cells[table.column("share")]
    return (
        (Headline(f"{first.label}答复", written(cell, Form.SHARE)),)
        if cell.value is not None
        else ()
    )


def _section(key: str, title: str, *tables: Table | None, lead: str = "") -> Section:
    return Section(key, title, tuple(table for table in tables if table is not None), lead)
