"""What else of a base is published or used: hand-written pages, settings, and pictures that no document names."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from kb_builder import storage
from kb_builder.loader.config import CONFIG
from kb_builder.loader.folders import paths_below
from kb_builder.loader.regular import read_regular, unread
from kb_builder.model.document import Document
from kb_builder.model.pages import read

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_SETTINGS = {".yml", ".yaml", ".txt", ".md"}
_SITE = "mkdocs.yml"


def texts_beside(root: Path, pages: Collection[str]) -> Iterator[Document]:
    """The hand-written pages and the files of settings as documents of no kind, in the order of their paths.

    In settings everything counts as front matter: so an exception is written as it is elsewhere.
    """
    folder = root / CONFIG
    settings = (
        path.relative_to(root).as_posix()
        for path in folder.rglob("*")
        if path.suffix in _SETTINGS and path.is_file() and not path.is_symlink()
    )
    by_hand = frozenset(pages)
    for path in sorted({*by_hand, *settings, _SITE}):
        if path in by_hand:
            yield _page(root, path)
            continue
        try:
            data = storage.read(root / path)
        except OSError:
            continue  # The reader of settings says that it isn't read.
        lines = tuple(data.decode("utf-8", "replace").removeprefix("\ufeff").splitlines())
        is_settings = path.startswith((f"{CONFIG}/", _SITE)) and not path.endswith(".md")
        yield _document(path, data, lines or ("",), len(lines) if is_settings else 0)


def _page(root: Path, path: str) -> Document:
    data = read_regular(root / path)
    if isinstance(data, str):
        return replace(_document(path, b"", ("",), 0), faults=(unread(data),), readable=False)
    source = read(data)
    page = _document(path, data, source.lines or ("",), source.body_line)
    return replace(page, faults=source.faults, readable=source.root is not None)


def picture_beside(path: str) -> Document:
    """A picture that no document names, as a document without text."""
    return _document(path, b"", ("",), 0)


def picture_paths(root: Path, content: str) -> list[str]:
    """The paths of all files below the content folder that are called like a picture, in code point order."""
    return paths_below(root, content, lambda name: name.lower().endswith(_PICTURES))


def _document(path: str, data: bytes, lines: tuple[str, ...], body_line: int) -> Document:
    return Document(
        path=path,
        kind=None,
        lines=lines,
        body_line=body_line,
        fields={},
        keys={},
        faults=(),
        readable=True,
        digest=hashlib.sha256(data).hexdigest(),
    )
