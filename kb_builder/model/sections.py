"""The body of a document: its sections, found without rendering it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb_builder.diagnostics import Span

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*\Z")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LINK = re.compile(r"(?<!!)\[[^\[\]]{0,300}\]\(([^()\s]{1,300})\)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading line; `span` is that of its text."""

    level: int
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """A second-level heading and the lines below it, subheadings included, up to the next one."""

    title: str
    span: Span
    text: str

    @property
    def empty(self) -> bool:
        """Whether nothing is written below the heading (subheadings alone are nothing)."""
        return not any(line.strip() and not line.startswith("#") for line in self.text.split("\n"))


@dataclass(frozen=True, slots=True)
class Link:
    """The target of an inline link, and where it is written."""

    target: str
    span: Span


def headings(lines: tuple[str, ...], first: int) -> Iterator[Heading]:
    """The headings from index `first` on; lines of fenced code are not headings."""
    for row, line in _outside_fences(lines, first):
        match = _HEADING.match(line)
        if match:
            yield Heading(
                len(match[1]), match[2], Span(row + 1, match.start(2) + 1, len(match[2]) or 1)
            )


def sections(lines: tuple[str, ...], first: int) -> tuple[Section, ...]:
    """The second-level sections of the body that starts at index `first`."""
    starts = [heading for heading in headings(lines, first) if heading.level == 2]
    ends = [heading.span.line - 1 for heading in starts[1:]] + [len(lines)]
    return tuple(
        Section(heading.text, heading.span, "\n".join(lines[heading.span.line : end]).strip("\n"))
        for heading, end in zip(starts, ends, strict=True)
    )


def links(lines: tuple[str, ...], first: int) -> Iterator[Link]:
    """The inline links of the body; those in fenced code are not links."""
    for row, line in _outside_fences(lines, first):
        for match in _LINK.finditer(line):
            yield Link(match[1], Span(row + 1, match.start(1) + 1, len(match[1])))


def _outside_fences(lines: tuple[str, ...], first: int) -> Iterator[tuple[int, str]]:
    fence = ""
    for row in range(first, len(lines)):
        line = lines[row]
        match = _FENCE.match(line)
        if match and not fence:
            fence = match[1]
        elif match and match[1].startswith(fence) and not line.strip(" `~"):
            fence = ""
        elif not fence:
            yield row, line
