"""An import killed at any point and run again leaves the same base as one that was let finish."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from test_importing import Bench, line

from kb_builder.intake import files
from kb_builder.loader import CONTENT

ROWS = 120
KILLS = 20
TABLE = [
    line(number, 时间=f"{2019 + number % 3}-01-02", 标题=f"屏幕碎了没人管第{number}件")
    for number in range(1, ROWS)
]
TABLE += [line(7), line(8, 时间="昨天"), *TABLE[:3]]


@pytest.fixture
def bench(base: Path, write_csv: Callable[..., Path]) -> Bench:
    return Bench(base, write_csv)


def killed_after(bench: Bench, written: int, pause: float) -> bool:
    """Import in a process that is killed when it has written so many drafts; whether it was."""
    process = os.fork()
    if not process:
        files.sweep(bench.root / CONTENT)
        bench.run(TABLE)
        os._exit(0)
    # Names are counted, files are not read: one may be renamed between being listed and being opened.
    while sum(1 for _ in bench.root.joinpath("cases").rglob("CASE-*.md")) < written:
        if os.waitpid(process, os.WNOHANG)[0]:
            return False
        time.sleep(0.001)
    time.sleep(pause)
    os.kill(process, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def test_twenty_kills_leave_the_base_of_one_run(bench: Bench) -> None:
    expected = {step.path: step.text.encode() for step in bench.run(TABLE, write=False)}
    expected.pop("", None)
    chance = random.Random(5)
    kills = 0
    for attempt in range(KILLS):
        written = chance.randrange(
            attempt * (ROWS - 30) // KILLS, (attempt + 1) * (ROWS - 30) // KILLS
        )
        kills += killed_after(bench, written, chance.random() / 100)
        left = bench.files()
        # What is there is whole; beside it at most the file that was being written.
        assert {name for name in left if not name.rpartition("/")[2].startswith(".")} <= set(
            expected
        )
        assert all(left[name] == text for name, text in expected.items() if name in left)
        assert sum(name not in expected for name in left) <= 1
    assert kills > KILLS // 2
    files.sweep(bench.root / CONTENT)
    bench.run(TABLE)
    assert bench.files() == expected


def test_what_a_running_process_writes_is_not_swept(tmp_path: Path) -> None:
    mine = tmp_path / f".kb-intake-a.md.{os.getpid()}.tmp"
    dead = tmp_path / ".kb-intake-a.md.999999999.tmp"
    other = tmp_path / ".a.md.1.tmp"
    for path in (mine, dead, other):
        path.write_text("x", encoding="utf-8")
    files.sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([mine, other])
