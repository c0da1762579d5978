"""The thresholds of reports, as `site_config/reports.yml` sets them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """What an owner may set about reports; the defaults hold where the file or a line of it is missing.

    `within_hours` are the limits a reply or a solution is measured against, ascending. An action is
    due soon in its last `due_soon_days`, a review in its last `review_soon_days`. `effect_minimum` is
    the number of cases below which nothing is said about how well something works, and
    `chart_minimum` that below which no chart is drawn. `top` is the length of ranked lists and `months`
    that of the table by month. `benchmark` is the id of the statistic that the values of
    `benchmark_field` are compared with, empty for none.
    """

    within_hours: tuple[int, ...] = (24, 48)
    due_soon_days: int = 14
    review_soon_days: int = 30
    effect_minimum: int = 5
    chart_minimum: int = 3
    top: int = 15
    months: int = 24
    benchmark: str = ""
    benchmark_field: str = "nature"
