"""The sentences of a document with their places: what rules about wording look at.

Code, addresses and comments are no sentences. They are blanked out rather than cut, so that columns stay
what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb_builder.diagnostics import Span
from kb_builder.model.sections import outside_fences

BLANK = "\ufffc"
"""Stands for a character that is no part of a sentence; no pattern about wording matches it."""

_NOT_PROSE = re.compile(
    r"""
      (?P<code>`+)[^`].*?(?P=code)(?!`)       # code
    | <!--.*?-->                              # comment
    | (?<=\]\()[^()\s]*(?:\([^()\s]*\)[^()\s]*)*   # target of a link
    | https?://[^\s，。；、）》”]+             # bare address
    | </?[A-Za-z][^<>]*>                      # HTML
    | ^[ ]*(?:!!!|\?\?\?)\+?[ ]+[\w-]+        # admonition
    """,
    re.VERBOSE,
)
_MAY_HOLD = re.compile(r"[`<]|\]\(|://|!!!|\?\?\?")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text; `field` is the name of its field, empty in the body.

    `start` is the place of its first character. `exact` is False where the text isn't written as it
    reads, over several lines or with escapes: then its places are all that of the whole.
    """

    text: str
    start: Span
    field: str = ""
    exact: bool = True

    def span(self, begin: int, end: int) -> Span:
        """The place of `text[begin:end]`."""
        if not self.exact:
            return self.start
        return Span(self.start.line, self.start.column + begin, max(1, end - begin))

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Span]]:
        """The matches of a pattern with their places."""
        for match in pattern.finditer(self.text):
            yield match, self.span(*match.span())


def in_field(name: str, text: str, span: Span, source: str) -> Passage:
    """The passage of a value that starts at `span` in the line `source`."""
    at = source.find(text, span.column - 1, span.column - 1 + span.length)
    if at < 0:
        return Passage(text, span, name, exact=False)
    return Passage(text, Span(span.line, at + 1, len(text)), name)


def in_body(lines: tuple[str, ...], first: int) -> Iterator[Passage]:
    """The lines from index `first` on that are neither blank nor code, one passage each."""
    for row, line in outside_fences(lines, first):
        if line and not line.isspace():
            yield Passage(without_code(line), Span(row + 1, 1, len(line)))


def without_code(line: str) -> str:
    """A line of Markdown with all that is no sentence blanked out.

    >>> without_code("运行 `kb check`，见[说明](a.md)").replace(BLANK, "_")
    '运行 __________，见[说明](____)'
    """
    if not _MAY_HOLD.search(line):
        return line
    return _NOT_PROSE.sub(lambda match: BLANK * len(match[0]), line)
