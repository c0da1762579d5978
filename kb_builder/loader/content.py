"""Reads the documents, the hand-written pages and the pictures below `cases/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kb_builder.caches import STATE
from kb_builder.diagnostics import KbError
from kb_builder.loader.beside import picture_beside, picture_paths, texts_beside
from kb_builder.loader.folders import paths_below
from kb_builder.loader.regular import read_regular, unread
from kb_builder.loader.settings import load_settings
from kb_builder.model import document, pages
from kb_builder.model.audience import Audience, written_visibility
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.front_matter import Node, Scalar
from kb_builder.model.known import KnownDocuments, pictures_of
from kb_builder.model.pictures import Metadata, metadata
from kb_builder.model.schema import Schema
from kb_builder.model.settings import Settings

CONTENT = "cases"
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
    by_hand = frozenset(page_paths(root))
    named = {path for each in found for path in pictures_of(each)}
    lone = [path for path in picture_paths(root, CONTENT) if path not in named]
    telling: dict[str, tuple[Metadata, ...]] = {}
    for path in sorted({*named, *lone}):
        data = read_picture(root, path)
        pieces = metadata(data) if data is not None else ()
        if pieces:
            telling[path] = pieces
    beside = (
        *texts_beside(root, by_hand),
        *(picture_beside(path) for path in lone if path in telling),
    )
    return Corpus(found, by_hand, telling, beside)


def documents(root: Path, schema: Schema) -> Iterator[Document]:
    """Read the documents one by one, in the order of their paths, for who needs not keep them."""
    return (read_document(root, path, schema) for path in document_paths(root))


def document_bytes(root: Path, path: str) -> bytes:
    """The bytes of one document, whose path is one of `document_paths`; none where it isn't read."""
    data = read_regular(root / path)
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
    data = read_regular(root / path)
    if not isinstance(data, bytes):
        return HandPage(path, "", "", data)
    source = pages.read(data)
    if source.root is None or source.faults:
        return HandPage(path, "", "", source.faults[0].finding.message)
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
    data = read_regular(root / path, _LARGEST_PICTURE)
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
    data = read_regular(f"{root}/{path}")
    if isinstance(data, bytes):
        found = known.of(path, data) if known is not None else None
        return found or document.build(path, data, schema)
    empty = document.build(path, b"", schema)
    return replace(empty, faults=(unread(data),), readable=False)
