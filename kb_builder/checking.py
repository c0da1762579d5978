"""Checking a base at the cost of what has changed since it was checked last.

What a check came to is kept in `.kb/checked` (see `checked`): for each document its diagnostics and what the rules
asked of others (see `rules.rechecking`), and the facts by which it needs not be read. It serves only the same settings,
the same program and the same folder: what a checkout brings along, or another version left, is foreign and made anew.
"""

from __future__ import annotations

import datetime
import gc
import hashlib
import sys
import unicodedata
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from kb_builder import __version__, caches, checked
from kb_builder.checked import Checked
from kb_builder.diagnostics import Diagnostic, KbError
from kb_builder.loader import Base
from kb_builder.model.corpus import Corpus
from kb_builder.model.known import KnownDocuments
from kb_builder.model.settings import Settings
from kb_builder.rules.rechecking import Rechecker

_NAME = "checked"
_FEWEST, _CHARACTERS = 1000, 4000
"""Where there are so many documents, so many new characters are not written down yet: looking at one again takes
1.7 µs, writing down what is known of a document takes 10 µs.
"""

_LIBRARIES = ("yaml", "opencc")
"""Those on which it depends what a document says and what a rule finds."""


def check(base: Base, today: datetime.date) -> tuple[Diagnostic, ...]:
    """Everything the rules find in a base, as `rules.check` says it, by file and place.

    Raises KbError as `rules.levels` does.
    """
    with uncollected():
        checking = Checking(base.state, base.settings)
        found = checking.check(base.corpus, today)
        checking.keep()
    return found


@contextmanager
def uncollected() -> Iterator[None]:
    """Let Python not look for garbage meanwhile: what a check makes lives to its end, and looking through a
    million objects again and again takes a third of its time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Checking:
    """The check of one base: what the last one came to, and how to bring it up to date."""

    def __init__(self, state: Path, settings: Settings) -> None:
        """Read what is kept in the state folder; nothing of it counts that isn't of here and now.

        Raises KbError as `rules.levels` does.
        """
        self._state = state
        self._settings = settings
        self._checked = _read(state, settings)
        self._rechecker = Rechecker(settings, self._checked.knowledge)
        self._unkept = 0

    @property
    def known(self) -> KnownDocuments:
        """The documents that need not be read, for `loader.read_document`."""
        return self._checked.documents

    def check(self, corpus: Corpus, today: datetime.date) -> tuple[Diagnostic, ...]:
        """Everything the rules find, as `rules.check` says it."""
        knowledge = self._rechecker.known
        before = knowledge.digests.keys()
        found = self._rechecker.check(corpus, today)
        looked_at = self._rechecker.looked_at
        for document in (*corpus.documents, *corpus.beside):
            if document.path in looked_at and knowledge.digests[document.path]:
                self._checked.documents.learn(document)
                self._checked.renewed.add(document.path)
                self._unkept += sum(map(len, document.lines))
        if knowledge.digests.keys() != before:
            self._unkept += 1
        return tuple(found)

    def keep(self) -> None:
        """Write down for the next time what the last check came to, unless hardly anything of it is new.

        Looking at a few documents once more costs less than writing down what is known of ten thousand.
        """
        known = self._checked.knowledge.digests
        if self._unkept <= _CHARACTERS * (len(known) // _FEWEST):
            return
        try:
            caches.make_folder(self._state)
            data = checked.encode(self._checked, _key(self._state, self._settings))
            caches.write(self._state / _NAME, data)
        except (OSError, KbError):
            # A base that can't be written to can be checked all the same, only not faster the next time.
            return
        self._unkept = 0


def _key(state: Path, settings: Settings) -> str:
    """Changes with all on which a check depends, besides the documents and the day."""
    folder = state.stat()
    shown = (
        _program(),
        settings.digest,
        # A state folder that came with a checkout or a copy isn't ours: it may say that all is well.
        folder.st_dev,
        folder.st_ino,
    )
    return hashlib.sha256(repr(shown).encode()).hexdigest()


@cache
def _program() -> str:
    ours = _files(Path(__file__).parent, "*.py")
    libraries = [_files(Path(_origin(name)).parent, "*") for name in _LIBRARIES]
    python = (sys.version, unicodedata.unidata_version, sys.byteorder, array("I").itemsize)
    return repr((__version__, ours, libraries, python))


def _origin(package: str) -> str:
    # Not by `importlib.metadata`: it takes longer to import than all of this to run.
    spec = find_spec(package)
    return (spec.origin if spec is not None else None) or ""


def _files(folder: Path, pattern: str) -> list[tuple[str, int, int]]:
    """The files of a package that have such names, each with its size and time of change."""
    return sorted(
        (path.relative_to(folder).as_posix(), path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob(pattern)
        if path.is_file() and path.parent.name != "__pycache__"
    )


def _read(state: Path, settings: Settings) -> Checked:
    """What is kept; nothing where it is missing, damaged or foreign."""
    data = caches.read(state / _NAME)
    if data is None:
        return Checked(KnownDocuments(settings.schema))
    return checked.decode(data, _key(state, settings), settings.schema)
