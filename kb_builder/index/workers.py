"""Doing the same with many things in processes of their own, where that is safe and worth it."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import BinaryIO, TypeVar

T = TypeVar("T")

MOST = 2
"""So many processes at most: each has a dictionary of its own, of 100 MB."""

_PIPE = 1 << 20


def processes() -> int:
    """How many processes work at a time; 0 where a copy of this one could not be trusted.

    A copy has none of the other threads, but the locks that they held. vl-convert has threads that Python does
    not know of.
    """
    if not sys.platform.startswith("linux"):
        return 0
    if threading.active_count() > 1 or "vl_convert" in sys.modules:
        return 0
    return min(len(os.sched_getaffinity(0)), MOST)


def each(function: Callable[[T], bytes], things: Sequence[T], count: int) -> Iterator[bytes]:
    """What `function` makes of each of several things, in their order, by `count` processes.

    They are copies of this one, so the things need not be sent. Ends early where a process has ended early, for whatever
    reason: the caller then does the rest itself, and meets the error, if it was one. No process outlives the iterator.
    """
    with ExitStack() as stack:
        pipes: list[BinaryIO] = []
        try:
            for number in range(count):
                share = things[number::count]
                pipes.append(stack.enter_context(_process(function, share, pipes)))
        except OSError:  # the system has no room for another process
            return
        for place in range(len(things)):
            pipe = pipes[place % count]
            size = pipe.read(4)
            content = pipe.read(int.from_bytes(size, "big"))
            if len(size) < 4 or len(content) < int.from_bytes(size, "big"):
                return
            yield content


@contextmanager
def _process(
    function: Callable[[T], bytes], things: Sequence[T], others: Sequence[BinaryIO]
) -> Iterator[BinaryIO]:
    """A process that writes to the pipe it gives what `function` makes of each thing, after its length in 4 bytes."""
    reader, writer = os.pipe2(os.O_CLOEXEC)
    parent = os.getpid()
    try:
        child = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        raise
    if not child:
        _work(function, things, parent, [reader, *(other.fileno() for other in others)], writer)
    os.close(writer)
    try:
        with open(reader, "rb") as pipe:  # noqa: PTH123  It has a number, not a path.
            yield pipe
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _work(
    function: Callable[[T], bytes],
    things: Sequence[T],
    parent: int,
    readers: Sequence[int],
    writer: int,
) -> None:
    """What a process does; it does not return, and nothing of its parent's is run in it."""
    code = 1
    try:
        # Who still held the other end would not let anybody learn that the parent is gone.
        for reader in readers:
            os.close(reader)
        with suppress(OSError):  # there are limits for all pipes of a user
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, _PIPE)
        with open(writer, "wb") as pipe:
            for thing in things:
                if os.getppid() != parent:
                    break
                content = function(thing)
                pipe.write(len(content).to_bytes(4, "big") + content)
        code = 0
    finally:
        # An error is not told of: the parent meets it too.
        os._exit(code)
