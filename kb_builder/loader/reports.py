"""Reads `site_config/reports.yml`."""

from __future__ import annotations

from kb_builder.loader.config import Config
from kb_builder.model.front_matter import Node
from kb_builder.model.reports import ReportSettings
from kb_builder.model.schema import Schema

_NUMBERS = (
    "due_soon_days", "review_soon_days", "effect_minimum", "chart_minimum", "top", "months",
    "pack_size", "cluster_days", "cluster_minimum", "cluster_products", "cluster_share", "rising_days",
    "rising_against", "rising_minimum", "rising_level",
)  # fmt: skip
_TEXTS = ("benchmark", "benchmark_field", "pyramid")


def report_settings(config: Config, schema: Schema) -> ReportSettings:
    """The thresholds of reports. Raises KbError naming file, line and column of what can't be used."""
    entries = config.entries(config.root, "within_hours", "feed_facets", *_NUMBERS, *_TEXTS)
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
        pack_size=numbers.get("pack_size", default.pack_size),
        feed_facets=_facets(config, entries["feed_facets"], schema)
        if "feed_facets" in entries
        else default.feed_facets,
        cluster_days=numbers.get("cluster_days", default.cluster_days),
        cluster_minimum=numbers.get("cluster_minimum", default.cluster_minimum),
        cluster_products=numbers.get("cluster_products", default.cluster_products),
        cluster_share=numbers.get("cluster_share", default.cluster_share),
        rising_days=numbers.get("rising_days", default.rising_days),
        rising_against=numbers.get("rising_against", default.rising_against),
        rising_minimum=numbers.get("rising_minimum", default.rising_minimum),
        rising_level=numbers.get("rising_level", default.rising_level),
        pyramid=texts.get("pyramid", default.pyramid),
        benchmark=texts.get("benchmark", default.benchmark),
        benchmark_field=texts.get("benchmark_field", default.benchmark_field),
    )


def _facets(config: Config, node: Node, schema: Schema) -> tuple[str, ...]:
    """Names of fields that readers browse by."""
    known = dict.fromkeys(spec.name for kind in schema.kinds.values() for spec in kind.facets())
    for item in config.items(node):
        if config.text(item) not in known:
            raise config.error(
                item.span, f"“{config.text(item)}”不是能浏览的字段；可以写：{'、'.join(known)}"
            )
    return config.texts(node)


def _positive(config: Config, node: Node) -> int:
    number = config.number(node)
    if not number:
        raise config.error(node.span, "这里应当是大于 0 的整数")
    return number
