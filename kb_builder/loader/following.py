"""A base kept in memory, of which only what changed is read again."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path

from kb_builder.loader.beside import picture_beside, picture_paths, texts_beside
from kb_builder.loader.config import CONFIG
from kb_builder.loader.content import (
    CONTENT,
    Base,
    is_page,
    markdown_paths,
    read_document,
    read_picture,
)
from kb_builder.loader.settings import load_settings
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.known import KnownDocuments, pictures_of
from kb_builder.model.pictures import Metadata, metadata
from kb_builder.model.settings import Settings

_Stamp = tuple[int, ...]
"""What the file system says of a file; another content has another stamp."""


class FollowedBase:
    """A base as it is now, at the cost of what has changed since it was asked for last.

    Every file is looked at, not only those a watcher names: a watcher may miss some.
    """

    def __init__(
        self, root: Path, known: Callable[[Settings], KnownDocuments | None] | None = None
    ) -> None:
        """`known` gives the documents that need not be read under these settings; it is asked when they change."""
        self._root = root
        self._known_under = known or (lambda _settings: None)
        self._known: KnownDocuments | None = None
        self._settings: Settings | None = None
        self._settings_stamps: dict[str, _Stamp] = {}
        self._documents: dict[str, Document] = {}
        self._stamps: dict[str, _Stamp] = {}
        self._pictures: dict[str, tuple[Metadata, ...]] = {}
        self._picture_uses: dict[str, tuple[str, ...]] = {}
        self._beside: tuple[Document, ...] = ()

    def now(self, touched: Collection[str] = ()) -> Base:
        """The base. Raises KbError as `loader.load` and `known` do, and goes on where it was when that is mended.

        Args:
            touched: paths that are read whatever their stamps say: a file may be written twice within one tick
                of the file system's clock.
        """
        settings = self._current_settings(touched)
        paths: list[str] = []
        pages: list[str] = []
        for path in markdown_paths(self._root):
            (pages if is_page(path.partition("/")[2]) else paths).append(path)
        for path in self._documents.keys() - set(paths):
            self._drop(path)
        for path in paths:
            # Stamped before it is read: what is written meanwhile has another stamp.
            stamp = _stamp(f"{self._root}/{path}")
            if path in touched or self._stamps.get(path) != stamp:
                self._read(path, settings)
                self._stamps[path] = stamp
        documents = tuple(self._documents[path] for path in paths)
        telling = self._metadata(touched)
        named = {path for paths in self._picture_uses.values() for path in paths}
        beside = [
            *texts_beside(self._root, pages),
            *(picture_beside(path) for path in telling if path not in named),
        ]
        # What says the same is the same document still.
        known = {document.path: document for document in self._beside}
        self._beside = tuple(
            before if before is not None and before == now else now
            for now in beside
            for before in [known.get(now.path)]
        )
        corpus = Corpus(documents, frozenset(pages), telling, self._beside)
        return Base(self._root, settings, corpus)

    def _current_settings(self, touched: Collection[str]) -> Settings:
        folder = self._root / CONFIG
        stamps = {path: _stamp(path) for path in sorted(map(str, folder.rglob("*")))}
        inside = any(path.startswith(f"{CONFIG}/") for path in touched)
        if self._settings is None or inside or stamps != self._settings_stamps:
            settings = load_settings(self._root)
            if self._settings is None or settings.digest != self._settings.digest:
                # What a file means may be another thing now.
                self._known = self._known_under(settings)
                self._settings = settings
                self._documents.clear()
                self._stamps.clear()
                self._picture_uses.clear()
            # Last: settings that can't be used are tried again.
            self._settings_stamps = stamps
        return self._settings

    def _read(self, path: str, settings: Settings) -> None:
        document = read_document(self._root, path, settings.schema, self._known)
        known = self._documents.get(path)
        # Saved without a change, it is the same document still. What can't be read has no digest to compare.
        if known is None or not document.readable or known.digest != document.digest:
            self._documents[path] = document
            self._picture_uses[path] = pictures_of(document)

    def _drop(self, path: str) -> None:
        del self._documents[path], self._stamps[path], self._picture_uses[path]

    def _metadata(self, touched: Collection[str]) -> dict[str, tuple[Metadata, ...]]:
        named = {path for paths in self._picture_uses.values() for path in paths}
        used = sorted({*named, *picture_paths(self._root, CONTENT)})
        for path in used:
            stamp = _stamp(f"{self._root}/{path}")
            if path in touched or self._stamps.get(path) != stamp:
                data = read_picture(self._root, path)
                self._pictures[path] = metadata(data) if data is not None else ()
                self._stamps[path] = stamp
        return {path: self._pictures[path] for path in used if self._pictures.get(path)}


def _stamp(path: str) -> _Stamp:
    try:
        status = os.lstat(path)
    except OSError:
        return ()
    return (
        status.st_ino,
        status.st_mode,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
