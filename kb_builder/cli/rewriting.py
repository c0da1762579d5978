"""Showing and writing what a command makes of files: a difference first, each file whole."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from kb_builder.intake import files


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A file's content before and after."""

    before: bytes
    after: bytes


def write(root: Path, rewrites: Mapping[str, Rewrite]) -> list[str]:
    """Write files of a base; the paths of those that somebody changed meanwhile, left as they are."""
    return [
        path
        for path, rewrite in rewrites.items()
        if not files.replace(root / path, rewrite.after, hashlib.sha256(rewrite.before).hexdigest())
    ]


def show(rewrites: Mapping[str, Rewrite]) -> None:
    """Print the differences as `git diff` and `patch` know them."""
    for path, rewrite in rewrites.items():
        click.echo("".join(_difference(path, rewrite)), nl=False)


def _difference(path: str, rewrite: Rewrite) -> Iterator[str]:
    # Only line feeds end a line here: a form feed would break the patch.
    before, after = (
        [f"{line}\n" for line in data.decode().split("\n")]
        for data in (rewrite.before, rewrite.after)
    )
    for lines in (before, after):
        if lines[-1] == "\n":
            lines.pop()
        else:
            lines[-1] = lines[-1].removesuffix("\n")
    for line in difflib.unified_diff(before, after, f"a/{path}", f"b/{path}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
