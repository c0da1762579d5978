"""Facet counts against counts made by hand."""

from __future__ import annotations

from kb_builder.insight.facets import UNKNOWN_YEAR, YEAR, Facet, facets
from kb_builder.model import document
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings


def _case(settings: Settings, number: int, *lines: str) -> Document:
    text = "\n".join(("---", f"id: CASE-2024-{number:04d}", *lines, "---", ""))
    path = f"cases/resolved/2024/CASE-2024-{number:04d}.md"
    return document.build(path, text.encode(), settings.schema)


def _by_name(found: tuple[Facet, ...]) -> dict[str, dict[str, int]]:
    return {facet.name: {choice.id: choice.count for choice in facet.choices} for facet in found}


def test_counts_of_three_cases(settings: Settings) -> None:
    documents = [
        _case(
            settings, 1, "severity: 较重", "complaint_type: [服务, 产品]", "occurred_on: 2024-05"
        ),
        _case(settings, 2, "severity: serious", "complaint_type: [服务]", "occurred_on: 2023"),
        _case(settings, 3, "severity: 危机", "occurred_on: unknown"),
    ]
    counts = _by_name(facets(documents, settings.schema))
    assert counts["severity"] == {"serious": 2, "crisis": 1}
    assert counts["complaint_type"] == {"product": 1, "service": 2}
    assert counts[YEAR] == {"2024": 1, "2023": 1, UNKNOWN_YEAR: 1}
    assert "outcome" not in counts


def test_values_come_in_the_order_of_the_vocabulary(settings: Settings) -> None:
    documents = [_case(settings, 1, "severity: 危机"), _case(settings, 2, "severity: 轻微(29)")]
    severity = next(f for f in facets(documents, settings.schema) if f.name == "severity")
    assert [choice.label for choice in severity.choices] == ["轻微(29)", "危机"]
    assert severity.largest == 1
    assert severity.kinds == ("case",)


def test_years_come_newest_first_and_the_unknown_last(settings: Settings) -> None:
    documents = [
        _case(settings, 1, "occurred_on: 1999"),
        _case(settings, 2, "occurred_on: 不详"),
        _case(settings, 3, "occurred_on: 2016-03-01"),
    ]
    years = next(f for f in facets(documents, settings.schema) if f.name == YEAR)
    assert [choice.label for choice in years.choices] == ["2016年", "1999年", "年份不详"]


def test_a_value_written_twice_counts_once(settings: Settings) -> None:
    documents = [_case(settings, 1, "complaint_type: [服务, service]")]
    assert _by_name(facets(documents, settings.schema))["complaint_type"] == {"service": 1}


def test_nothing_gives_nothing(settings: Settings) -> None:
    assert facets([], settings.schema) == ()
