"""Text of a cell, made clean, and made Markdown that shows exactly that text."""

from __future__ import annotations

import re

_SPREADSHEET_ESCAPE = re.compile(r"_x(00[01][0-9A-Fa-f])_")
_LINE_END = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]+")
# Control characters, lone surrogates, and what is invisible: zero-width characters, direction marks,
# soft hyphens, tags. Nobody typed them on purpose; they hide words from the search.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")

_INLINE = re.compile(
    r"""[\\`*\[{<]              # marks of code, emphasis, links, attributes, HTML
      | (?<=\])\(               # a bracket that would make a link of what is before it
      | (?<!\w)_+ | _+(?!\w)    # emphasis; inside a word it is none
      | &(?=\#?\w{1,32};)       # an entity
    """,
    re.VERBOSE,
)
_BLOCK = re.compile(
    r"""[#>]                    # heading, quotation
      | [-+](?=[ -]|\Z)         # list, rule
      | \d{1,9}[.)](?=[ ]|\Z)   # numbered list
      | !{3} | \?{3} | ~{3} | ={3} | /{3} | :(?=[ ])    # admonition, fence, tab, block, definition
    """,
    re.VERBOSE,
)
# A backslash before any other character is text, so these have to be written as entities.
_BACKSLASH = frozenset("\\`*_[{(#>-+.!")
_ENTITIES = {"<": "&lt;", "&": "&amp;"}


def clean(text: str) -> str:
    r"""The text without what nobody can see; lines without surrounding space, none of them empty.

    >>> clean("_x000D_\n\t\u3000屏幕\u200b碎了\xa0 两天 \r\n\r\n没人管")
    '屏幕碎了 两天\n没人管'
    """
    text = _SPREADSHEET_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    text = _SPACES.sub(" ", _INVISIBLE.sub("", _LINE_END.sub("\n", text)))
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


def one_line(text: str) -> str:
    """The clean text on one line."""
    return clean(text).replace("\n", " ")


def cut(text: str, length: int) -> str:
    """The text, or its beginning with an ellipsis when it has more than `length` characters.

    >>> cut("预付座椅套漏下单", 5)
    '预付座椅…'
    """
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def paragraphs(text: str) -> str:
    """Markdown that shows the clean text, one paragraph a line."""
    return "\n\n".join(escape(line) for line in clean(text).split("\n"))


def escape(line: str) -> str:
    r"""Markdown that shows one clean line as it is; as few marks as possible.

    >>> escape("1. 价格<5折*，见[规则](x)_")
    '1\\. 价格&lt;5折\\*，见\\[规则]\\(x)\\_'
    """
    line = _INLINE.sub(lambda match: "".join(map(_literal, match[0])), line)
    block = _BLOCK.match(line)
    if block is None:
        return line
    mark = block[0]
    return (
        f"{mark[:-1]}{_literal(mark[-1])}{line[block.end() :]}"
        if mark[0].isdigit()
        else (f"{_literal(mark[0])}{line[1:]}")
    )


def _literal(char: str) -> str:
    if char in _ENTITIES:
        return _ENTITIES[char]
    return f"\\{char}" if char in _BACKSLASH else f"&#{ord(char)};"
