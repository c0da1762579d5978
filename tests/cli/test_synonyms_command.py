"""`kb synonyms suggest`: from missed queries to lines of `synonyms.txt`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kb_builder import pipeline
from kb_builder.cli import main

SYNONYMS = "# 一行一组\n\n客户 顾客  # 人\n投诉 客诉"


@pytest.fixture
def indexed(root: Path) -> Path:
    """The small base with synonyms and an index."""
    (root / "site_config" / "synonyms.txt").write_text(SYNONYMS, encoding="utf-8")
    pipeline.index(root, drafts=True)
    return root


def missed(folder: Path, *queries: tuple[str, int]) -> Path:
    rows = [{"text": text, "count": count, "last": "2026-11-20"} for text, count in queries]
    path = folder / "kb-search-missed.json"
    path.write_text(json.dumps({"format": 1, "queries": rows}, ensure_ascii=False), "utf-8")
    return path


def kb(root: Path, *arguments: object) -> Result:
    arguments = ("--root", root, "synonyms", "suggest", *arguments)
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


def as_json(root: Path, file: Path) -> dict[str, Any]:
    return json.loads(kb(root, file, "--json").stdout)  # type: ignore[no-any-return]


def test_a_proposal_says_why_and_how_often(indexed: Path, tmp_path: Path) -> None:
    file = missed(tmp_path, ("lingjian", 7))
    shown = kb(indexed, file)
    assert shown.exit_code == 0
    assert "“lingjian”，搜过 7 次" in shown.stdout
    assert "* 零件 lingjian    拼音就是它；" in shown.stdout
    (proposal,) = as_json(indexed, file)["proposals"]
    assert (proposal["line"], proposal["count"]) == ("零件 lingjian", 7)


def test_nothing_is_written_without_being_asked(indexed: Path, tmp_path: Path) -> None:
    kb(indexed, missed(tmp_path, ("lingjian", 7)))
    assert (indexed / "site_config" / "synonyms.txt").read_text("utf-8") == SYNONYMS


def test_new_lines_are_added_and_the_rest_is_kept(indexed: Path, tmp_path: Path) -> None:
    file = missed(tmp_path, ("lingjian", 7), ("头诉", 2))
    shown = kb(indexed, file, "--write")
    path = indexed / "site_config" / "synonyms.txt"
    assert path.read_text("utf-8") == f"{SYNONYMS}\n零件 lingjian\n"
    assert "写进 site_config/synonyms.txt：1 行。" in shown.stdout
    # 投诉 has its line, so 头诉 is left to the editor.
    assert "“投诉”已有一行：投诉 客诉" in shown.stdout
    kb(indexed, file, "--write")
    assert path.read_text("utf-8") == f"{SYNONYMS}\n零件 lingjian\n"
    pipeline.index(indexed, drafts=True)
    found = CliRunner().invoke(main, ["--root", str(indexed), "search", "lingjian"])
    assert found.exit_code == 0


def test_what_is_not_sure_is_shown_but_not_written(indexed: Path, tmp_path: Path) -> None:
    file = missed(tmp_path, ("零食", 7))
    assert "  零件 零食    差一个字；" in kb(indexed, file, "--write").stdout
    assert (indexed / "site_config" / "synonyms.txt").read_text("utf-8") == SYNONYMS


def test_long_queries_and_numbers_are_not_printed(indexed: Path, tmp_path: Path) -> None:
    long = "鳜鱼" * 25
    file = missed(tmp_path, (long, 1), ("鲸 13800138000", 1))
    for shown in (kb(indexed, file).stdout, kb(indexed, file, "--json").stdout):
        assert long[:40] in shown
        assert long[:41] not in shown
        assert "1380" not in shown


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"format": 2, "queries": []}',
        b'{"format": 1, "queries": {"text": 1}}',
        b'{"format": 1, "queries": [{"text": 1, "count": 1}]}',
        b'{"format": 1, "queries": [{"text": "a", "count": -1}]}',
        b'{"format": 1, "queries": []}' + b" " * 2_000_000,
    ],
    ids=lambda content: repr(content[:24]),
)
def test_other_files_are_refused_in_words(indexed: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other.json"
    file.write_bytes(content)
    shown = kb(indexed, file)
    assert shown.exit_code == 2
    assert shown.stderr.startswith("错误：")
    assert "other.json" in shown.stderr
    assert len(shown.stderr) < 300


def test_a_missing_file_and_a_missing_index(root: Path, tmp_path: Path) -> None:
    assert "读不了" in kb(root, tmp_path / "nowhere.json").stderr
    assert "kb index" in kb(root, missed(tmp_path, ("退款", 1))).stderr


def test_nothing_missed(indexed: Path, tmp_path: Path) -> None:
    assert "没有可以提出的同义词。" in kb(indexed, missed(tmp_path)).stdout
