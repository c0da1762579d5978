"""`site_config/reports.yml`: what an owner may set about reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from places import REPOSITORY

from kb_builder import loader
from kb_builder.diagnostics import KbError
from kb_builder.model.reports import ReportSettings


def _write(root: Path, text: str) -> None:
    (root / "site_config" / "reports.yml").write_text(text, encoding="utf-8")


def test_without_the_file_the_defaults_hold(root: Path) -> None:
    (root / "site_config" / "reports.yml").unlink()
    assert loader.load_settings(root).reports == ReportSettings()


def test_what_is_written_counts_and_the_rest_stays(root: Path) -> None:
    _write(root, "within_hours: [2, 24]\neffect_minimum: 8\nbenchmark: silent_customers\n")
    expected = ReportSettings(within_hours=(2, 24), effect_minimum=8, benchmark="silent_customers")
    assert loader.load_settings(root).reports == expected


@pytest.mark.parametrize("folder", [REPOSITORY, REPOSITORY / "kb_builder" / "starter"])
def test_what_we_ship_says_what_holds_anyway(root: Path, folder: Path) -> None:
    text = (folder / "site_config" / "reports.yml").read_text(encoding="utf-8")
    _write(root, "\n".join(line for line in text.split("\n") if not line.startswith("benchmark:")))
    assert loader.load_settings(root).reports == ReportSettings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("effect_minimum: 0\n", r"reports\.yml:1:17: 这里应当是大于 0 的整数"),
        ("top: 多\n", r"reports\.yml:1:6: 这里应当是整数，不是“多”"),
        ("within_hours: [48, 24]\n", r"reports\.yml:1:15: 时限要从小到大写"),
        ("chart: 3\n", r"reports\.yml:1:1: 不认识“chart”；可以写：within_hours"),
    ],
)
def test_what_can_not_be_used_is_named_with_its_place(root: Path, text: str, said: str) -> None:
    _write(root, text)
    with pytest.raises(KbError, match=said):
        loader.load_settings(root)


def test_chosen_feeds_and_the_size_of_a_pack(root: Path) -> None:
    _write(root, "feed_facets: [appeal, phase]\npack_size: 3\n")
    expected = ReportSettings(feed_facets=("appeal", "phase"), pack_size=3)
    assert loader.load_settings(root).reports == expected
    _write(root, "feed_facets: []\n")
    assert loader.load_settings(root).reports.feed_facets == ()


def test_a_feed_is_of_a_field_readers_browse_by(root: Path) -> None:
    _write(root, "feed_facets: [severity, title]\n")
    with pytest.raises(
        KbError, match=r"reports\.yml:1:25: “title”不是能浏览的字段；可以写：channel"
    ):
        loader.load_settings(root)
