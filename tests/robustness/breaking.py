"""Runs something in a process of its own that is killed, or whose disk fails, at a chosen call.

Every call by which Python changes the disk is counted: opening to write, each write, making, moving, linking
and removing names, syncing, and the two that `storage` makes through ctypes. Before the call with a chosen
number the process is killed, or the call fails as the system would make it fail. What C libraries write by
themselves is not seen; the night tier runs the same under strace, which sees all.
"""

from __future__ import annotations

import builtins
import errno
import fcntl
import io
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb_builder import storage
from kb_builder.diagnostics import BusyError, KbError

KILL, TORN, FULL, ILL = "kill", "torn", "full", "ill"
"""Killed before the call; killed when half of it is written; no space from here on; one I/O error."""

_NAMES = (
    "rename", "replace", "link", "symlink", "unlink", "remove", "rmdir", "mkdir", "fsync", "fdatasync",
    "truncate", "ftruncate", "write", "sendfile", "copy_file_range", "utime", "chmod",
)  # fmt: skip
_NEEDS_SPACE = {"open", "write", "mkdir", "link", "symlink", "sendfile", "fsync", "sync_tree"}


_ROOM = 1 << 20

Point = tuple[str, int]
"""A call: its name, and how many of that name were made before it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: its exit code (-9 when killed), what it said, and the calls it made, in order."""

    code: int
    said: str
    calls: tuple[str, ...]


class _Breaker:
    """Counts calls in this process, and breaks one."""

    def __init__(self, how: str, at: Point | None, log: io.TextIOBase) -> None:
        self._how = how
        self._at = at
        self._made: Counter[str] = Counter()
        self._log = log
        self._full = False
        self._within = False

    def count(self, name: str, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._within:  # a call that another of ours makes
            return call(*args, **kwargs)
        self._log.write(f"{name}\n")
        if self._full and name in _NEEDS_SPACE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        point = (name, self._made[name])
        self._made[name] += 1
        if point == self._at:
            self._break(name, call, args)
        self._within = True
        try:
            return call(*args, **kwargs)
        finally:
            self._within = False

    def _break(self, name: str, call: Callable[..., Any], args: tuple[Any, ...]) -> None:
        if self._how == FULL:
            self._full = True
            if name not in _NEEDS_SPACE:
                return
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self._how == ILL:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        if self._how == TORN and name == "write":
            data = memoryview(args[-1])
            call(*args[:-1], data[: len(data) // 2])
        self._log.flush()
        os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        """From here on every call of this process is counted."""
        for name in _NAMES:
            setattr(os, name, self._wrapped(name, getattr(os, name)))
        storage._exchange = self._wrapped("exchange", storage._exchange)
        storage.sync_tree = self._wrapped("sync_tree", storage.sync_tree)
        breaker, real = self, io.open

        class Counted(io.FileIO):
            def write(self, data: Any) -> Any:
                return breaker.count("write", super().write, data)

        def opened(
            file: Any, mode: str = "r", buffering: int = -1, encoding: str | None = None,
            errors: str | None = None, newline: str | None = None, closefd: bool = True, opener: Any = None,
        ) -> Any:  # fmt: skip
            if not set(mode) & set("wax+"):
                return real(file, mode, buffering, encoding, errors, newline, closefd, opener)
            plain = mode.replace("b", "").replace("t", "")
            raw = breaker.count("open", Counted, file, plain, closefd, opener)
            if buffering == 0:
                return raw
            binary = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
            return binary if "b" in mode else io.TextIOWrapper(binary, encoding, errors, newline)

        io.open = builtins.open = opened  # type: ignore[assignment]

    def _wrapped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **kwargs: self.count(name, call, *args, **kwargs)


def broken(
    action: Callable[[], object],
    folder: Path,
    how: str = ILL,
    at: Point | None = None,
    *,
    largest: int | None = None,
    after: float | None = None,
) -> Outcome:
    """Run `action` in a child.

    Args:
        action: what to run; a KbError ends it with 2 (3 if somebody else is at it), as in `kb`.
        folder: where the child may leave its temporary files.
        how: what happens at the call `at`; without one nothing does.
        at: the call.
        largest: the size beyond which no file may grow, in bytes.
        after: kill it after so many seconds.
    """
    temporary = folder / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    # Pipes, not files: the child may be allowed to write none.
    log, said = os.pipe(), os.pipe()
    for pipe in (log, said):
        fcntl.fcntl(pipe[1], fcntl.F_SETPIPE_SZ, _ROOM)
    child = os.fork()
    if child == 0:
        _child(action, temporary, how, at, largest, log[1], said[1])
    if after is not None:
        _kill_after(child, after)
    _, status = os.waitpid(child, 0)
    texts = []
    for reader, writer in (said, log):
        os.close(writer)
        os.set_blocking(reader, False)  # a grandchild may still hold the other end
        with os.fdopen(reader, "rb") as file:
            texts.append((file.read() or b"").decode("utf-8", "replace"))
    return Outcome(os.waitstatus_to_exitcode(status), texts[0], tuple(texts[1].split()))


def _kill_after(child: int, seconds: float) -> None:
    previous = signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    # The child stays a zombie until it is waited for, so that its number can't be another's.
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, previous)


def _child(
    action: Callable[[], object],
    temporary: Path,
    how: str,
    at: Point | None,
    largest: int | None,
    log_to: int,
    said_to: int,
) -> None:
    code = 1
    log, said = (os.fdopen(to, "w", encoding="utf-8") for to in (log_to, said_to))
    try:
        # Python doesn't see that bytecode it writes was cut short, and every later run would read it.
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        tempfile.tempdir = str(temporary)
        sys.stdout = sys.stderr = said
        if largest is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
        _Breaker(how, at, log).install()
        action()
        code = 0
    except KbError as error:
        said.write(f"错误：{error}\n")
        code = 3 if isinstance(error, BusyError) else 2
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001  whatever it was, the test must read it
        traceback.print_exc(file=said)
    finally:
        said.flush()
        log.flush()
        os._exit(code)


def points(calls: Sequence[str], every: Collection[str], some: int) -> list[Point]:
    """Calls at which to break: all that have a name in `every`, and `some` of the others."""
    made: Counter[str] = Counter()
    chosen: list[Point] = []
    others: list[Point] = []
    for name in calls:
        (chosen if name in every else others).append((name, made[name]))
        made[name] += 1
    step = max(1, len(others) // some)
    return chosen + others[step // 2 :: step]
