"""The body of a document: its sections, found without rendering it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from kb_builder.diagnostics import Span

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|/|\\")
_LINK = re.compile(
    # [text](target "title"), [name]: target, and HTML.
    r"(?<!!)\[[^\[\]]{0,300}\]\(\s?<?([^()<>\s]{1,300})>?(?:\s[^()]{0,300})?\)"
    r"|^ {0,3}\[(?!\^)[^\[\]]{1,300}\]:\s{0,3}<?([^<>\s]{1,300})"
    r"|\bhref\s?=\s?[\"']?([^\"'<>\s]{1,300})",
    re.IGNORECASE,
)

HINT = "（待写："
"""How a line begins that the template of a new document leaves for the editor to replace."""


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
        """Whether nothing is written below the heading (subheadings and hints alone are nothing)."""
        return not any(
            line.strip() and not line.startswith(("#", HINT)) for line in self.text.split("\n")
        )


@dataclass(frozen=True, slots=True)
class Link:
    """The target of a link, and where it is written."""

    target: str
    span: Span


def headings(lines: tuple[str, ...], first: int) -> Iterator[Heading]:
    """The headings from index `first` on; lines of fenced code are not headings.

    As for the converter, the space between `#` and text may be missing.
    """
    for row, line in outside_fences(lines, first):
        if not line.startswith("#"):
            continue
        level = len(line) - len(line.lstrip("#"))
        if level > 6:
            continue
        text = line[level:].strip(" \t")
        column = line.index(text, level) + 1
        text = text.rstrip("#").rstrip(" \t")
        yield Heading(level, text, Span(row + 1, column, len(text) or 1))


def sections(lines: tuple[str, ...], found: Sequence[Heading]) -> tuple[Section, ...]:
    """The second-level sections of a body with these headings."""
    starts = [heading for heading in found if heading.level == 2]
    ends = [*(heading.span.line - 1 for heading in starts[1:]), len(lines)]
    # Without a heading there is one end and no start.
    return tuple(
        Section(heading.text, heading.span, "\n".join(lines[heading.span.line : end]).strip("\n"))
        for heading, end in zip(starts, ends, strict=False)
    )


def links(lines: tuple[str, ...], first: int) -> Iterator[Link]:
    """The links of the body, inline, by a name, or in HTML; those in fenced code are not links."""
    if not _may_link("\n".join(lines[first:])):
        return
    for row, line in outside_fences(lines, first):
        for match in _LINK.finditer(line) if _may_link(line) else ():
            group = match.lastindex or 0
            target = match[group]
            yield Link(target, Span(row + 1, match.start(group) + 1, len(target)))


def _may_link(line: str) -> bool:
    # Nearly no line does, and a search by regular expression costs more than the rest.
    return "]" in line or "=" in line


def target_path(page: str, target: str) -> str | None:
    """The path of the file that a link on `page` leads to; None where it leads out of the base or
    stays on the page. Paths are relative to the base; one that leaves it begins with `..`.

    >>> target_path("cases/playbooks/PB-001.md", "../lessons/LS-001.md#道理")
    'cases/lessons/LS-001.md'
    >>> target_path("cases/playbooks/PB-001.md", "https://example.org/a.md") is None
    True
    """
    path = unquote(target.partition("#")[0].partition("?")[0])
    if not path or _ELSEWHERE.match(path):
        return None
    parts = page.split("/")[:-1]
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def relative_target(page: str, path: str) -> str:
    """What to write on `page` to link to `path`, both relative to the base.

    >>> relative_target("cases/playbooks/PB-001.md", "cases/lessons/LS-001.md")
    '../lessons/LS-001.md'
    """
    here, there = page.split("/")[:-1], path.split("/")
    same = 0
    while same < len(here) and same < len(there) - 1 and here[same] == there[same]:
        same += 1
    return "/".join([".."] * (len(here) - same) + there[same:])


def outside_fences(lines: tuple[str, ...], first: int) -> Iterator[tuple[int, str]]:
    """The lines from index `first` on that are not fenced code, each with its index."""
    fence = ""
    for row in range(first, len(lines)):
        line = lines[row]
        # Nearly no line is a fence; asking for one by regular expression costs more than the rest.
        match = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if match and not fence:
            fence = match[1]
        elif match and match[1].startswith(fence) and not line.strip(" `~"):
            fence = ""
        elif not fence:
            yield row, line
