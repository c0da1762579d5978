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
    that of the table by month. A training pack holds at most `pack_size` lessons, cases of a kind and
    playbooks. The values of the fields in `feed_facets` have feeds of their own. `benchmark` is the id of the statistic that the values of
    `benchmark_field` are compared with, empty for none.

    A cluster is `cluster_minimum` cases within `cluster_days` days, of one cause if they are of
    `cluster_products` products; two texts tell of one matter that share `cluster_share` percent of their
    rare pieces. A category rises when it has `rising_minimum` cases in the last `rising_days` days and the
    `rising_against` before them, and the test finds it at `rising_level` percent. `pyramid` is the id of the
    statistic that the severities are compared with, its parts from the worst to the least.
    """

    within_hours: tuple[int, ...] = (24, 48)
    due_soon_days: int = 14
    review_soon_days: int = 30
    effect_minimum: int = 5
    chart_minimum: int = 3
    top: int = 15
    months: int = 24
    pack_size: int = 8
    feed_facets: tuple[str, ...] = ("complaint_type", "severity", "industry")
    cluster_days: int = 30
    cluster_minimum: int = 3
    cluster_products: int = 3
    cluster_share: int = 5
    rising_days: int = 90
    rising_against: int = 365
    rising_minimum: int = 5
    rising_level: int = 5
    pyramid: str = "accident_pyramid"
    benchmark: str = ""
    benchmark_field: str = "nature"
