"""Markdown to plain text, for search and excerpts: what a reader sees, without the marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb_builder.model.sections import blank_code

UNSEEN = ("script", "style", "template", "noscript", "iframe", "object", "svg", "math")
"""The elements that are left out of a page with all that is in them."""

_HIDDEN = re.compile(
    rf"""
      <!--.*?(?:--!?>|\Z)                                             # comment
    | <!\[CDATA\[.*?(?:\]\]>|\Z)
    | <({"|".join(UNSEEN)})(?![\w-]).*?(?:</\1\s*>|\Z)
    | <(?P<address>[A-Za-z][\w+.-]{{1,30}}:[^<>\s]+|[^<>\s@]+@[^<>\s@]+)>
    | <[/?!]?[A-Za-z](?:[^<>"']++|"[^"]*+"|'[^']*+'){{0,60}}+>          # tag
    | <[/?!]?[A-Za-z][^<>]*>                                         # with a quotation mark too many
    | <[A-Za-z][a-z0-9-]*\s+[a-z-]+\s*=[^<>]*(?=<|\Z)                 # without an end
    | ^[ ]{{0,3}}\[(?!\^)[^\[\]\n]*\]:[ \t]*\n?[ \t]*\S+[ \t]*(?:\n[ \t]*)?
      (?:"[^\n]*"|'[^\n]*'|\([^\n]*\))?[ \t]*$                      # target of links by name
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE | re.IGNORECASE,
)

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
    """The text of Markdown `lines`, one line a block line; blank lines, marks, and what no page shows are gone.

    >>> plain(["## 记录", "", "- 客户**很生气**，见[预案](PB-004.md)"])
    '记录\\n客户很生气，见预案'
    """
    found: list[str] = []
    for line in _shown(lines):
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


def _shown(lines: Sequence[str]) -> Sequence[str]:
    """The lines without comments, tags, what runs, and the targets of links by name. Code stays as it is."""
    text = "\n".join(lines)
    if "<" not in text and "]:" not in text:
        return lines
    pieces = []
    done = 0
    for match in _HIDDEN.finditer(blank_code(tuple(lines), 0)):
        pieces += [text[done : match.start()], match["address"] or ""]
        done = match.end()
    return "".join((*pieces, text[done:])).split("\n")
