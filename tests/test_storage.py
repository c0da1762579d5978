"""Whole or not at all: files, locks, and folders that take each other's place."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kb_builder import storage
from kb_builder.diagnostics import BusyError, KbError


def _fill(content: str) -> Callable[[Path], str]:
    def fill(folder: Path) -> str:
        (folder / "a").mkdir()
        (folder / "a" / "page.html").write_text(content)
        (folder / "index.html").write_text(content)
        return content

    return fill


def _content(folder: Path) -> set[str]:
    return {path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    storage.write(path, b"one")
    storage.write(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.name for each in path.parent.iterdir()] == ["file"]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    storage.write(path, b"old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KbError, match="No space left"):
        storage.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_file_is_read_up_to_a_limit_and_one_byte_more(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(range(10)))
    assert storage.read(path) == storage.read(str(path), 10) == bytes(range(10))
    assert storage.read(path, 4) == bytes(range(5))
    with storage.opened(path) as file:
        assert file.read() == bytes(range(10))


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    for name in ("file", "nowhere", "/dev/zero", "loop"):
        (tmp_path / Path(name).name).with_suffix(".link").symlink_to(name)
    (tmp_path / "loop").symlink_to("loop")
    with contextlib.chdir(tmp_path), socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
    odd = [path for path in tmp_path.iterdir() if path.name != "file"]
    assert len(odd) == 8
    for path in odd:
        wanted = "是符号链接" if path.is_symlink() else "不是普通文件"
        for read in (storage.read, storage.opened):
            with pytest.raises(storage.OddFileError, match=wanted):
                read(path)
    with pytest.raises(FileNotFoundError):
        storage.read(tmp_path / "missing")


def test_a_file_is_not_written_through_what_has_the_name_of_its_copy(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("mine")
    (tmp_path / f".file.{os.getpid()}.tmp").symlink_to("outside")
    storage.write(tmp_path / "file", b"one")
    assert (tmp_path / "file").read_bytes() == b"one"
    assert (tmp_path / "outside").read_text() == "mine"


def test_whatever_has_a_name_is_removed(tmp_path: Path) -> None:
    (tmp_path / "outside" / "inner").mkdir(parents=True)
    place = tmp_path / "place"
    for put in (Path.mkdir, Path.touch, os.mkfifo):
        put(place)
        storage.remove(place)
        assert not os.path.lexists(place)
    for target in ("outside", "nowhere"):
        place.symlink_to(target)
        storage.remove(place)
        assert not os.path.lexists(place)
    storage.remove(place)
    assert (tmp_path / "outside" / "inner").is_dir()


def test_what_killed_writers_left_is_cleared_away(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    (tmp_path / f".file.{gone.pid}.tmp").write_bytes(b"half")
    running = tmp_path / f".file.{os.getppid()}.tmp"
    running.write_bytes(b"another's")
    (tmp_path / ".file.notes.tmp").write_bytes(b"nobody's")
    storage.write(path, b"new")
    assert {each.name for each in tmp_path.iterdir()} == {"file", running.name, ".file.notes.tmp"}


def test_a_lock_is_held_by_one_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with (
        storage.locked(path, "忙"),
        pytest.raises(BusyError, match="忙"),
        storage.locked(path, "忙"),
    ):
        raise AssertionError("two holders")
    with storage.locked(path, "忙"):
        pass
    assert not path.exists()


def test_the_lock_of_a_killed_process_means_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = (
        "import pathlib, sys, time\n"
        "from kb_builder import storage\n"
        f"with storage.locked(pathlib.Path({str(path)!r}), ''):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BusyError), storage.locked(path, "忙"):
            pass
        other.send_signal(signal.SIGKILL)
    assert path.exists()
    with storage.locked(path, "忙"):
        pass
    assert not path.exists()


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("text")
    (tmp_path / "lock").symlink_to(tmp_path / "victim")
    with pytest.raises(KbError), storage.locked(tmp_path / "lock", "忙"):
        pass
    assert (tmp_path / "victim").read_text() == "text"


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_folder_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_one_step: bool
) -> None:
    if not in_one_step:
        monkeypatch.setattr(storage, "_exchange", lambda *_: False)
    target = tmp_path / "site"
    assert storage.replace_folder(target, _fill("one")) == "one"
    assert storage.replace_folder(target, _fill("two")) == "two"
    assert _content(target) == {"two"}
    assert [each.name for each in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("in_one_step", [True, False])
def test_the_folder_before_is_filled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_one_step: bool
) -> None:
    if not in_one_step:
        monkeypatch.setattr(storage, "_exchange", lambda *_: False)
    target, spare = tmp_path / "out" / "site", tmp_path / "state" / "spare"
    found = []

    def fill(text: str) -> None:
        def put(folder: Path) -> None:
            found.append(_content(folder))
            storage.empty(folder)
            _fill(text)(folder)

        storage.replace_folder(target, put, spare=spare)

    for text in ("one", "two", "three"):
        fill(text)
        assert _content(target) == {text}
        assert [each.name for each in target.parent.iterdir()] == ["site"]
    assert found == [set(), set(), {"one"}]
    assert _content(spare) == {"two"}


def test_a_spare_folder_with_a_link_out_of_it_is_not_used(tmp_path: Path) -> None:
    target, spare, outside = tmp_path / "site", tmp_path / "spare", tmp_path / "outside"
    outside.mkdir()
    (spare / "a").mkdir(parents=True)
    (spare / "a" / "b").symlink_to(outside)
    storage.replace_folder(target, _fill("one"), spare=spare)
    assert [each.name for each in (target / "a").iterdir()] == ["page.html"]
    (tmp_path / "link").symlink_to(outside)
    storage.replace_folder(target, _fill("two"), spare=tmp_path / "link")
    assert list(outside.iterdir()) == []
    assert _content(target) == {"two"}


def test_a_folder_that_can_not_be_filled_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "site"
    storage.replace_folder(target, _fill("old"))

    def fails(folder: Path) -> None:
        (folder / "index.html").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        storage.replace_folder(target, fails)
    assert _content(target) == {"old"}
    assert [each.name for each in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("spare", [True, False])
@pytest.mark.parametrize("in_one_step", [True, False])
def test_killed_at_any_call_one_whole_folder_is_there(
    tmp_path: Path, in_one_step: bool, spare: bool
) -> None:
    """Kill at the n-th rename, sync or removal, for every n until the run gets through."""
    code = """
import os, pathlib, shutil, signal, sys
from kb_builder import storage
left = int(sys.argv[2])
def counted(function):
    def call(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return call
if sys.argv[3] == "False":
    storage._exchange = lambda *_: False
for owner, names in ((storage, ("_exchange", "sync_tree", "sync")), (os, ("rename", "unlink", "rmdir", "mkdir"))):
    for name in names:
        setattr(owner, name, counted(getattr(owner, name)))
def fill(folder):
    (folder / "index.html").write_text("new")
    (folder / "page.html").write_text("new")
target = pathlib.Path(sys.argv[1])
storage.replace_folder(target, fill, spare=target.parent.parent / "spare" if sys.argv[4] == "True" else None)
"""
    killed = 0
    for point in range(40):
        target = tmp_path / str(point) / "site"
        target.parent.mkdir()
        storage.replace_folder(target, _fill("old"))
        options = [str(target), str(point), str(in_one_step), str(spare)]
        run = subprocess.run([sys.executable, "-c", code, *options], check=False)
        if in_one_step:
            assert _content(target) in ({"old"}, {"new"})
        storage.recover(target)
        assert _content(target) in ({"old"}, {"new"})
        assert [each.name for each in target.parent.iterdir()] == ["site"]
        if run.returncode == 0:
            break
        assert run.returncode == -signal.SIGKILL
        killed += 1
    else:
        raise AssertionError("never got through")
    assert killed >= 4


def test_what_differs_from_a_list_of_digests_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("a/right", "a/wrong", "more"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "link").symlink_to("a/right")
    (tmp_path / "folder").symlink_to("a")
    digests = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in {"a/right": b"a/right", "a/wrong": b"other", "gone": b""}.items()
    }
    digests["link"] = digests["a/right"]
    found, listing = storage.differing(tmp_path, digests)
    assert found == ["a/wrong", "folder", "gone", "link", "more"]
    assert listing == storage.listing(tmp_path)


def test_a_listing_changes_with_names_sizes_and_times(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    file = tmp_path / "a" / "file"
    file.write_bytes(b"1")
    seen = [storage.listing(tmp_path)]
    file.write_bytes(b"22")
    seen.append(storage.listing(tmp_path))
    os.utime(file, ns=(0, 5))
    seen.append(storage.listing(tmp_path))
    file.rename(tmp_path / "file")
    seen.append(storage.listing(tmp_path))
    (tmp_path / "folder").symlink_to("a")
    seen.append(storage.listing(tmp_path))
    assert len({*seen}) == 5
    assert storage.listing(tmp_path) == seen[-1]
    assert storage.listing(tmp_path / "missing") == ""
