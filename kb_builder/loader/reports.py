"""Reads `site_config/reports.yml`."""

from __future__ import annotations

from kb_builder.loader.config import Config
from kb_builder.model.front_matter import Node
from kb_builder.model.reports import ReportSettings

_NUMBERS = (
    "due_soon_days", "review_soon_days", "effect_minimum", "chart_minimum", "top", "months",
)  # fmt: skip
_TEXTS = ("benchmark", "benchmark_field")


def report_settings(config: Config) -> ReportSettings:
    """The thresholds of reports. Raises KbError naming file, line and column of what can't be used."""
    entries = config.entries(config.root, "within_hours", *_NUMBERS, *_TEXTS)
    default = ReportSettings()
    hours = tuple(_positive(config, node) for node in config.items(entries.get("within_hours")))
    if list(hours) != sorted(set(hours)):
        raise config.error(entries["within_hours"].span, "时限要从小到大写，例如 [24, 48]")
    numbers = {name: _positive(config, entries[name]) for name in _NUMBERS if name in entries}
    texts = {name: config.text(entries[name]) for name in _TEXTS if name in entries}
    return ReportSettings(
        within_hours=hours or default.within_hours,
        due_soon_days=numbers.get("due_soon_days", default.due_soon_days),
        review_soon_days=numbers.get("review_soon_days", default.review_soon_days),
        effect_minimum=numbers.get("effect_minimum", default.effect_minimum),
        chart_minimum=numbers.get("chart_minimum", default.chart_minimum),
        top=numbers.get("top", default.top),
        months=numbers.get("months", default.months),
        benchmark=texts.get("benchmark", default.benchmark),
        benchmark_field=texts.get("benchmark_field", default.benchmark_field),
    )


def _positive(config: Config, node: Node) -> int:
    number = config.number(node)
    if not number:
        raise config.error(node.span, "这里应当是大于 0 的整数")
    return number
