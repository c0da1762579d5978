"""Comments by which an editor excuses a finding, with a reason: `<!-- kb: ignore KB501 公司总机 -->`.

In front matter the same as a YAML comment: `# kb: ignore KB501 公司总机`. On a line of its own it is
about the next line, else about its own. It is general: any rule but those of KB0 and KB7 can be excused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb_builder.diagnostics import Span
from kb_builder.model.document import Document

_COMMENT = re.compile(r"(?:<!--|#)\s*kb\s*[:：]\s*ignore\b\s*([^\n]*?)\s*(?:-->|$)", re.IGNORECASE)
_RULES = re.compile(r"((?:[A-Za-z]{2}[0-9]{3}(?:\s*[,，、]\s*|\s+|$))+)")
_ID = re.compile("[A-Za-z]{2}[0-9]{3}")
NEVER = ("KB0", "KB7")
"""The groups whose findings can't be excused: they say that a file can't be read, or must not be seen."""


@dataclass(frozen=True, slots=True)
class Excuse:
    """An exception: for which rules (ids, none if none is named), why, about which line."""

    rules: tuple[str, ...]
    reason: str
    line: int
    span: Span

    @property
    def complete(self) -> bool:
        """Whether it says what it excuses and why, and may."""
        fixed = any(rule.startswith(NEVER) for rule in self.rules)
        return bool(self.rules) and bool(self.reason) and not fixed

    def excuses(self, rule: str, line: int) -> bool:
        """Whether it hides a finding of this rule on this line."""
        return self.complete and line == self.line and rule in self.rules


def exceptions(document: Document) -> tuple[Excuse, ...]:
    """The exceptions written in a document, in order; the incomplete ones too."""
    return in_lines(document.lines, document.body_line)


def in_lines(lines: Sequence[str], body_line: int) -> tuple[Excuse, ...]:
    """The exceptions in lines of which those before index `body_line` are front matter."""
    found = []
    for row, line in enumerate(lines):
        if "kb" not in line or "ignore" not in line.lower():
            continue
        for match in _COMMENT.finditer(line):
            if match[0].startswith("#") != (row < body_line):
                continue
            alone = not line[: match.start()].strip() and not line[match.end() :].strip()
            words = _RULES.match(match[1])
            rules = tuple(each.upper() for each in _ID.findall(words[1])) if words else ()
            reason = match[1][words.end() :].strip() if words else match[1]
            span = Span(row + 1, match.start() + 1, len(match[0]))
            found.append(Excuse(rules, reason, row + (2 if alone else 1), span))
    return tuple(found)
