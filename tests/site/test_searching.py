"""The index of the site's search, and the similar cases: made again only where something in them would change."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from documents import case
from site_base import MakeBase

from kb_builder import browser, pipeline
from kb_builder.site import likeness

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def base(make_base: MakeBase) -> Path:
    """Four cases that are like each other."""
    return make_base(*(case(n, f"座椅套漏单，第{n}次。\n", status="草稿") for n in range(1, 5)))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is made from here on: the index, and the lists of similar cases."""
    found: list[str] = []

    def watch(module: Any, name: str, what: str) -> None:
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *args: (found.append(what), real(*args))[1])

    watch(browser, "export_terms", "index")
    watch(likeness, "neighbours_in", "similar")
    return found


def _build(root: Path, output: Path, today: datetime.date = TODAY) -> dict[str, bytes]:
    built = pipeline.build(root, output, today=today, drafts=True, with_index=False)
    assert built.pages
    assert not built.stopped
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file()
    }


def _home(root: Path) -> None:
    (root / "cases/index.md").write_text("# 首页\n\n换了一句话。\n", encoding="utf-8")


def _body(root: Path) -> None:
    path = next(root.glob("cases/resolved/*/CASE-2024-0002.md"))
    path.write_text(path.read_text(encoding="utf-8") + "\n当晚登门安装。\n", encoding="utf-8")


def _words(root: Path) -> None:
    (root / "site_config/dictionary.txt").write_text("漏单\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (_home, set()),
        (_body, {"index", "similar"}),
        (_words, {"index", "similar"}),
    ],
)
def test_they_are_made_when_something_in_them_changes(
    base: Path, tmp_path: Path, made: list[str], change: Callable[[Path], None], wanted: set[str]
) -> None:
    output = tmp_path / "site"
    _build(base, output)
    assert made
    made.clear()
    change(base)
    warm = _build(base, output)
    assert set(made) == wanted
    assert warm == _build(base, tmp_path / "cold")


def test_another_day_takes_the_index_of_the_day_before(
    base: Path, tmp_path: Path, made: list[str]
) -> None:
    output, tomorrow = tmp_path / "site", TODAY + datetime.timedelta(1)
    _build(base, output)
    made.clear()
    warm = _build(base, output, tomorrow)
    assert made == []
    assert warm == _build(base, tmp_path / "cold", tomorrow)


def test_a_damaged_index_is_not_taken(base: Path, tmp_path: Path, made: list[str]) -> None:
    output = tmp_path / "site"
    whole = _build(base, output)
    shard = next(output.glob("search-index/terms-*/0.bin"))
    shard.write_bytes(b"KB" + shard.read_bytes()[2:])
    next(output.glob("search-index/docs-*/0.bin")).unlink()
    made.clear()
    assert _build(base, output) == whole
    assert "index" in made
