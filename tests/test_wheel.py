"""An installed wheel works on any base, away from this repository."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from places import REPOSITORY


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked wheel: what an installation puts into site-packages."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    target = folder / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def _kb(installed: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # -I -S would lose the libraries of the environment; the wheel comes first in the path instead.
    environment = dict(os.environ, PYTHONPATH=str(installed), PYTHONSAFEPATH="1")
    command = [sys.executable, "-m", "kb_builder", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_the_wheel_is_what_runs(installed: Path, tmp_path: Path) -> None:
    code = "import kb_builder; print(kb_builder.__file__)"
    environment = dict(os.environ, PYTHONPATH=str(installed), PYTHONSAFEPATH="1")
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert shown.stdout.startswith(str(installed))


def test_from_an_empty_folder_to_a_published_case(installed: Path, tmp_path: Path) -> None:
    made = _kb(installed, tmp_path, "init", "base")
    assert made.returncode == 0, made.stderr
    base = tmp_path / "base"
    draft = _kb(
        installed, base, "new", "case", "--title", "热水器改期三次没人负责",
        "--occurred-on", "2026-09", "--channel", "投诉电话",
    )  # fmt: skip
    assert draft.returncode == 0, draft.stderr
    for words in (["check"], ["index", "--drafts"], ["build", "--drafts"]):
        done = _kb(installed, base, *words)
        assert done.returncode == 0, f"kb {words}: {done.stdout}{done.stderr}"
    found = _kb(installed, base, "search", "热水器")
    assert "热水器改期三次没人负责" in found.stdout.replace("【", "").replace("】", "")
    page = base / "site" / "c" / "CASE-2026-0001" / "index.html"
    assert "热水器改期三次没人负责" in page.read_text(encoding="utf-8")
