"""From Vega-Lite to SVG, here or in a process of its own: V8 takes 70 MB, and gives nothing back while it lives.

`main`, in that process, reads specifications and writes drawings, each as a line of JSON, until there are no more.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

Specification = dict[str, Any]

_PROGRAM = "from kb_builder.charts.converting import main; main()"


def convert(specification: Specification) -> str:
    """The drawing of a specification."""
    # Imported here: a site whose charts were all drawn before needs no V8.
    import vl_convert

    return vl_convert.vegalite_to_svg(specification)


class Converter:
    """Does what `convert` does in another process, which starts with the first drawing and ends with `close`, or with
    this one. Where it fails, for whatever reason, this process does the work, and meets the error, if it was one.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def convert(self, specification: Specification) -> str:
        """The drawing of a specification."""
        try:
            answer = self._ask(json.dumps(specification) + "\n")
        except OSError:  # no room for a process, or it ended while it was asked
            answer = ""
        if answer.endswith("\n"):
            return str(json.loads(answer))
        self.close()
        return convert(specification)

    def close(self) -> None:
        """Let the process end."""
        if self._process is not None:
            with suppress(BrokenPipeError), self._process:
                pass
            self._process = None

    def _ask(self, line: str) -> str:
        """What the process answers; no whole line where it has ended."""
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  our own program
                [sys.executable, "-P", "-c", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line)
        process.stdin.flush()
        return process.stdout.readline()


def main() -> None:
    """Convert what comes, until nothing comes any more."""
    # Ctrl-C is for the parent: when it ends, so does this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(convert(json.loads(line))) + "\n")
        sys.stdout.flush()
