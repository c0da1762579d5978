"""The body of a document: its sections, found without rendering it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from kb_builder.diagnostics import Span

# As Python-Markdown's fenced_code has it: the fence, then a language and which lines to stress.
_FENCE = re.compile(
    r"(`{3,}|~{3,})[ \t]*(?:\{.*\}|(?:\.?[\w#.+-]*[ \t]*)?(?:hl_lines=([\"']).*?\2[ \t]*)?)"
)
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_MOST_TICKS = 200
"""A line with more is no sentence with code in it; matching them would take time with their square."""
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|/|\\")
_LINK = re.compile(
    # [text](target "title"), [name]: target, and HTML; the text may hold brackets, such as those of a picture.
    r"(?<!!)\[(?:[^\[\]]|\[[^\[\]]{0,300}\]){0,300}\]"
    r"\(\s?<?([^()<>\s]{1,300})>?(?:\s(?:[^()]|\([^()]{0,300}\)){0,300})?\)"
    r"|^ {0,3}\[(?!\^)[^\[\]]{1,300}\]:\s{0,3}<?([^<>\s]{1,300})"
    r"|\bhref\s{0,9}=\s{0,9}[\"']?([^\"'<>\s]{1,300})",
    re.IGNORECASE | re.MULTILINE,
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
    for row, block in _blocks(lines, first):
        for match in _LINK.finditer(block) if _may_link(block) else ():
            group = match.lastindex or 0
            target, at = match[group], match.start(group)
            column = at - block.rfind("\n", 0, at)
            yield Link(target, Span(row + block.count("\n", 0, at) + 1, column, len(target)))


def _blocks(lines: tuple[str, ...], first: int) -> Iterator[tuple[int, str]]:
    """The stretches of lines between blank ones and fenced code, each with the index of its first line."""
    block: list[str] = []
    end = first
    for row, line in outside_fences(lines, first):
        if block and (row > end or not line.strip()):
            yield end - len(block), "\n".join(block)
            block = []
        if line.strip():
            block.append(line)
            end = row + 1
    if block:
        yield end - len(block), "\n".join(block)


def _may_link(text: str) -> bool:
    # Nearly no text does, and a search by regular expression costs more than the rest.
    return "]" in text or "=" in text


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
    """The lines from index `first` on that are not fenced code, each with its index.

    As for the converter, a fence begins its line, and one that is never closed fences nothing.
    """
    row = first
    unclosed: set[str] = set()
    while row < len(lines):
        line = lines[row]
        # Nearly no line is a fence; asking for one by regular expression costs more than the rest.
        match = _FENCE.fullmatch(line) if line.startswith(("```", "~~~")) else None
        if match and match[1] not in unclosed:
            end = _closing(lines, row + 1, match[1])
            if end is not None:
                row = end + 1
                continue
            unclosed.add(match[1])
        yield row, line
        row += 1


def _closing(lines: tuple[str, ...], first: int, fence: str) -> int | None:
    found = (n for n in range(first, len(lines)) if lines[n].startswith(fence))
    return next((n for n in found if lines[n].rstrip(" \t") == fence), None)


def blank_code(lines: tuple[str, ...], first: int) -> str:
    """The lines from index `first` on as one text, in which code is blanked out rather than cut: places stay what they are."""
    kept = dict(outside_fences(lines, first))
    shown = (
        _blank_code_in(kept[row]) if row in kept else " " * len(lines[row])
        for row in range(first, len(lines))
    )
    return "\n".join(shown)


def _blank_code_in(line: str) -> str:
    if not 0 < line.count("`") <= _MOST_TICKS:
        return line
    return _CODE.sub(lambda match: " " * len(match[0]), line)
