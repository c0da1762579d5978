"""The colours of kb.css, measured as WCAG 2 does: text needs a contrast of 4.5 (level AA)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "kb_builder/site/assets/kb.css").read_text(encoding="utf-8")

_TONES = ("good", "bad", "warn", "info", "plain")
PAIRS = [
    *((text, ground) for text in ("ink", "soft", "brand", "brand-deep") for ground in ("page", "surface", "sunken")),
    *((text, "tint") for text in ("ink", "soft", "brand-deep")),
    ("on-brand", "brand"),
    ("focus", "page"),
    *((tone, f"{tone}-bg") for tone in _TONES),
    *(("ink", f"{tone}-bg") for tone in _TONES),
]  # fmt: skip


def _colours(scheme: str) -> dict[str, str]:
    """The colour variables of a scheme."""
    block = re.search(rf'\[data-md-color-scheme="{scheme}"\] {{\n(  --kb-.*?)}}', CSS, re.DOTALL)
    assert block
    return dict(re.findall(r"--kb-([\w-]+): (#[0-9a-f]{6});", block[1]))


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(scheme: str, text: str, ground: str) -> None:
    colours = _colours(scheme)
    assert contrast(colours[text], colours[ground]) >= 4.5
