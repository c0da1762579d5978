"""The preview after a save: the page of the saved document at once, everything else behind it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from mkdocs.livereload import LiveReloadServer

from kb_builder.watching import Watcher

_log = logging.getLogger("mkdocs.kb")

_PATIENCE = 0.5
"""Seconds of waiting for a change at a time."""


class Reloading:
    """Tells the server of MkDocs what was saved, as soon as the operating system says so.

    `remake` makes the page of a saved document and says whether it did; `folders` are those of the base that are
    watched; `is_outdated` says whether the base has changed since it was read. Pages aren't made while the whole
    site is built: that holds `building`. What is saved meanwhile is in the build that follows at once.
    """

    def __init__(
        self,
        server: LiveReloadServer,
        root: Path,
        folders: tuple[str, ...],
        remake: Callable[[str], bool],
        is_outdated: Callable[[], bool],
    ) -> None:
        self.building = threading.Lock()
        self._server = server
        self._root = root
        self._folders = folders
        self._remake = remake
        self._is_outdated = is_outdated

    def start(self) -> None:
        """Watch until the program ends. Raises KbError when the system doesn't let us."""
        watcher = Watcher(self._root, self._folders)
        watcher.__enter__()
        build = self._server.builder

        def build_beside() -> None:
            with self.building:
                newest = self._answer_meanwhile()
                build()
                with self._server._epoch_cond:
                    self._server._wanted_epoch = max(newest, self._server._visible_epoch + 1)

        self._server.builder = build_beside
        # Until here nobody watched: the first build is done already.
        if self._is_outdated():
            self._want_build()
        threading.Thread(target=self._watch, args=(watcher,), daemon=True).start()

    def _answer_meanwhile(self) -> int:
        """Let the server show what is there while it builds; it would keep every reader waiting until the end.

        Returns the number of the build, which is to be wanted again when it is done: then browsers reload.
        """
        server = self._server
        with server._epoch_cond:
            newest, server._wanted_epoch = server._wanted_epoch, server._visible_epoch
            server._epoch_cond.notify_all()
        return newest

    def _watch(self, watcher: Watcher) -> None:
        while True:
            for path in sorted(watcher.wait(_PATIENCE)):
                self._saved(path)

    def _saved(self, path: str) -> None:
        server = self._server
        if self.building.acquire(blocking=False):
            try:
                made = self._remake(path)
            finally:
                self.building.release()
            if made:
                with server._epoch_cond:
                    # Newer than what browsers show: they load it now, and again after the build that follows.
                    server._visible_epoch += 1
                    server._wanted_epoch = server._visible_epoch
                    server._epoch_cond.notify_all()
        else:
            _log.info("Saved while building: %s", path)
        self._want_build()

    def _want_build(self) -> None:
        with self._server._rebuild_cond:
            self._server._want_rebuild = True
            self._server._rebuild_cond.notify_all()
