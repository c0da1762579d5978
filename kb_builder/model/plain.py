"""Markdown to plain text, for search and excerpts: what a reader sees, without the marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,}).*")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t:|-]*-{3,}[ \t:|-]*")
_BLOCK = re.compile(
    r"""[ \t]*(?:
        \#{1,6}[ \t]+                      # heading
      | (?:>[ \t]?)+                       # quotation
      | [-*+][ \t]+(?:\[[ xX]\][ \t]+)?    # list, task
      | \d{1,9}[.)][ \t]+                  # numbered list
      | !!!\+?[ \t]+[\w-]+[ \t]*           # admonition
      | \[\^[^\]\n]{1,80}\]:[ \t]*         # footnote
      | :[ \t]+                            # definition
    )*""",
    re.VERBOSE,
)
_INLINE = (
    (re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)"), r"\1"),
    (re.compile(r"\[([^\]\n]{1,300})\]\([^)\n]{0,500}\)"), r"\1"),
    (re.compile(r"\[\^[^\]\n]{1,80}\]"), ""),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"`+([^`\n]+)`+"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!<>|~-])"), r"\1"),
)
_HAS_INLINE = re.compile(r"[\[*_`\\]")


def plain(lines: Sequence[str]) -> str:
    """The text of Markdown `lines`, one line a block line; blank lines and marks are gone.

    >>> plain(["## 记录", "", "- 客户**很生气**，见[预案](PB-004.md)"])
    '记录\\n客户很生气，见预案'
    """
    found: list[str] = []
    for line in lines:
        if not line or line.isspace() or _FENCE.fullmatch(line) or _TABLE_RULE.fullmatch(line):
            continue
        block = _BLOCK.match(line)
        text = line[block.end() :] if block else line
        if text.startswith("|"):
            text = " ".join(cell.strip() for cell in text.strip("| \t").split("|"))
        if _HAS_INLINE.search(text):
            for pattern, replacement in _INLINE:
                text = pattern.sub(replacement, text)
        text = text.strip()
        if text:
            found.append(text)
    return "\n".join(found)
