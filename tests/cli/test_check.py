"""`kb check` as an author, a script and a CI run meet it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder.cli import main, progress

CASE = "cases/resolved/2024/CASE-2024-0001.md"


def kb(root: Path, *arguments: str) -> Result:
    command = ["--root", str(root), "check", *arguments]
    return CliRunner().invoke(main, command, catch_exceptions=False)


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def broken(root: Path) -> Path:
    """The small base with an error in two files and a warning in one of them."""
    edit(root, CASE, "severity: 较重", "severity: 很重")
    edit(root, CASE, "last_reviewed: 2024-06-01", "last_reviewed: 2999-06-01")
    edit(root, "cases/lessons/LS-001.md", "owner: 客服主管", "owner: 张先生")
    return root


def test_a_clean_base_says_what_was_checked(root: Path) -> None:
    result = kb(root)
    assert result.exit_code == 0
    assert result.stdout == "没有发现问题，共检查 11 篇（案例 6、预案 2、教训 3）。\n"
    assert result.stderr == ""


def test_an_error_stops_publishing(broken: Path) -> None:
    result = kb(broken)
    assert result.exit_code == 1
    reports = result.stdout.split("\n\n")
    assert reports[0].endswith(
        "LS-001.md:6:8: KB205 “责任岗位”要写岗位，“张先生”看起来是人名\n"
        "   6 | owner: 张先生\n"
        "              ^^^^^^\n"
        "     = 写岗位，例如“店长”；可用的岗位见 site_config/roles.yml"
    )
    assert "CASE-2024-0001.md:16:11: KB203 严重度“很重”不在词表中" in reports[1]
    assert "KB415 警告：“最近复审”2999-06-01 在将来" in reports[2]
    assert reports[3] == "2 个文件里有 2 个错误、1 个警告，共检查 11 篇。\n"


def test_paths_are_shown_as_they_can_be_opened(broken: Path) -> None:
    line = kb(broken, "--format", "concise").stdout.splitlines()[0]
    assert Path(line.split(":")[0]).is_file()


def test_a_warning_does_not_stop_publishing_unless_asked(root: Path) -> None:
    edit(root, CASE, "last_reviewed: 2024-06-01", "last_reviewed: 2999-06-01")
    assert kb(root).exit_code == 0
    assert kb(root, "--strict").exit_code == 1
    assert kb(root).stdout.endswith("共检查 11 篇；警告不影响发布。\n")


def test_the_day_can_be_given(root: Path) -> None:
    result = kb(root, "--today", "2024-05-31", "--format", "concise")
    assert result.stdout.count("KB415") == 1


def test_concise_has_a_line_for_each(broken: Path) -> None:
    lines = kb(broken, "--format", "concise").stdout.splitlines()
    assert [line.split()[1] for line in lines[:-1]] == ["KB205", "KB203", "KB415"]


def test_json_can_be_read(broken: Path) -> None:
    result = kb(broken, "--format", "json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["documents"], report["errors"], report["warnings"]) == (11, 2, 1)
    assert report["diagnostics"][1]["path"] == CASE
    assert json.loads(kb(broken, "--format", "json", "cases/playbooks").stdout)["diagnostics"] == []


def test_github_has_a_command_for_each(broken: Path) -> None:
    result = kb(broken, "--format", "github")
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        "::error",
        "::error",
        "::warning",
    ]


def test_github_says_nothing_where_nothing_is_wrong(root: Path) -> None:
    assert kb(root, "--format", "github").stdout == ""


def test_paths_limit_the_report_and_not_the_reading(broken: Path) -> None:
    result = kb(broken, "cases/lessons", "--format", "concise")
    assert result.exit_code == 1
    # The case LS-001 refers to was read: no KB309, though it is not among the paths.
    assert [line.split()[1] for line in result.stdout.splitlines()[:-1]] == ["KB205"]
    assert result.stdout.endswith("共检查 3 篇。\n")
    assert kb(broken, "cases/playbooks").exit_code == 0


def test_a_path_may_be_a_file_relative_to_here(
    broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(broken / "cases" / "resolved")
    result = kb(Path("../.."), "2024/CASE-2024-0001.md", "--format", "concise")
    assert [line.split()[1] for line in result.stdout.splitlines()[:-1]] == ["KB203", "KB415"]


def test_the_base_itself_is_a_path(broken: Path) -> None:
    assert kb(broken, str(broken)).stdout == kb(broken).stdout


def test_a_hand_written_page_is_a_path_with_nothing_to_check(broken: Path) -> None:
    result = kb(broken, "cases/index.md")
    assert result.exit_code == 0
    assert result.stdout == "没有发现问题，共检查 0 篇。\n"


@pytest.mark.parametrize("path", ["cases/nowhere.md", "x" * 5000])
def test_a_path_that_is_not_there_could_not_be_looked_at(root: Path, path: str) -> None:
    result = kb(root, path)
    assert result.exit_code == 2
    assert result.stderr.startswith("错误：")
    assert result.stderr.count("\n") == 1


def test_a_path_outside_could_not_be_looked_at(root: Path, tmp_path: Path) -> None:
    assert kb(root, str(tmp_path)).exit_code == 2


def test_what_is_no_base_could_not_be_looked_at(tmp_path: Path) -> None:
    result = kb(tmp_path)
    assert result.exit_code == 2
    assert "这里不是知识库" in result.stderr


def test_broken_settings_could_not_be_looked_at(root: Path) -> None:
    (root / "site_config" / "roles.yml").write_text("values: [", encoding="utf-8")
    result = kb(root)
    assert result.exit_code == 2
    assert "site_config/roles.yml:1:" in result.stderr


def test_help_is_chinese_and_has_examples(root: Path) -> None:
    result = kb(root, "--help")
    assert result.exit_code == 0
    assert "kb check --format concise" in result.stdout
    assert "--today" not in result.stdout


def run(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "kb_builder", "--root", str(root), "check", *arguments],
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_a_process_has_the_exit_code_and_no_colour(broken: Path) -> None:
    result = run(broken)
    assert result.returncode == 1
    assert b"\x1b" not in result.stdout
    assert result.stderr == b""


def test_a_terminal_that_lacks_chinese_gets_numbers(broken: Path) -> None:
    result = run(broken, PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr
    assert b"KB203" in result.stdout


def test_a_reader_that_closes_early_ends_it_quietly(broken: Path) -> None:
    command = f'"{sys.executable}" -m kb_builder --root "{broken}" check | head -c 1'
    result = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert b"Traceback" not in result.stderr


def test_a_terminal_gets_colour(broken: Path) -> None:
    parent, child = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "kb_builder", "--root", str(broken), "check", "--format", "concise"],
        stdout=child,
        env=environment,
    )
    process.wait()
    os.close(child)
    output = os.read(parent, 100_000)
    os.close(parent)
    assert b"\x1b[31m\x1b[1mKB203" in output


def test_a_long_run_says_how_far_it_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_INTERVAL", 0.0)
    quiet = kb(root)
    assert quiet.stderr == ""
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True)
    shown = kb(root)
    assert "读取 11/11" in shown.stderr
    assert shown.stderr.endswith("\r")
