"""What is kept in the state folder: what is of the wrong kind counts as missing, and goes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kb_builder import caches
from kb_builder.diagnostics import KbError


def _full(path: Path) -> None:
    path.mkdir()
    (path / "inner").write_text("")


WRONG: dict[str, Callable[[Path], object]] = {
    "folder": _full,
    "FIFO": os.mkfifo,
    "link": lambda path: path.symlink_to(path.parent.parent / "outside"),
    "dangling": lambda path: path.symlink_to("nowhere"),
}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "outside").write_text("mine")
    made = tmp_path / caches.STATE
    made.mkdir()
    return made


@pytest.mark.parametrize("put", WRONG.values(), ids=WRONG)
def test_what_is_no_file_counts_as_missing_and_is_replaced(
    state: Path, put: Callable[[Path], object]
) -> None:
    path = state / "cache"
    put(path)
    assert caches.read(path) is None
    caches.write(path, b"one")
    assert caches.read(path) == b"one"
    assert path.is_file()
    assert not path.is_symlink()
    assert (state.parent / "outside").read_text() == "mine"


@pytest.mark.parametrize("put", [Path.touch, *list(WRONG.values())[1:]], ids=["file", *list(WRONG)[1:]])  # fmt: skip
def test_what_is_no_folder_is_replaced(state: Path, put: Callable[[Path], object]) -> None:
    put(state / "public")
    caches.write(state / "public" / "sites" / "record", b"one")
    assert caches.read(state / "public" / "sites" / "record") == b"one"
    assert not (state / "public").is_symlink()
    assert (state.parent / "outside").read_text() == "mine"


@pytest.mark.parametrize("put", WRONG.values(), ids=WRONG)
def test_a_lock_is_taken_whatever_has_its_name(state: Path, put: Callable[[Path], object]) -> None:
    put(state / "lock")
    with caches.locked(state / "lock", "忙"):
        assert (state / "lock").is_file()
    assert [*state.iterdir()] == []
    assert (state.parent / "outside").read_text() == "mine"


def test_files_and_folders_that_are_right_are_left_alone(state: Path) -> None:
    caches.write(state / "public" / "one", b"one")
    caches.write(state / "public" / "two", b"two")
    assert caches.read(state / "public" / "one") == b"one"


def test_outside_of_a_state_folder_nothing_is_removed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(KbError):
        caches.write(tmp_path / "file" / "cache", b"")
    _full(tmp_path / "folder")
    with pytest.raises(KbError):
        caches.write(tmp_path / "folder", b"")
    assert (tmp_path / "file").read_text() == "mine"
    assert (tmp_path / "folder" / "inner").is_file()


def test_in_a_state_folder_that_is_a_link_nothing_is_removed(tmp_path: Path) -> None:
    _full(tmp_path / "elsewhere")
    (tmp_path / caches.STATE).symlink_to("elsewhere")
    with pytest.raises(KbError):
        caches.make_folder(tmp_path / caches.STATE / "inner" / "more")
    assert (tmp_path / "elsewhere" / "inner").is_file()


def test_a_state_folder_that_is_a_file_is_said_and_left(tmp_path: Path) -> None:
    (tmp_path / caches.STATE).write_text("mine")
    with pytest.raises(KbError, match=r"\.kb"):
        caches.write(tmp_path / caches.STATE / "cache", b"")
    assert (tmp_path / caches.STATE).read_text() == "mine"
