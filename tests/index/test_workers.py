from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_base import ANALYZER, make_entry

from kb_builder.analysis.analyzer import Analyzer
from kb_builder.index import CountStore, store, workers
from kb_builder.index.counted import count_entry

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process does it")


def double(number: int) -> bytes:
    return b"%d" % (2 * number)


def children() -> list[str]:
    """The processes of which this one is the parent, those that nobody has waited for too."""
    return Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("size", [0, 1, 2, 7, 3000])
def test_everything_comes_in_its_order(count: int, size: int) -> None:
    before = children()
    assert [*workers.each(double, range(size), count)] == [b"%d" % (2 * n) for n in range(size)]
    assert children() == before


def test_large_answers_wait_for_whoever_reads_them() -> None:
    found = workers.each(lambda number: bytes([number]) * 3_000_000, range(4), 2)
    assert [(each[0], len(each)) for each in found] == [(n, 3_000_000) for n in range(4)]


def test_where_one_fails_the_rest_is_left_to_the_caller(capfd: pytest.CaptureFixture[str]) -> None:
    def fails(number: int) -> bytes:
        return double(number // (number - 5))

    before = children()
    assert [*workers.each(fails, range(10), 2)] == [fails(n) for n in range(5)]
    assert children() == before
    assert capfd.readouterr() == ("", "")


def test_where_one_is_killed_the_rest_is_left_to_the_caller() -> None:
    def killed(number: int) -> bytes:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return double(number)

    found = [*workers.each(killed, range(10), 2)]
    assert found == [b"0", b"2", b"4"][: len(found)]


def test_without_room_for_a_process_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", full)
    before = len([*Path("/proc/self/fd").iterdir()])
    assert [*workers.each(double, range(10), 2)] == []
    assert len([*Path("/proc/self/fd").iterdir()]) == before


def test_none_outlives_who_stops_asking() -> None:
    before = children()
    found = workers.each(double, range(100_000), 2)
    assert next(found) == b"0"
    assert len(children()) == len(before) + 2
    found.close()  # type: ignore[attr-defined]
    assert children() == before


def test_none_outlives_a_killed_parent(tmp_path: Path) -> None:
    def parent() -> None:
        for _ in workers.each(lambda _: b"0" * 70_000, range(1000), 2):
            (tmp_path / "fresh").write_text(" ".join(children()))
            (tmp_path / "fresh").replace(tmp_path / "started")
            time.sleep(60)

    child = os.fork()
    if not child:
        parent()
        os._exit(0)
    while not (tmp_path / "started").exists():
        time.sleep(0.01)
    left = (tmp_path / "started").read_text().split()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert len(left) == 2
    while any(map(runs, left)):
        time.sleep(0.01)


def runs(process: str) -> bool:
    try:
        status = Path("/proc", process, "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        # It ended before the file was opened, or before it was read.
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_beside_threads_no_process_is_made() -> None:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(workers.processes()))
    thread.start()
    thread.join()
    assert found == [0]


CASES = [make_entry(f"CASE-{n}", f"座椅套没货\n客户第{n}次要求发货。") for n in range(30)]


class Breaking(Analyzer):
    """Analyses nothing about the 20th time."""

    version = ANALYZER.version

    def __init__(self, where: set[int]) -> None:
        self._where = where

    def count_terms(self, text: str):
        if "20次" in text and os.getpid() in self._where:
            raise LookupError(text)
        return ANALYZER.count_terms(text)


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(store, "MANY", 10)
    monkeypatch.setattr(workers, "processes", lambda: 2)
    before = children()
    yield
    assert children() == before


@pytest.mark.usefixtures("two")
def test_counts_of_two_processes_are_those_of_one(tmp_path: Path) -> None:
    wanted = [count_entry(entry, ANALYZER) for entry in CASES]
    with CountStore(tmp_path / "two", ANALYZER, documents=30) as counts:
        assert [*counts.count(CASES)] == wanted
    with CountStore(tmp_path / "one", ANALYZER, documents=30) as counts:
        assert [each for case in CASES for each in counts.count([case])] == wanted
    for path in (tmp_path / "one").iterdir():
        assert (tmp_path / "two" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.usefixtures("two")
def test_the_same_text_twice_is_analysed_once(tmp_path: Path) -> None:
    with CountStore(tmp_path, ANALYZER, documents=30) as counts:
        found = [*counts.count([*CASES, *CASES[5:]])]
    assert found == [count_entry(entry, ANALYZER) for entry in [*CASES, *CASES[5:]]]


@pytest.mark.usefixtures("two")
def test_what_only_a_process_could_not_do_is_done(tmp_path: Path) -> None:
    class Elsewhere(set[int]):
        def __contains__(self, process: object) -> bool:
            return process != here

    here = os.getpid()
    with CountStore(tmp_path, Breaking(Elsewhere()), documents=30) as counts:
        assert [*counts.count(CASES)] == [count_entry(entry, ANALYZER) for entry in CASES]


@pytest.mark.usefixtures("two")
def test_an_error_is_raised_as_without_processes(tmp_path: Path) -> None:
    class Everywhere(set[int]):
        def __contains__(self, process: object) -> bool:
            return True

    with (
        pytest.raises(LookupError, match="20次"),
        CountStore(tmp_path / "a", Breaking(Everywhere()), documents=30) as counts,
    ):
        list(counts.count(CASES))
    assert not (tmp_path / "a").exists()


@pytest.mark.usefixtures("two")
def test_an_interruption_ends_the_processes(tmp_path: Path) -> None:
    def interrupted() -> None:
        with CountStore(tmp_path / "a", ANALYZER, documents=30) as counts:
            for _ in counts.count(CASES):
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not (tmp_path / "a").exists()
