"""T5 and T6 for hand-written pages: the check and the builder say the same of a page, whatever its name and text."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from bases import make_base
from documents import lesson
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from test_crashers import ONE_LINERS, SHAPES
from test_paths import GOOD, NAMES
from tiers import times
from vectors import BODIES

from kb_builder import loader, rules, site
from kb_builder.diagnostics import Level
from kb_builder.model.document import Document
from kb_builder.rules.kb014_tangled_block import tangled_block
from kb_builder.site.markdown import Converter

TODAY = datetime.date(2024, 6, 30)
_SHAPES = (text for name, text in SHAPES.items() if name.endswith("× 300"))
TEXTS = [*ONE_LINERS, *_SHAPES, *BODIES, "".join("    " * n + "- 层\n" for n in range(300))]


def refused(root: Path) -> set[str]:
    """The paths of the pages in which the check finds an error."""
    base = loader.load(root)
    found = rules.check(base.corpus, base.settings, TODAY)
    return {each.path for each in found if each.level is Level.ERROR}


def left_out(root: Path, output: Path, *, known: set[str] | None = None) -> set[str]:
    """The paths of the pages that the builder leaves out by itself, given those `known` to have errors."""
    unpublishable = frozenset(known or ())
    report = site.build(
        loader.load(root), output, search=False, unpublishable=unpublishable, today=TODAY
    )
    return {warning.partition(".md: ")[0] + ".md" for warning in report.unconverted}


def test_what_the_check_says_of_a_name_the_builder_says(tmp_path: Path) -> None:
    names = [*NAMES, *GOOD, "Case.md", "case.md", "deep/er/index.md", "deep/er/README.md", "cafe\u0301.md"]  # fmt: skip
    files = {f"cases/guide/{name}": "# 一页\n\n文\n" for name in names}
    root = make_base(tmp_path / "base", dict([lesson(1)]) | files)
    found = refused(root)
    assert found == left_out(root, tmp_path / "site")
    assert len(found) == len(NAMES) + 3


@pytest.mark.parametrize(
    "data",
    [b"---\na: b: c\n---\n", b"---\na: 1\n", b"---\na: 1\na: 2\n---\n", b"---\n- a\n---\n", b"\xff", b"a\0", b"a " * 140_000],
)  # fmt: skip
def test_what_cannot_be_read_neither_takes(data: bytes, tmp_path: Path) -> None:
    root = make_base(tmp_path / "base", dict([lesson(1)]))
    page = root / "cases/guide/page.md"
    page.parent.mkdir()
    page.write_bytes(data)
    assert refused(root) == left_out(root, tmp_path / "site") == {"cases/guide/page.md"}


def test_what_the_check_lets_through_is_converted(tmp_path: Path) -> None:
    files = {f"cases/guide/p{n}.md": f"# 一页\n\n{text}\n" for n, text in enumerate(TEXTS)}
    root = make_base(tmp_path / "base", dict([lesson(1)]) | files)
    found = refused(root)
    assert left_out(root, tmp_path / "site", known=found) == set()
    for path in files:
        built = (tmp_path / "site" / path.removeprefix("cases/")[:-3] / "index.html").is_file()
        assert built == (path not in found), path
    # Neither all nor none of it.
    assert len(TEXTS) // 5 < len(found) < len(TEXTS) * 4 // 5


NOTHING: Any = None
"""The rule asks nothing of its context."""


def page(lines: tuple[str, ...]) -> Document:
    """A page of these lines."""
    return Document(
        path="cases/guide/page.md", kind=None, lines=lines, body_line=0,
        fields={}, keys={}, faults=(), readable=True, digest="",
    )  # fmt: skip


_NESTING = st.sampled_from(["    ", "  ", "\t", "- ", "1. ", "> ", ">", "* ", "+ ", "甲"])


@given(st.lists(st.tuples(_NESTING, st.integers(1, 120)), max_size=5), st.integers(1, 300))
@hypothesis(max_examples=times(100, 2_000))
def test_what_is_not_nested_too_deep_is_converted(parts: list[tuple[str, int]], rows: int) -> None:
    start = "".join(piece * count for piece, count in parts)
    lines = tuple(f"{'    ' * row}{start}- 层" for row in range(rows))
    if not list(tangled_block.check(page(lines), NOTHING)):
        Converter().convert("\n".join(lines))
