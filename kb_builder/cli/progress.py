"""One line on the terminal that says how far a long job is."""

from __future__ import annotations

import sys
import time
from types import TracebackType

import click

_PATIENCE = 2.0
"""Seconds a job may take before it has to say something."""

_INTERVAL = 0.1
"""Seconds between two updates of the line."""


class ProgressLine:
    """Shows “索引 120/2816” on standard error while a job runs; nothing when that is no terminal.

    Use it as a context manager and as the `progress` callback of a job.
    """

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._next = time.monotonic() + _PATIENCE
        self._shown = False

    def __call__(self, what: str, done: int, total: int) -> None:
        """Report that `done` of `total` are done."""
        now = time.monotonic()
        if not self._terminal or now < self._next:
            return
        self._next = now + _INTERVAL
        self._shown = True
        click.echo(f"\r\x1b[K{what} {done}/{total}", nl=False, err=True)

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the line."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
