"""Reports in a GitHub workflow: annotations beside the changed lines, the rest in the job's summary."""

from __future__ import annotations

from collections.abc import Sequence

from kb_builder.diagnostics import Diagnostic, Level
from kb_builder.reporters.people import visible

LIMIT = 10
"""How many annotations of each level GitHub shows for one step; what comes after is dropped there."""

_SUMMARY_LIMIT = 1_000
"""Rows of a summary; GitHub refuses one of more than 1 MiB."""

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.HINT: "notice"}
_LINE_FEED = "\n"


def github(diagnostics: Sequence[Diagnostic]) -> str:
    """Workflow commands, errors first, the first `LIMIT` of each level."""
    lines = []
    for level in sorted(_COMMANDS, reverse=True):
        found = [each for each in diagnostics if each.level is level]
        lines += [_command(each) for each in found[:LIMIT]]
    return _LINE_FEED.join(lines)


def github_summary(diagnostics: Sequence[Diagnostic], headline: str) -> str:
    """The job's summary in Markdown: the headline and a table of everything found, errors first."""
    parts = [f"### {_cell(headline)}", ""]
    if diagnostics:
        parts += ["| 级别 | 位置 | 规则 | 问题 | 怎么改 |", "|---|---|---|---|---|"]
    ordered = sorted(diagnostics, key=lambda each: -each.level)
    for each in ordered[:_SUMMARY_LIMIT]:
        place = f"{each.path}:{each.span.line}:{each.span.column}"
        cells = (each.level.label, place, each.rule, each.message, each.hint)
        parts.append(f"| {' | '.join(map(_cell, cells))} |")
    left = len(ordered) - _SUMMARY_LIMIT
    if left > 0:
        parts += ["", f"还有 {left:,} 个没有列出；在自己的电脑上运行 kb check 看全部。"]
    return _LINE_FEED.join(parts) + _LINE_FEED


def _command(each: Diagnostic) -> str:
    line, column = each.span.line, each.span.column
    properties = {
        "file": visible(each.path),
        "line": str(line),
        "endLine": str(line),
        "col": str(column),
        "endColumn": str(column + each.span.length),
        "title": f"{each.rule} {each.name}",
    }
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = f"{each.message}\n{each.hint}" if each.hint else each.message
    text = _data(visible(message, keep=_LINE_FEED))
    return f"::{_COMMANDS[each.level]} {written}::{text}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


_MARKDOWN = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>|#!~&"})


def _cell(text: str) -> str:
    """Text in a Markdown table as it stands: what a document says must not become markup here."""
    return visible(text).translate(_MARKDOWN)
