"""T7, T8, T9: killed, failing or full at any point, what there was or what was to be is there, whole."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from breaking import FULL, ILL, KILL, TORN, Outcome, Point, broken, points
from stages import WORDS, BuildStage, ExportStage, IndexStage, Stage
from tiers import NIGHT, chance, times

from kb_builder import storage
from kb_builder.diagnostics import KbError

STAGES: dict[str, type[Stage]] = {"index": IndexStage, "search": ExportStage, "build": BuildStage}
TURNS = ("rename", "replace", "exchange", "sync_tree", "fsync")
"""Calls at which something takes its place: every one of them is broken."""


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stage]:
    """Each stage with something in place."""
    made = {name: make(tmp_path_factory.mktemp(name) / "stage") for name, make in STAGES.items()}
    for stage in made.values():
        stage.run()
        assert stage.state() == "one"
    return made


def judged(stage: Stage, outcome: Outcome, at: Point | None = None) -> str:
    """What is wrong after a run that was broken at `at`; empty when nothing is."""
    if outcome.code == 1:
        return outcome.said
    if outcome.code == 2 and len(outcome.said.strip().split("\n")) != 1:
        return f"more than one line: {outcome.said}"
    try:
        state = stage.state()
    except KbError as error:
        return str(error)
    if state not in WORDS:
        return state
    if outcome.code == 0 and state != stage.version:
        return f"ended well and left version {state}"
    # What can't be removed stays, until the next run can.
    removing = at is not None and at[0] in ("unlink", "rmdir", "remove")
    if outcome.code != -9 and not removing and (left := stage.litter()):
        return f"litter: {left}"
    return ""


def works_again(stage: Stage) -> None:
    """Without work by hand, the next run makes what it should and leaves nothing else."""
    stage.turn()
    stage.run()
    assert stage.state() == stage.version
    assert stage.litter() == []


@pytest.mark.parametrize(("name", "tries"), [("index", 16), ("search", 8), ("build", 16)])
def test_killed_at_any_time(
    stages: dict[str, Stage], tmp_path: Path, name: str, tries: int
) -> None:
    stage, random = stages[name], chance(f"kill {name}")
    stage.turn()
    began = time.monotonic()
    assert broken(stage.work, tmp_path).code == 0
    spent = time.monotonic() - began
    killed = 0
    for _ in range(times(tries, 170)):
        stage.turn()
        began = time.monotonic()
        outcome = broken(stage.work, tmp_path, after=random.uniform(0.001, spent))
        if outcome.code == 0:  # other work of the machine may have held up the first run
            spent = min(spent, time.monotonic() - began)
        assert judged(stage, outcome) == "", (outcome.calls[-1:], outcome.said)
        killed += outcome.code == -9
    assert killed >= tries // 8  # how many depends on the other work of the machine
    works_again(stage)


@pytest.mark.parametrize(("name", "some"), [("index", 12), ("search", 12), ("build", 3)])
@pytest.mark.parametrize("how", [KILL, TORN, ILL, FULL])
def test_broken_at_a_chosen_call(
    stages: dict[str, Stage], tmp_path: Path, name: str, some: int, how: str
) -> None:
    stage = stages[name]
    stage.turn()
    calls = broken(stage.work, tmp_path).calls
    assert stage.state() == stage.version
    every = TURNS if name != "build" or NIGHT else ("exchange", "sync_tree")
    chosen = points(calls, every, times(some, 200))
    assert len(chosen) > some
    ended: list[int] = []
    for at in chosen:
        stage.turn()
        outcome = broken(stage.work, tmp_path, how, at)
        assert judged(stage, outcome, at) == "", (at, outcome.code, outcome.said)
        ended.append(outcome.code)
    # It did break: killed where that was asked, else said in one line or got over without harm.
    assert ended.count({KILL: -9, TORN: -9}.get(how, 2)) >= len(chosen) // 3
    works_again(stage)


@pytest.mark.parametrize("name", sorted(STAGES))
def test_no_file_may_grow(stages: dict[str, Stage], tmp_path: Path, name: str) -> None:
    """The system refuses what goes beyond a size, with other errors than a full disk's."""
    stage = stages[name]
    refused = 0
    step = 2 if name == "build" and not NIGHT else 1
    for power in range(4, times(16, 44), step):
        stage.turn()
        outcome = broken(stage.work, tmp_path, largest=2**power if not NIGHT else int(1.4**power))
        assert judged(stage, outcome) == "", (outcome.code, outcome.said)
        refused += outcome.code == 2
    assert refused >= 2
    works_again(stage)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that is soon full."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_the_disk_is_full(small_disk: Path, tmp_path: Path) -> None:
    stage = BuildStage(small_disk / "stage")
    stage.run()
    stage.turn()
    stage.run()
    needed = 2 * sum(path.stat().st_size for path in stage.output.rglob("*") if path.is_file())
    full = 0
    for level in range(times(6, 40)):
        stage.turn()
        if level % 2:  # without the site that is filled again, much more is needed
            for spare in stage.base.glob(".kb/sites/*.spare"):
                shutil.rmtree(spare)
        left = needed * level // times(6, 40)
        (small_disk / "ballast").write_bytes(
            bytes(max(0, shutil.disk_usage(small_disk).free - left))
        )
        outcome = broken(stage.work, tmp_path)
        (small_disk / "ballast").unlink()
        assert judged(stage, outcome) == "", (outcome.code, outcome.said)
        full += outcome.code == 2
    assert full >= 2
    works_again(stage)


# ------------------------------------------------------------------- the same without the defence


def test_killed_in_its_place_a_site_is_broken(stages: dict[str, Stage], tmp_path: Path) -> None:
    """The control: a build that empties the old site and writes the new one where readers look."""
    stage = stages["build"]

    def in_place(target: Path, fill: Callable[[Path], object], **_: object) -> object:
        shutil.rmtree(target)
        target.mkdir()
        return fill(target)

    def run() -> None:
        storage.replace_folder = in_place  # type: ignore[assignment]  # in the child only
        stage.work()

    stage.turn()
    calls = broken(run, tmp_path).calls
    seen = []
    for at in points(calls, (), 6)[1:]:
        if stage.state() not in WORDS:
            shutil.rmtree(stage.output)
            stage.run()
        stage.turn()
        seen.append(judged(stage, broken(run, tmp_path, KILL, at)))
    assert sum("broken" in one for one in seen) >= 3, seen
    shutil.rmtree(stage.output)
    stage.run()


@pytest.mark.parametrize("name", sorted(STAGES))
def test_one_missing_file_is_noticed(stages: dict[str, Stage], name: str) -> None:
    stage = stages[name]
    pattern = {
        "index": "index/gen-*/documents*",
        "search": "search/docs-*/0.bin",
        "build": "out/site/404.html",
    }
    path = max(stage.folder.glob(pattern[name]))
    content = path.read_bytes()
    path.unlink()
    assert judged(stage, Outcome(-9, "", ())) != ""
    path.write_bytes(content)
    assert judged(stage, Outcome(-9, "", ())) == ""
