"""What can be wrong with a base, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class KbError(Exception):
    """A run that can't go on: one line, what is wrong, where, and how to mend it (exit code 2)."""


class BusyError(KbError):
    """Another run is writing the same thing (exit code 3): wait for it and try again."""


class Level(IntEnum):
    """How much a finding weighs; only an error stops publishing."""

    HINT = 0
    WARNING = 1
    ERROR = 2

    @property
    def label(self) -> str:
        """The Chinese word shown to editors."""
        return {Level.HINT: "提示", Level.WARNING: "警告", Level.ERROR: "错误"}[self]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one line; line and column count from 1, columns and length in characters."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found in one document.

    `message` says what is wrong in the author's words; `hint` is what to write instead
    (“改为“服务””), or empty when only the author can know.
    """

    span: Span
    message: str
    hint: str = ""


def quoted(text: str) -> str:
    """An author's words inside a message: in quotation marks, cut where they are long.

    >>> quoted("快递慢")
    '“快递慢”'
    """
    return f"“{text}”" if len(text) <= _QUOTED else f"“{text[:_QUOTED]}……”"


_QUOTED = 40


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with its rule and file.

    `rule` is the rule's id and `name` its name. `path` is relative to the base with forward slashes. `source` is the text of the line the
    span is on, without its line end, so that reporters need no file.
    """

    path: str
    span: Span
    rule: str
    name: str
    level: Level
    message: str
    hint: str
    source: str

    @property
    def sort_key(self) -> tuple[str, int, int, int, str]:
        """By file, then place, then rule; what is equal stays in the order of the rule."""
        span = self.span
        return (self.path, span.line, span.column, span.length, self.rule)
