"""`kb check --fix`: what it writes, what it shows, and what it leaves."""

from __future__ import annotations

import json
import stat
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder import loader
from kb_builder.cli import main

CASE = "cases/resolved/2024/CASE-2024-0001.md"
PLAYBOOK = "cases/playbooks/PB-001.md"


def kb(root: Path, *arguments: str) -> Result:
    command = ["--root", str(root), "check", *arguments]
    return CliRunner().invoke(main, command, catch_exceptions=False)


def edit(root: Path, path: str, old: str, new: str) -> None:
    data = (root / path).read_bytes()
    assert data.count(old.encode()) == 1
    (root / path).write_bytes(data.replace(old.encode(), new.encode()))


def contents(root: Path) -> dict[str, bytes]:
    return {path: (root / path).read_bytes() for path in loader.document_paths(root)}


@pytest.fixture
def clean(root: Path) -> Path:
    """The small base with nothing to mend."""
    assert kb(root, "--fix").exit_code == 0
    return root


def test_it_mends_and_then_checks(clean: Path) -> None:
    before = contents(clean)
    edit(clean, CASE, "attempts: 3", "attempts: ３")
    edit(clean, CASE, "延长一年。", "延长\u200b一年。 ")
    edit(clean, CASE, "severity: 较重", "severity: 很重")
    result = kb(clean, "--fix", "--format", "concise")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[:3] == [
        f"改好 {CASE}：3 处（KB103 1、KB604 1、KB607 1）",
        "共改好 1 个文件。",
        "",
    ]
    assert [line.split()[1] for line in lines[3:-1]] == ["KB203"]
    edit(clean, CASE, "severity: 很重", "severity: 较重")
    assert contents(clean) == before


def test_a_second_run_changes_nothing(root: Path) -> None:
    kb(root, "--fix")
    before = contents(root)
    assert "改好" not in kb(root, "--fix").stdout
    assert contents(root) == before


def test_only_the_files_asked_for_are_mended(clean: Path) -> None:
    edit(clean, CASE, "attempts: 3", "attempts: ３")
    edit(clean, PLAYBOOK, "reply_hours: 24", "reply_hours: ２４")
    before = contents(clean)
    kb(clean, "--fix", str(clean / "cases" / "playbooks"))
    after = contents(clean)
    assert [path for path in before if before[path] != after[path]] == [PLAYBOOK]


def test_a_difference_is_shown_and_can_be_applied(clean: Path, tmp_path: Path) -> None:
    edit(clean, CASE, "attempts: 3", "attempts: ３")
    data = (clean / PLAYBOOK).read_bytes()
    (clean / PLAYBOOK).write_bytes(data.replace(b"\n", b"\r\n").removesuffix(b"\r\n"))
    before = contents(clean)
    result = kb(clean, "--fix", "--diff")
    assert result.exit_code == 1
    assert "-attempts: ３\n+attempts: 3\n" in result.stdout
    assert contents(clean) == before
    # As bytes: the runner's text has lost which lines end in a carriage return.
    subprocess.run(
        ["patch", "-p1", "--binary", "-d", str(clean)], input=result.stdout_bytes, check=True
    )
    patched = contents(clean)
    for path, old in before.items():
        (clean / path).write_bytes(old)
    kb(clean, "--fix")
    assert contents(clean) == patched
    assert kb(clean, "--fix", "--diff").exit_code == 0


def test_a_difference_alone_means_nothing(root: Path) -> None:
    result = kb(root, "--diff")
    assert result.exit_code == 2
    assert result.stderr == "错误：--diff 要和 --fix 一起用\n"


def test_what_programs_read_is_not_mixed_with_it(clean: Path) -> None:
    edit(clean, CASE, "attempts: 3", "attempts: ３")
    result = kb(clean, "--fix", "--format", "json")
    assert json.loads(result.stdout)["errors"] == 0
    assert "改好" in result.stderr


def test_rights_stay_what_they_are(clean: Path) -> None:
    edit(clean, CASE, "attempts: 3", "attempts: ３")
    (clean / CASE).chmod(0o640)
    kb(clean, "--fix")
    assert stat.S_IMODE((clean / CASE).stat().st_mode) == 0o640
    assert [path.name for path in (clean / CASE).parent.iterdir() if path.name[0] == "."] == []


def test_what_cannot_be_read_is_not_touched(clean: Path) -> None:
    edit(clean, CASE, "attempts: 3", "attempts: [３")
    (clean / "cases/lessons/LS-008.md").symlink_to(clean / PLAYBOOK)
    before = contents(clean)
    assert kb(clean, "--fix").exit_code == 1
    assert contents(clean) == before
    assert (clean / "cases/lessons/LS-008.md").is_symlink()


def test_a_rule_that_is_off_is_not_mended(clean: Path) -> None:
    (clean / "site_config/checks.yml").write_text("levels: {KB604: off}", encoding="utf-8")
    edit(clean, CASE, "延长一年。", "延长\u200b一年。")
    assert kb(clean, "--fix").exit_code == 0
    assert "\u200b" in (clean / CASE).read_text("utf-8")
