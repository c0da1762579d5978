"""Converting bodies that might take minutes: in a process of their own, which is stopped in time."""

from __future__ import annotations

import multiprocessing
import re
import resource
import signal
from multiprocessing.connection import Connection

from kb_builder.site.markdown import ConversionError, Converter, Parts

SECONDS = 5
"""How long a body may take to convert, in seconds of the processor."""

_MEMORY = 1024**3
"""How much memory that process may take, in bytes."""

_START = 60
"""How many seconds of the clock the process may take to begin, or to be done, on a machine that is busy."""

_HARMLESS_LENGTH = 30_000
_HARMLESS_MARKS = 3_000
"""With no more characters and marks than these a body takes a second at worst, whatever they are
(`tests/robustness/test_limits.py` looks for worse); the bodies of this repository have a tenth of them."""

_MARK = re.compile(r"[!-/:-@\[-`{-~\t]|^[ ]+", re.MULTILINE)


class PatientConverter:
    """A converter that no text can keep for longer than `SECONDS`."""

    def __init__(self) -> None:
        self._converter = Converter()

    def convert(self, text: str) -> Parts:
        """As `Converter.convert`. Raises ConversionError also for a body that takes too long."""
        return _elsewhere(text) if might_take_long(text) else self._converter.convert(text)


def might_take_long(text: str) -> bool:
    """Whether a body is converted in a process of its own: nearly none is."""
    if len(text) > _HARMLESS_LENGTH:
        return True
    return len(text) > _HARMLESS_MARKS and len(_MARK.findall(text)) > _HARMLESS_MARKS


def _elsewhere(text: str) -> Parts:
    # Not forked: a preview has threads, and a copy of their locks would wait for ever.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs, text, SECONDS), daemon=True)
    process.start()
    theirs.close()
    try:
        answer = ours.recv() if ours.poll(_START + SECONDS) else None
    except EOFError:
        answer = None
    finally:
        ours.close()
        if answer is None:
            process.join(1)
        process.kill()
        process.join()
    if isinstance(answer, Parts):
        return answer
    if answer is not None:
        raise ConversionError(answer)
    if process.exitcode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise ConversionError(f"转换超过 {SECONDS} 秒")
    raise ConversionError("转换时出了错")


def _answer(pipe: Connection, text: str, seconds: int) -> None:
    """What the process does: it sends the parts, or why there are none."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    limit = int(used) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        pipe.send(Converter().convert(text))
    except ConversionError as error:
        pipe.send(str(error))
