"""KB607 trailing-blank."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, Span
from kb_builder.model.document import Document
from kb_builder.model.sections import outside_fences
from kb_builder.rules import Context, rule

_BLANKS = re.compile(r"[ \t\u00a0\u3000]+$")
_ENDS_IN_BLANK = re.compile(r"[ \t\u00a0\u3000](?:\n|$)")
_NEEDS_BLANK = re.compile(r"[\s>]*(?:[-+*:]|\d+[.)])$|#.*#$")
"""The mark of an empty list item; a heading whose last `#` would otherwise count as its end."""


@rule("KB607", "trailing-blank", level=Level.HINT)
def trailing_blank(document: Document, _context: Context) -> Iterator[Finding]:
    """行尾有空格。

    看不见，却让每次比较多出几行改动。`kb check --fix` 会删去。行尾正好两个以上的半角空格、下一行接着写的，是 Markdown 的换行，不算。

    反例:

    ```markdown
    客户预付两周，店里没有订货。\x20
    ```

    正例:

    ```markdown
    客户预付两周，店里没有订货。
    ```
    """
    if not _ENDS_IN_BLANK.search("\n".join(document.lines)):
        return
    rows = [row for row, _ in trailing_blanks(document.lines, document.body_line)]
    if rows:
        line = document.lines[rows[0]]
        end = len(line.rstrip())
        more = f"（全文 {len(rows)} 行）" if len(rows) > 1 else ""
        yield Finding(
            Span(rows[0] + 1, end + 1, len(line) - end),
            f"行尾有空格{more}",
            "删去，或运行 kb check --fix",
        )


def trailing_blanks(lines: tuple[str, ...], body: int) -> Iterator[tuple[int, str]]:
    """The lines with blanks at their end that say nothing: index, and the line without them.

    Args:
        lines: a document's.
        body: the index of the first line after front matter; fenced code from there on is left
            alone, and so are line breaks and marks that need their blank.
    """
    yield from ((row, line.rstrip(" \t")) for row, line in enumerate(lines[:body]) if _ends(line))
    for row, line in outside_fences(lines, body):
        if not _BLANKS.search(line):
            continue
        bare = _BLANKS.sub("", line)
        following = lines[row + 1] if row + 1 < len(lines) else ""
        is_break = bool(bare) and line.endswith("  ") and bool(following.strip())
        if not is_break and not _NEEDS_BLANK.match(bare):
            yield row, bare


def _ends(line: str) -> bool:
    return line.endswith((" ", "\t"))
