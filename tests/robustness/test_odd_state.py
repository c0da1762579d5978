"""T20: whatever stands in the place of something in `.kb`, each command does its work, and needs no hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from breaking import Outcome, broken
from odd import HUNG, LIMIT, UNREAD, Put, full_folder
from stages import WORDS, BuildStage
from tiers import NIGHT, chance, times

from kb_builder import caches, storage
from kb_builder.cli import main

FOR_FILES: dict[str, Put] = UNREAD | {
    "folder": full_folder,
    "empty": Path.touch,
    "garbage": lambda path: path.write_bytes(b"\xff\x00{[" * 500),
    "number": lambda path: path.write_text('{"index": 5}'),
}
FOR_FOLDERS: dict[str, Put] = UNREAD | {"file": Path.touch}


class Kept:
    """A base that was built twice, and what is in its `.kb`; each try begins with a copy."""

    def __init__(self, folder: Path) -> None:
        self.stage = BuildStage(folder / "stage")
        for version in ("two", "one"):
            self.stage.version = version
            self.stage.run()
        # The next build has something to do.
        self.stage.turn()
        self.folder = folder
        self.state = self.stage.base / ".kb"
        self._whole = folder / "whole"
        for name, source in self._copied():
            shutil.copytree(source, self._whole / name)
        self.paths = sorted(path.relative_to(self.state) for path in self.state.rglob("*"))

    def _copied(self) -> Iterator[tuple[str, Path]]:
        yield from (("state", self.state), ("site", self.stage.output))

    def restore(self) -> None:
        for name, place in self._copied():
            storage.remove(place)
            shutil.copytree(self._whole / name, place)

    def tries(self) -> list[tuple[Path, str, Put]]:
        """All there is to try: the path, and what is put in its place."""
        return [
            (path, name, put)
            for path in self.paths
            for name, put in (FOR_FOLDERS if (self.state / path).is_dir() else FOR_FILES).items()
        ]

    def put(self, path: Path, put: Put) -> None:
        storage.remove(self.state / path)
        put(self.state / path)

    def run(self, limit: float = LIMIT) -> Outcome:
        return broken(self._work, self.folder / "run", after=limit)

    def _work(self) -> None:
        root = str(self.stage.base)
        for words in (["check"], ["index"], ["search", WORDS[self.stage.version]]):
            try:
                main(["--root", root, *words])
            except SystemExit as end:
                if end.code:
                    raise
        self.stage.work()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept(tmp_path_factory.mktemp("odd"))


def chosen(kept: Kept) -> list[tuple[Path, str, Put]]:
    """In the commit tier one thing in the place of each cache and record, and some deeper; at night everything.

    Of the site that is kept to be filled again, with hundreds of files alike, it is some at night too.
    """
    random = chance("odd state")
    deep = [each for each in kept.tries() if ".spare/" in each[0].as_posix()]
    others = [each for each in kept.tries() if each not in deep]
    some = random.sample(deep, times(4, 250))
    if NIGHT:
        return others + some
    top = [each for each in others if len(each[0].parts) == 1 or each[0].parts[0] == "sites"]
    paths = {path: [each for each in top if each[0] == path] for path, _, _ in top}
    inner = [each for each in others if each not in top]
    return [*map(random.choice, paths.values()), *random.sample(inner, 6), *some]


def test_whatever_stands_in_the_state_folder_is_replaced(kept: Kept) -> None:
    tries = chosen(kept)
    caches_of_all = {
        "stamps.json",
        "checked",
        "inversion",
        "likeness",
        "index",
        "sites",
        "analysis",
    }
    assert caches_of_all <= {path.parts[0] for path, _, _ in tries}
    for path, name, put in tries:
        kept.restore()
        was_folder = (kept.state / path).is_dir()
        kept.put(path, put)
        outcome = kept.run()
        tried = f"{name} as {path}: {outcome.said}"
        assert outcome.code == 0, tried
        assert "Traceback" not in outcome.said, tried
        assert kept.stage.state() == kept.stage.version, tried
        there = kept.state / path
        if os.path.lexists(there):
            assert not there.is_symlink(), tried
            assert there.is_dir() if was_folder else there.is_file(), tried


def test_nothing_outside_is_touched(kept: Kept, tmp_path: Path) -> None:
    """Links out of the state folder in the place of all that is in it: they go, and not what they lead to."""
    kept.restore()
    wanted = tmp_path / "folder" / "file"
    wanted.parent.mkdir()
    wanted.write_text("mine")
    for place in [*kept.state.iterdir()]:
        target = wanted.parent if place.is_dir() else wanted
        storage.remove(place)
        place.symlink_to(target)
    outcome = kept.run()
    assert outcome.code == 0, outcome.said
    assert kept.stage.state() == kept.stage.version
    assert not any(place.is_symlink() for place in kept.state.iterdir())
    assert [*wanted.parent.iterdir()] == [wanted]
    assert wanted.read_text() == "mine"


@pytest.mark.parametrize(
    ("path", "put", "code"),
    [
        ("stamps.json", os.mkfifo, HUNG),
        ("stamps.json", full_folder, 1),
        ("sites", Path.touch, 2),
        ("index/current.json", full_folder, 2),
    ],
)  # fmt: skip
def test_undefended_it_hangs_or_fails(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, path: str, put: Put, code: int
) -> None:
    """The control: files read as any other are, and nothing removed."""

    def read(path: Path) -> bytes | None:
        return path.read_bytes() if os.path.lexists(path) else None

    monkeypatch.setattr(caches, "read", read)
    monkeypatch.setattr(caches, "_clear", lambda *_: None)
    kept.restore()
    kept.put(Path(path), put)
    assert kept.run(10 if code == HUNG else LIMIT).code == code
