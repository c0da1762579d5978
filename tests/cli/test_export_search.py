"""`kb export-search`: the whole folder or nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder import browser, storage
from kb_builder.browser import DamagedError, Failure, Reader
from kb_builder.cli import main


def export(root: Path, output: Path) -> Result:
    command = ["--root", str(root), "export-search", "--output", str(output)]
    return CliRunner().invoke(main, command, catch_exceptions=False)


def test_it_takes_the_place_of_the_one_before(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "out" / "search"
    assert export(root, output).exit_code == 0
    (output / "left.bin").write_bytes(b"of a killed run")
    assert export(root, output).exit_code == 0
    Reader(output).check()
    assert not (output / "left.bin").exists()
    assert [path.name for path in output.parent.iterdir()] == ["search"]


def test_a_folder_with_other_files_is_not_emptied(root: Path, tmp_path: Path) -> None:
    letter = tmp_path / "out" / "letter.txt"
    letter.parent.mkdir()
    letter.write_text("keep me", encoding="utf-8")
    result = export(root, letter.parent)
    assert result.exit_code == 2
    assert "不是本程序生成的" in result.stderr
    assert letter.read_text(encoding="utf-8") == "keep me"


def test_a_second_one_is_told(root: Path, tmp_path: Path) -> None:
    with storage.locked(tmp_path / ".search.lock", ""):
        result = export(root, tmp_path / "search")
    assert result.exit_code == 3
    assert "另一个 kb export-search" in result.stderr
    assert not (tmp_path / "search").exists()


def test_one_that_does_not_find_its_own_texts_is_not_published(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        browser, "self_test", lambda *_: [Failure("CASE-2024-0001", "title", "座椅套")]
    )
    result = export(root, tmp_path / "search")
    assert result.exit_code == 2
    assert "搜不到自己的内容" in result.stderr
    with pytest.raises(DamagedError):
        Reader(tmp_path / "search")
