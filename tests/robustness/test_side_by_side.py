"""T11: builders, writers and readers at the same time; one wins, the others are told, nobody sees a mix."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from breaking import Outcome, broken
from stages import WORDS, BuildStage, IndexStage, Stage, tree
from tiers import times
from trees import random_tree

from kb_builder import clock, storage
from kb_builder.index import NoIndexError

NOON = {clock.EPOCH: "1795262400"}
"""Of 2026-11-21 in UTC: builds to be compared are of one day."""


def at_once(actions: list[Callable[[], object]], folder: Path) -> list[Outcome]:
    """Run all of them in processes of their own that begin together; a child waits for each."""
    gate, opener = os.pipe()
    children = []
    for number, action in enumerate(actions):
        child = os.fork()
        if child == 0:
            os.close(opener)
            os.read(gate, 1)  # ends for all when the parent closes its end
            outcome = broken(action, folder / str(number))
            (folder / f"{number}.txt").write_text(outcome.said, "utf-8")
            os._exit(outcome.code if outcome.code >= 0 else 99)
        children.append(child)
    os.close(gate)
    os.close(opener)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    said = [(folder / f"{number}.txt").read_text("utf-8") for number in range(len(actions))]
    return [Outcome(code, text, ()) for code, text in zip(codes, said, strict=True)]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> BuildStage:
    made = BuildStage(tmp_path_factory.mktemp("together") / "stage")
    made.run()
    return made


def test_of_several_builders_one_builds(stage: BuildStage, tmp_path: Path) -> None:
    for round_ in range(times(3, 40)):
        stage.turn()
        found = at_once([stage.work] * 4, tmp_path / str(round_))
        codes = sorted(outcome.code for outcome in found)
        assert codes[0] == 0, found
        assert set(codes) <= {0, 3}, found
        for outcome in found:
            assert ("另一个" in outcome.said) == (outcome.code == 3)
        assert stage.state() == stage.version
        assert stage.litter() == []


def test_without_the_lock_they_get_in_each_others_way(stage: BuildStage, tmp_path: Path) -> None:
    """The control: the same without taking turns and without a folder of one's own."""

    def run() -> None:
        def in_place(target: Path, fill: Callable[[Path], object], **_: object) -> object:
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(exist_ok=True)
            return fill(target)

        storage.replace_folder = in_place  # type: ignore[assignment]  # in the child only
        storage._acquire = lambda *_: os.open(os.devnull, os.O_RDONLY)
        stage.work()

    stage.turn()
    codes = {outcome.code for outcome in at_once([run] * 4, tmp_path)}
    left = stage.state() if stage.output.exists() else "nothing"
    assert codes != {0} or left not in WORDS
    shutil.rmtree(stage.output)
    stage.run()


def start(base: Path, output: Path, audience: str) -> subprocess.Popen[bytes]:
    """A build in a new process: what draws charts has threads, which a forked one lacks."""
    command = [sys.executable, "-m", "kb_builder", "--root", base, "build"]
    command += ["--output", output, "--audience", audience]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=os.environ | NOON, **quiet)


def test_two_audiences_at_once_are_as_one_after_the_other(tmp_path: Path) -> None:
    """They share what is kept of the base, and nothing else."""
    for round_ in range(times(1, 40)):
        base = random_tree(round_, cases=6).write(tmp_path / f"base{round_}")
        alone = {}
        for audience in ("public", "internal"):
            shutil.rmtree(base / ".kb", ignore_errors=True)
            assert start(base, tmp_path / "alone" / audience, audience).wait() == 0
            alone[audience] = tree(tmp_path / "alone" / audience)
        assert alone["public"] != alone["internal"]
        shutil.rmtree(base / ".kb")
        outputs = {audience: tmp_path / f"{audience}{round_}" for audience in alone}
        running = [start(base, output, audience) for audience, output in outputs.items()]
        assert {each.wait() for each in running} <= {0, 3}
        for audience, output in outputs.items():
            assert start(base, output, audience).wait() == 0
            assert tree(output) == alone[audience], audience


def reading(look: Callable[[], str], until: Path) -> Callable[[], object]:
    """Looks again and again until the file is there; what it sees is always whole."""

    def run() -> None:
        while not until.exists():
            seen = look()
            assert seen in WORDS, seen

    return run


def writing(stage: Stage, rounds: int, done: Path) -> Callable[[], object]:
    def run() -> None:
        try:
            for round_ in range(rounds):
                stage.version = ("one", "two")[round_ % 2]
                stage.prepare()
                stage.work()
        finally:
            done.touch()

    return run


def test_readers_of_the_index_see_one_generation(tmp_path: Path) -> None:
    stage = IndexStage(tmp_path / "stage")
    stage.run()
    done = tmp_path / "done"
    actions = [writing(stage, times(25, 400), done), *[reading(stage.state, done)] * 4]
    assert [outcome for outcome in at_once(actions, tmp_path / "runs") if outcome.code] == []


def test_readers_of_the_site_never_find_it_gone(stage: BuildStage, tmp_path: Path) -> None:
    done = tmp_path / "done"

    def look() -> str:
        # One folder is held open, as a server does in the moment in which it reads.
        text = (stage.output / "c/CASE-2024-0001/index.html").read_text("utf-8")
        found = [version for version, word in WORDS.items() if word in text]
        return found[0] if len(found) == 1 else f"a mix: {found}"

    actions = [writing(stage, times(4, 60), done), *[reading(look, done)] * 2]
    assert [outcome for outcome in at_once(actions, tmp_path / "runs") if outcome.code] == []


def test_a_reader_does_notice_what_is_gone(tmp_path: Path) -> None:
    """The control: an index that is taken away and made anew where it lies."""
    stage = IndexStage(tmp_path / "stage")
    stage.run()
    shutil.rmtree(stage.folder / "index")
    with pytest.raises(NoIndexError):
        stage.state()
