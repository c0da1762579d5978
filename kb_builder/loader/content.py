"""Reads the documents, the hand-written pages and the pictures below `cases/`."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kb_builder.diagnostics import Finding, KbError, Span
from kb_builder.loader.beside import picture_beside, picture_paths, texts_beside
from kb_builder.loader.folders import paths_below
from kb_builder.loader.settings import load_settings
from kb_builder.model import document, front_matter
from kb_builder.model.audience import Audience, written_visibility
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.front_matter import Fault, Node, Scalar
from kb_builder.model.known import KnownDocuments, pictures_of
from kb_builder.model.pictures import Metadata, metadata
from kb_builder.model.schema import Schema
from kb_builder.model.settings import Settings

CONTENT = "cases"
STATE = ".kb"
"""Where index and caches live; never published, never in git."""

_LARGEST_PICTURE = 10 * 1024 * 1024
_PICTURES = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
}

PAGES = ("index.md", "guide/")
"""What below `cases/` are hand-written pages, MkDocs' business, rather than documents."""


@dataclass(frozen=True)
class Base:
    """A knowledge base on disk: a folder with `mkdocs.yml`, `cases/` and `site_config/`.

    `audience` says for whom it was narrowed (see `for_audience`); loaded, it is whole.
    """

    root: Path
    settings: Settings
    corpus: Corpus
    audience: Audience = Audience.ALL

    @property
    def state(self) -> Path:
        """The folder of index and caches; what is kept for one audience never serves another."""
        state = self.root / STATE
        return state if self.audience is Audience.ALL else state / self.audience.value


@dataclass(frozen=True, slots=True)
class HandPage:
    """A hand-written page: `title` is empty where none is given, `problem` says why it can't be read.

    `path` is relative to the base, `visibility` as written.
    """

    path: str
    title: str
    body: str
    problem: str = ""
    visibility: str = ""


def load(root: Path) -> Base:
    """Read a whole base. Raises KbError when it isn't one or its settings are broken."""
    settings = load_settings(root)
    return Base(root, settings, load_corpus(root, settings.schema))


def load_corpus(root: Path, schema: Schema) -> Corpus:
    """Read every document below `cases/`; what can't be read is a document with faults."""
    return corpus_of(root, documents(root, schema))


def corpus_of(root: Path, found: Iterable[Document]) -> Corpus:
    """The corpus of the documents of a base, with what else is there."""
    found = tuple(found)
    pages = frozenset(page_paths(root))
    named = {path for each in found for path in pictures_of(each)}
    lone = [path for path in picture_paths(root, CONTENT) if path not in named]
    telling: dict[str, tuple[Metadata, ...]] = {}
    for path in sorted({*named, *lone}):
        data = read_picture(root, path)
        pieces = metadata(data) if data is not None else ()
        if pieces:
            telling[path] = pieces
    beside = (
        *texts_beside(root, pages),
        *(picture_beside(path) for path in lone if path in telling),
    )
    return Corpus(found, pages, telling, beside)


def documents(root: Path, schema: Schema) -> Iterator[Document]:
    """Read the documents one by one, in the order of their paths, for who needs not keep them."""
    return (read_document(root, path, schema) for path in document_paths(root))


def document_bytes(root: Path, path: str) -> bytes:
    """The bytes of one document, whose path is one of `document_paths`; none where it isn't read."""
    data = _read_regular(root / path)
    return data if isinstance(data, bytes) else b""


def document_paths(root: Path) -> Iterator[str]:
    """The paths of all documents, relative to the base, in code point order."""
    return (path for path in markdown_paths(root) if not is_page(path.partition("/")[2]))


def page_paths(root: Path) -> Iterator[str]:
    """The paths of all hand-written pages, relative to the base, in code point order."""
    return (path for path in markdown_paths(root) if is_page(path.partition("/")[2]))


def hand_pages(root: Path) -> Iterator[HandPage]:
    """Read the hand-written pages. Front matter may be left out; of it, `title` and `visibility` count."""
    return (_read_page(root, path) for path in page_paths(root))


def _read_page(root: Path, path: str) -> HandPage:
    data = _read_regular(root / path)
    if not isinstance(data, bytes):
        return HandPage(path, "", "", data)
    source = front_matter.read(data)
    if source.root is None:
        if any(fault.rule != "no-front-matter" for fault in source.faults):
            return HandPage(path, "", "", source.faults[0].finding.message)
        return HandPage(path, "", "\n".join(source.lines))
    return HandPage(
        path,
        _scalar(source.root.get("title")),
        "\n".join(source.lines[source.body_line :]),
        visibility=written_visibility(source),
    )


def _scalar(node: Node | None) -> str:
    return node.text.strip() if isinstance(node, Scalar) else ""


def read_picture(root: Path, path: str) -> bytes | None:
    """A picture below `cases/`; None when there is none that may be published.

    Only regular files of at most 10 MiB whose bytes are those of a PNG, JPEG, WebP or GIF.
    """
    parts = path.split("/")
    if parts[0] != CONTENT or any(part in ("", "..") or part.startswith(".") for part in parts[1:]):
        return None
    if any((root / "/".join(parts[:n])).is_symlink() for n in range(2, len(parts))):
        return None
    data = _read_regular(root / path, _LARGEST_PICTURE)
    if not isinstance(data, bytes) or len(data) > _LARGEST_PICTURE:
        return None
    ending = path.rpartition(".")[2].lower()
    if not any(data.startswith(start) for start in _PICTURES.get(ending, ())):
        return None
    # Sound and film files begin as WebP does.
    return None if ending == "webp" and data[8:12] != b"WEBP" else data


def is_page(path: str) -> bool:
    """Whether a path relative to `cases/` is a hand-written page."""
    return path == PAGES[0] or path.startswith(PAGES[1])


def markdown_paths(root: Path) -> list[str]:
    """The paths of documents and pages, relative to the base, in code point order."""
    if not (root / CONTENT).is_dir():
        raise KbError(f"{root} 里没有 {CONTENT}/ 文件夹：这里不是知识库；用 kb init 新建一个")
    return paths_below(root, CONTENT, lambda name: name.endswith(".md"))


def read_document(
    root: Path, path: str, schema: Schema, known: KnownDocuments | None = None
) -> Document:
    """Read one document, whose path is one of `document_paths`; one that can't be read has faults.

    One of those `known` is read no further than it is asked.
    """
    data = _read_regular(f"{root}/{path}")
    if isinstance(data, bytes):
        found = known.of(path, data) if known is not None else None
        return found or document.build(path, data, schema)
    fault = Fault("unsafe-file", Finding(Span(1, 1), data, "换成普通文件"))
    empty = document.build(path, b"", schema)
    return replace(empty, faults=(fault,), readable=False)


def _read_regular(path: Path | str, limit: int = front_matter.MAX_BYTES) -> bytes | str:
    """The bytes of a regular file, one more than the limit at most; or why it isn't read."""
    try:
        # O_NONBLOCK: opening a FIFO must not wait for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        return "是符号链接，不读取" if Path(path).is_symlink() else f"读不了：{error.strerror}"
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return "不是普通文件，不读取"
        # A file object costs more than the reading of a page.
        data = os.read(handle, min(status.st_size, limit) + 1)
        while len(data) <= limit and (more := os.read(handle, limit + 1 - len(data))):
            data += more
        return data
    finally:
        os.close(handle)
