"""How diagnostics are printed: for people, for programs, and beside the changed lines on GitHub."""

from kb_builder.reporters.github import LIMIT, github, github_summary
from kb_builder.reporters.people import (
    WIDTH,
    Style,
    cells,
    concise,
    count,
    full,
    plain,
    summary,
    visible,
)
from kb_builder.reporters.programs import as_json, gitlab, junit, sarif

__all__ = [
    "LIMIT",
    "WIDTH",
    "Style",
    "as_json",
    "cells",
    "concise",
    "count",
    "full",
    "github",
    "github_summary",
    "gitlab",
    "junit",
    "plain",
    "sarif",
    "summary",
    "visible",
]
