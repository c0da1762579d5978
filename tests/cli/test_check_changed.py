"""`kb check --changed-since`: what a pull request touches, and what depends on it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder.cli import main

CASE = "cases/resolved/2024/CASE-2024-0001.md"


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True
    )


@pytest.fixture
def repository(root: Path) -> Path:
    """The small base in git, with a problem on main that is nobody's business on the branch."""
    old = root / "cases/lessons/LS-901.md"
    old.write_text("---\nid: LS-901\ntitle: 旧问题\n---\n", encoding="utf-8")
    _git(root, "init", "-q", "-b", "main")
    _git(root, "add", ".")
    _git(root, "commit", "-qm", "main")
    _git(root, "checkout", "-qb", "branch")
    return root


def _check(root: Path, revision: str = "main") -> Result:
    arguments = ["--root", str(root), "check", "--format", "concise", "--changed-since", revision]
    return CliRunner().invoke(main, arguments)


def test_nothing_changed_is_clean(repository: Path) -> None:
    result = _check(repository)
    assert (result.exit_code, "LS-901" in result.stdout) == (0, False)


@pytest.mark.parametrize("committed", [True, False])
def test_a_new_file_is_reported_committed_or_not(repository: Path, committed: bool) -> None:
    (repository / "cases/lessons/LS-902.md").write_text("---\nid: LS-902\n---\n", encoding="utf-8")
    if committed:
        _git(repository, "add", ".")
        _git(repository, "commit", "-qm", "new")
    result = _check(repository)
    assert result.exit_code == 1
    assert "LS-902.md" in result.stdout
    assert "LS-901" not in result.stdout


def test_what_refers_to_a_deleted_file_is_reported(repository: Path) -> None:
    case = (repository / CASE).read_text(encoding="utf-8")
    lesson = next(
        path for path in sorted((repository / "cases/lessons").iterdir()) if path.stem in case
    )
    lesson.unlink()
    result = _check(repository)
    assert result.exit_code == 1
    assert f"{CASE}:" in result.stdout
    assert lesson.stem in result.stdout


def test_what_main_did_since_does_not_count(repository: Path) -> None:
    _git(repository, "checkout", "-q", "main")
    (repository / "cases/lessons/LS-903.md").write_text("---\nid: LS-903\n---\n", encoding="utf-8")
    _git(repository, "add", ".")
    _git(repository, "commit", "-qm", "later")
    _git(repository, "checkout", "-q", "branch")
    assert _check(repository).exit_code == 0


def test_a_changed_setting_concerns_everything(repository: Path) -> None:
    roles = repository / "site_config/roles.yml"
    roles.write_text(roles.read_text(encoding="utf-8") + "# x\n", encoding="utf-8")
    result = _check(repository)
    assert result.exit_code == 1
    assert "LS-901.md" in result.stdout


def test_the_later_of_two_equal_ids_is_reported_when_the_other_changed(repository: Path) -> None:
    """Which of the two files is reported is not the branch's choice."""
    copy = repository / "cases/resolved/2024/a-copy.md"
    copy.write_bytes((repository / CASE).read_bytes())
    result = _check(repository)
    assert result.exit_code == 1
    assert "CASE-2024-0001" in result.stdout


@pytest.mark.parametrize(
    ("revision", "said"), [("nowhere", "git 里没有“nowhere”"), ("--all", "git 里没有“--all”")]
)
def test_an_unknown_revision_says_what_to_do(repository: Path, revision: str, said: str) -> None:
    result = _check(repository, revision)
    assert result.exit_code == 2
    assert said in result.stderr


def test_outside_a_repository_it_says_so(root: Path) -> None:
    result = _check(root)
    assert result.exit_code == 2
    assert "不在 git 仓库里" in result.stderr
