"""Reports for people: `full` and `concise`, and their last line."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from kb_builder.diagnostics import Diagnostic, Level

Style = Callable[[str, str], str]
"""Dresses a text for its part: `path`, `rule`, `error`, `warning`, `hint`, `number` or `caret`."""

WIDTH = 100
"""Cells of a source line that are shown; of a longer one, the stretch around the finding."""

LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.HINT: "hint"}
"""Levels as programs read them."""


def plain(_part: str, text: str) -> str:
    """The style of files and pipes: none."""
    return text


def full(diagnostics: Iterable[Diagnostic], *, style: Style = plain, width: int = WIDTH) -> str:
    """Each diagnostic with its source line, carets below the place, and what to write instead."""
    return "\n\n".join("\n".join(_block(each, style, width)) for each in diagnostics)


def concise(diagnostics: Iterable[Diagnostic], *, style: Style = plain) -> str:
    """One line a diagnostic, as compilers print and editors read it."""
    lines = []
    for diagnostic in diagnostics:
        hint = f"；{visible(diagnostic.hint)}" if diagnostic.hint else ""
        lines.append(_headline(diagnostic, style) + style("hint", hint))
    return "\n".join(lines)


def count(diagnostics: Iterable[Diagnostic]) -> tuple[int, int]:
    """How many errors and how many warnings."""
    levels = [diagnostic.level for diagnostic in diagnostics]
    return levels.count(Level.ERROR), levels.count(Level.WARNING)


def summary(diagnostics: Sequence[Diagnostic], *, kinds: Mapping[str, int]) -> str:
    """The last line of a report for people; `kinds` is how many of each were looked at."""
    documents = sum(kinds.values())
    errors, warnings = count(diagnostics)
    files = len({diagnostic.path for diagnostic in diagnostics})
    found = [
        f"{number:,} 个{level.label}"
        for level, number in (
            (Level.ERROR, errors),
            (Level.WARNING, warnings),
            (Level.HINT, len(diagnostics) - errors - warnings),
        )
        if number
    ]
    if not found:
        parts = "、".join(f"{label} {number:,}" for label, number in kinds.items() if number)
        return f"没有发现问题，共检查 {documents:,} 篇" + (f"（{parts}）。" if parts else "。")
    mildest = Level.WARNING if warnings else Level.HINT
    end = "" if errors else f"；{mildest.label}不影响发布"
    return f"{files:,} 个文件里有 {'、'.join(found)}，共检查 {documents:,} 篇{end}。"


_IDEOGRAPHIC_SPACE = "\u3000"
"""Not printable to Python, but how Chinese paragraphs begin."""


def visible(text: str, keep: str = "") -> str:
    """The text with what can't be seen, or could take over a terminal, shown by its number.

    >>> visible("座椅\\x1b[31m套\\u202e")
    '座椅␛[31m套<U+202E>'
    """
    if text.isprintable():
        return text
    return "".join(char if char in keep else _visible(char) for char in text)


def cells(text: str) -> int:
    """The cells a text takes in a terminal: a Chinese character is one column but two cells.

    >>> cells("KB 座椅套")
    9
    """
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return 0 if unicodedata.category(char) in ("Mn", "Me") else 1


def _visible(char: str) -> str:
    if char.isprintable() or char == _IDEOGRAPHIC_SPACE:
        return char
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    # Surrogates stand for the bytes of a file name that is no UTF-8.
    if 0xDC80 <= code <= 0xDCFF:
        return f"<0x{code - 0xDC00:02X}>"
    return f"<U+{code:04X}>"


def _block(diagnostic: Diagnostic, style: Style, width: int) -> Iterator[str]:
    yield _headline(diagnostic, style)
    gutter = max(4, len(str(diagnostic.span.line)))
    if diagnostic.source:
        shown, indent, carets = _excerpt(diagnostic, width)
        label = f"{diagnostic.span.line:>{gutter}} |"
        yield f"{style('number', label)} {shown}".rstrip()
        yield " " * (gutter + 3 + indent) + style(LEVELS[diagnostic.level], "^" * carets)
    if diagnostic.hint:
        yield f"{' ' * (gutter + 1)}{style('hint', '= ' + visible(diagnostic.hint))}"


def _headline(diagnostic: Diagnostic, style: Style) -> str:
    span = diagnostic.span
    place = f"{visible(diagnostic.path)}:{span.line}:{span.column}:"
    level = "" if diagnostic.level is Level.ERROR else f"{diagnostic.level.label}："
    rule = style(LEVELS[diagnostic.level], diagnostic.rule)
    return f"{style('path', place)} {rule} {level}{visible(diagnostic.message)}"


def _excerpt(diagnostic: Diagnostic, width: int) -> tuple[str, int, int]:
    """The part of the source line that is shown, the cells before the place, and the place's."""
    source = diagnostic.source
    start = diagnostic.span.column - 1
    end = start + diagnostic.span.length
    first, before = start, 0
    # Up to a third of the width before the place, or all of what is before in a short line.
    whole = len(source) <= width and cells(visible(source)) <= width
    room = width if whole else width // 3
    while first > 0 and before < room:
        first -= 1
        before += cells(_visible(source[first]))
    head = "…" if first > 0 else ""
    shown, carets, used = head, 0, before + len(head)
    for index in range(first, len(source)):
        char = _visible(source[index])
        size = cells(char)
        if not whole and used + size > width and index > start:
            shown += "…"
            break
        shown += char
        if index >= start:
            used += size
            carets += size if index < end else 0
    return shown, before + len(head), max(1, carets)
