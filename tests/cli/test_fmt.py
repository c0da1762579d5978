"""`kb fmt` as an author and a CI run meet it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder import loader
from kb_builder.cli import main

CASE = "cases/resolved/2024/CASE-2024-0001.md"


def kb(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        main, ["--root", str(root), "fmt", *arguments], catch_exceptions=False
    )


@pytest.fixture
def tidy(root: Path) -> Path:
    """The small base in normal form."""
    assert kb(root).exit_code == 0
    return root


def untidy(root: Path, path: str = CASE) -> str:
    text = (root / path).read_text("utf-8")
    (root / path).write_text(text.replace("\n\n## ", "\n\n\n## "), encoding="utf-8")
    return text


def test_it_formats_and_says_what(tidy: Path) -> None:
    text = untidy(tidy)
    result = kb(tidy)
    assert result.exit_code == 0
    assert result.stdout == f"改好 {(tidy / CASE).as_posix()}\n改好 1 篇，共 11 篇。\n"
    assert (tidy / CASE).read_text("utf-8") == text
    assert kb(tidy).stdout == "格式都是统一的，共 11 篇。\n"


def test_a_check_only_looks(tidy: Path) -> None:
    text = untidy(tidy)
    result = kb(tidy, "--check")
    assert result.exit_code == 1
    assert result.stdout == f"要改 {(tidy / CASE).as_posix()}\n要改 1 篇，共 11 篇。\n"
    assert (tidy / CASE).read_text("utf-8") != text
    assert kb(tidy, "--check", "cases/lessons").exit_code == 0


def test_a_difference_is_shown(tidy: Path) -> None:
    untidy(tidy)
    result = kb(tidy, "--diff")
    assert result.exit_code == 1
    assert result.stdout.startswith(f"--- a/{CASE}\n+++ b/{CASE}\n@@ ")
    assert result.stderr == "要改 1 篇，共 11 篇。\n"


def test_only_the_files_asked_for(tidy: Path) -> None:
    untidy(tidy)
    assert kb(tidy, "cases/playbooks").stdout == "格式都是统一的，共 2 篇。\n"


def test_what_cannot_be_read_stays_and_is_counted(tidy: Path) -> None:
    (tidy / CASE).write_text("---\ntitle: [\n---\n\n\n", encoding="utf-8")
    result = kb(tidy)
    assert result.exit_code == 0
    assert result.stdout == "格式都是统一的，共 11 篇；1 篇的信息头读不出来，没有动。\n"


def test_a_check_finds_the_same_after_it(root: Path) -> None:
    before = CliRunner().invoke(main, ["--root", str(root), "check"]).stdout
    kb(root)
    assert CliRunner().invoke(main, ["--root", str(root), "check"]).stdout == before
    assert len(loader.load(root).corpus.documents) == 11
