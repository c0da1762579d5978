"""Tells when files of a base were written, and the one home of watchdog."""

from __future__ import annotations

import errno
import os
import queue
import time
from pathlib import Path, PurePath
from types import TracebackType

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from kb_builder.diagnostics import KbError

_WRITTEN = {"created", "modified", "moved", "deleted", "closed"}
"""Kinds of event after which a file may read otherwise; opening and reading are events too."""

_QUIET = 0.03
"""Seconds without an event after which a burst is over: an editor saves in several steps."""

_LONGEST = 1.0
"""Seconds after which a burst is looked at although it goes on."""


class Watcher:
    """Waits for changes in some folders of a base; to be used in a `with` statement.

    Folders are watched with what is below them, symbolic links are not followed, hidden files don't count.
    A folder that isn't there, or is replaced, is watched from when it is there.
    """

    def __init__(self, root: Path, folders: tuple[str, ...]) -> None:
        self._root = root.resolve()
        self._folders = folders
        self._written: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._observer = Observer()

    def __enter__(self) -> Watcher:
        self._schedule()
        try:
            self._observer.start()
        except OSError as error:
            raise self._refused(error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._observer.stop()
        self._observer.join()

    def wait(self, seconds: float) -> frozenset[str]:
        """The paths, relative to the base, that were written; none when that is how long nothing was.

        What belongs to one burst, such as a `git checkout`, comes at once.
        """
        try:
            found = {self._written.get(timeout=seconds)}
        except queue.Empty:
            return frozenset()
        end = time.monotonic() + _LONGEST
        while time.monotonic() < end:
            try:
                found.add(self._written.get(timeout=_QUIET))
            except queue.Empty:
                break
        if found & set(self._folders):
            self._observer.unschedule_all()
            self._schedule()
        return frozenset(found)

    def _schedule(self) -> None:
        handler = _Handler(self._root, self._folders, self._written)
        try:
            # The base itself too, for when one of the folders is made or replaced.
            self._observer.schedule(handler, str(self._root))
            for name in self._folders:
                if (self._root / name).is_dir():
                    self._observer.schedule(handler, str(self._root / name), recursive=True)
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> KbError:
        if error.errno in (errno.ENOSPC, errno.EMFILE):
            return KbError(
                "系统不让再看更多的文件夹：把 fs.inotify.max_user_watches 和 max_user_instances 调大"
            )
        return KbError(f"看不了 {self._root} 里的改动：{error.strerror or error}")


class _Handler(FileSystemEventHandler):
    """Puts what was written into a queue; called in a thread of watchdog's."""

    def __init__(
        self, root: Path, folders: tuple[str, ...], written: queue.SimpleQueue[str]
    ) -> None:
        self._root = root
        self._folders = folders
        self._written = written

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in _WRITTEN:
            return
        for place in (event.src_path, event.dest_path):
            path = PurePath(os.fsdecode(place))
            if not place or not path.is_relative_to(self._root):
                continue
            parts = path.relative_to(self._root).parts
            # That something in a folder changed is said of the folder too.
            is_news = not (event.is_directory and event.event_type == "modified")
            hidden = any(part.startswith(".") for part in parts)
            if parts and parts[0] in self._folders and is_news and not hidden:
                self._written.put("/".join(parts))
