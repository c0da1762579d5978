"""kb watch: what a save changes is said at once, and nothing else."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb_builder.cli.watch import difference
from kb_builder.diagnostics import Diagnostic, Level, Span
from kb_builder.watching import Watcher

CASE = "cases/resolved/2024/CASE-2024-0001.md"
FOLDERS = ("cases", "site_config")


class _Running:
    """A `kb watch` in a process of its own, and what it has said so far."""

    def __init__(self, root: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kb_builder", "--root", str(root), "watch", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            # A test run in the background may have been told to ignore Ctrl-C, and its children with it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def until(self, end: str) -> str:
        """What is said up to the line with these words."""
        said = ""
        while end not in said:
            said += self._lines.get(timeout=120)
        return said


@pytest.fixture
def running(root: Path) -> Iterator[_Running]:
    watch = _Running(root)
    yield watch
    watch.process.kill()
    watch.process.wait()


def test_a_save_tells_new_and_solved_problems(root: Path, running: _Running) -> None:
    assert "没有发现问题" in running.until("Ctrl-C")
    case = root / CASE
    text = case.read_text(encoding="utf-8")
    case.write_text(text.replace("status: 已发布", "status: 乱写"), encoding="utf-8")
    # Emptied, then written: where both are seen there is a report of each.
    running.until("“乱写”")
    assert "新问题" in running.until("，解决 ")
    # As editors save: a new file takes the place of the old one.
    (root / CASE).with_name("CASE-2024-0001.md.tmp").write_text(text, encoding="utf-8")
    (root / CASE).with_name("CASE-2024-0001.md.tmp").replace(root / CASE)
    running.until(f"已解决 {root / CASE}：KB203")
    assert "没有发现问题" in running.until("新问题 0 个")


def test_settings_that_cannot_be_read_are_said_and_waited_for(
    root: Path, running: _Running
) -> None:
    running.until("Ctrl-C")
    schema = root / "site_config/schema.yml"
    text = schema.read_text(encoding="utf-8")
    schema.write_text("kinds: [", encoding="utf-8")
    running.until("错误：site_config/schema.yml")
    schema.write_text(text, encoding="utf-8")
    assert "没有发现问题" in running.until("新问题 0 个")


def test_an_interruption_ends_it_quietly(root: Path, running: _Running) -> None:
    running.until("Ctrl-C")
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=60) == 0
    assert running._lines.empty() or "Traceback" not in running.until("\n")


def test_no_base_is_refused(tmp_path: Path) -> None:
    watch = _Running(tmp_path)
    assert "这里不是知识库" in watch.until("\n")
    assert watch.process.wait(timeout=60) == 2


def test_a_problem_that_only_moved_is_neither_new_nor_solved() -> None:
    def at(line: int, message: str = "甲") -> Diagnostic:
        return Diagnostic("a.md", Span(line, 1), "KB101", "n", Level.ERROR, message, "", "")

    assert difference([at(3)], [at(4)]) == ([], [])
    assert difference([at(3)], [at(3), at(9)]) == ([at(9)], [])
    assert difference([at(3), at(5, "乙")], [at(3)]) == ([], [at(5, "乙")])


@pytest.fixture
def watcher(root: Path) -> Iterator[Watcher]:
    with Watcher(root, FOLDERS) as found:
        yield found


def _wait_for(watcher: Watcher, path: str) -> None:
    seen: frozenset[str] = frozenset()
    while path not in seen:
        found = watcher.wait(60)
        assert found, f"no word of {path}"
        seen |= found


def test_a_burst_comes_at_once(root: Path, watcher: Watcher) -> None:
    for number in range(200):
        (root / f"cases/lessons/LS-{number + 500}.md").write_text("x", encoding="utf-8")
    seen: set[str] = set()
    times = 0
    while len([path for path in seen if "LS-" in path]) < 200:
        seen |= watcher.wait(60)
        times += 1
    assert times < 50


def test_reading_and_hidden_files_are_no_news(root: Path, watcher: Watcher) -> None:
    (root / CASE).read_bytes()
    (root / "cases/.CASE.md.swp").write_text("x", encoding="utf-8")
    (root / "mkdocs.yml").write_text("x", encoding="utf-8")
    (root / "cases/lessons/LS-999.md").write_text("x", encoding="utf-8")
    assert watcher.wait(60) == {"cases/lessons/LS-999.md"}


def test_links_are_not_followed(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "cases/linked").symlink_to(outside)
    with Watcher(root, FOLDERS) as watcher:
        (outside / "a.md").write_text("x", encoding="utf-8")
        (root / "cases/lessons/LS-999.md").write_text("x", encoding="utf-8")
        assert watcher.wait(60) == {"cases/lessons/LS-999.md"}


def test_new_and_replaced_folders_are_watched(root: Path, watcher: Watcher) -> None:
    (root / "cases/resolved/2031").mkdir()
    _wait_for(watcher, "cases/resolved/2031")
    (root / "cases/resolved/2031/CASE-2031-0001.md").write_text("x", encoding="utf-8")
    _wait_for(watcher, "cases/resolved/2031/CASE-2031-0001.md")
    # As `git checkout` of a branch without the folder, and back.
    shutil.copytree(root / "cases", root / "other")
    os.rename(root / "cases", root / "gone")  # noqa: PTH104  what a shell's mv does
    _wait_for(watcher, "cases")
    (root / "other").rename(root / "cases")
    _wait_for(watcher, "cases")
    (root / "cases/lessons/LS-999.md").write_text("x", encoding="utf-8")
    _wait_for(watcher, "cases/lessons/LS-999.md")
