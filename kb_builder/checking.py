"""Checking a base at the cost of what has changed since it was checked last.

What a check came to is kept in `.kb/checked`: for each document its diagnostics and what the rules asked of others (see
`rules.rechecking`), and the facts by which it needs not be read. It serves only the same settings, the same program and
the same folder: what a checkout brings along, or another version left, is foreign and made anew.
"""

from __future__ import annotations

import datetime
import gc
import hashlib
import json
import sys
import unicodedata
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kb_builder import __version__, storage
from kb_builder.diagnostics import Diagnostic, KbError, Level, Span
from kb_builder.insight.duplicates import Duplicates, Pair
from kb_builder.loader import Base
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.known import Facts, KnownDocuments, facts_of
from kb_builder.model.settings import Settings
from kb_builder.rules import all_rules
from kb_builder.rules.rechecking import Kept, Rechecker

_NAME = "checked"
_MARK = b"kb-checked-2"
_LIBRARIES = ("PyYAML", "OpenCC")
"""Those on which it depends what a document says and what a rule finds."""


def check(base: Base, today: datetime.date) -> tuple[Diagnostic, ...]:
    """Everything the rules find in a base, as `rules.check` says it, by file and place.

    Raises KbError as `rules.levels` does.
    """
    with uncollected():
        return Checking(base.state, base.settings).check(base.corpus, today)


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
        """Read what is kept in the state folder; nothing of it counts that isn't of here and now."""
        self._state = state
        self._settings = settings
        self._kept = _read(state, settings)

    @property
    def known(self) -> KnownDocuments:
        """The documents that need not be read, for `loader.read_document`."""
        facts = {path: each.facts for path, each in self._kept.documents.items()}
        return KnownDocuments(self._settings.schema, facts)

    def check(self, corpus: Corpus, today: datetime.date) -> tuple[Diagnostic, ...]:
        """Everything the rules find, as `rules.check` says it; what it came to is kept for the next time.

        Raises KbError as `rules.levels` does.
        """
        before = self._kept
        rechecker = Rechecker(self._settings)
        unchanged = [
            document
            for document in (*corpus.documents, *corpus.beside)
            if (known := before.documents.get(document.path)) is not None
            and known.facts.digest == document.digest
            and _is_read(document)
        ]
        rechecker.know(
            unchanged,
            {document.path: before.documents[document.path].kept for document in unchanged},
            before.duplicates,
        )
        found = tuple(rechecker.check(corpus, today))
        documents = {
            document.path: before.documents[document.path]
            if document.path not in rechecker.looked_at
            else _Known(facts_of(document), rechecker.kept[document.path])
            for document in (*corpus.documents, *corpus.beside)
            if _is_read(document)
        }
        self._kept = _State(documents, rechecker.duplicates)
        if rechecker.looked_at or documents.keys() != before.documents.keys():
            self._write()
        return found

    def _write(self) -> None:
        try:
            self._state.mkdir(parents=True, exist_ok=True)
            storage.write(
                self._state / _NAME, _packed(self._kept, _key(self._state, self._settings))
            )
        except (OSError, KbError):
            # A base that can't be written to can be checked all the same, only not faster the next time.
            return


def _is_read(document: Document) -> bool:
    """Whether a document was made from the bytes of its file; a link or a device is not read."""
    return document.readable or not any(fault.rule == "unsafe-file" for fault in document.faults)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is kept of a document; `line` is how it is stored, empty where it isn't yet."""

    facts: Facts
    kept: Kept
    line: bytes = b""


@dataclass(frozen=True, slots=True)
class _State:
    """What a check came to, the documents by path."""

    documents: Mapping[str, _Known] = field(default_factory=dict)
    duplicates: Duplicates = field(default_factory=Duplicates)


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
    package = Path(__file__).parent
    files = sorted(
        (path.relative_to(package).as_posix(), path.stat().st_size, path.stat().st_mtime_ns)
        for path in package.rglob("*.py")
    )
    libraries = [version(name) for name in _LIBRARIES]
    python = (sys.version, unicodedata.unidata_version, sys.byteorder, array("I").itemsize)
    return repr((__version__, files, libraries, python))


def _packed(state: _State, key: str) -> bytes:
    """A line of its own for each document, so that those that stay the same need not be made again."""
    duplicates = state.duplicates
    lines = [known.line or _line(path, known) for path, known in state.documents.items()]
    head = {
        "key": key,
        "documents": len(lines),
        "versions": duplicates.versions,
        "ids": duplicates.ids,
        "pairs": [(pair.later, pair.earlier, pair.shared) for pair in duplicates.pairs],
    }
    numbers = duplicates.landmarks.tobytes() + duplicates.holders.tobytes()
    body = b"\n".join([_json(head), *lines, numbers])
    return b"%s %s\n%s" % (_MARK, hashlib.sha256(body).hexdigest().encode(), body)


def _json(value: object) -> bytes:
    # The name of a file may be no text; JSON has a way to write that down.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _line(path: str, known: _Known) -> bytes:
    facts, kept = known.facts, known.kept
    asked: dict[str, dict[str, list[Any]]] = {}
    for rule, way, key, seal in kept.asked:
        asked.setdefault(rule, {}).setdefault(".".join(way), []).append((key, seal))
    # A line with a thousand findings is written once: some lines are as long as a file may be.
    sources: dict[str, int] = {}
    found = {
        rule: [
            (
                *_numbers(each),
                each.message,
                each.hint,
                sources.setdefault(each.source, len(sources)),
            )
            for each in diagnostics
        ]
        for rule, diagnostics in kept.found.items()
    }
    return _json(
        (
            path,
            (facts.digest, facts.face, facts.readable),
            facts.texts,
            (facts.pictures, facts.linked),
            list(sources),
            found,
            asked,
            sorted(kept.reviewed),
        )
    )


def _numbers(diagnostic: Diagnostic) -> tuple[int, int, int, int]:
    span = diagnostic.span
    return span.line, span.column, span.length, diagnostic.level


def _read(state: Path, settings: Settings) -> _State:
    """What is kept; nothing where it is missing, damaged or foreign."""
    try:
        data = (state / _NAME).read_bytes()
        key = _key(state, settings)
    except OSError:
        return _State()
    first, _, body = data.partition(b"\n")
    if first != b"%s %s" % (_MARK, hashlib.sha256(body).hexdigest().encode()):
        return _State()
    head = json.loads(body[: body.index(b"\n")])
    if head["key"] != key:
        return _State()
    _, *lines = body.split(b"\n", head["documents"] + 1)
    numbers = lines.pop()
    half = len(numbers) // 2
    names = {each.id: each.name for each in all_rules()}
    return _State(
        dict(_parsed(line, names) for line in lines),
        Duplicates(
            head["versions"],
            head["ids"],
            array("I", numbers[:half]),
            array("I", numbers[half:]),
            [Pair(*pair) for pair in head["pairs"]],
        ),
    )


def _parsed(line: bytes, names: Mapping[str, str]) -> tuple[str, _Known]:
    text = line.decode("utf-8", "surrogatepass")
    path, first, texts, named, sources, found, asked, reviewed = json.loads(text)
    texts = {name: tuple(each) for name, each in texts.items()}
    pictures, linked = map(tuple, named)
    digest, face, readable = first
    facts = Facts(digest, face, readable, texts, pictures, linked)
    kept = Kept(
        {
            rule: [
                Diagnostic(
                    path,
                    Span(line, column, length),
                    rule,
                    names[rule],
                    Level(level),
                    message,
                    hint,
                    sources[source],
                )
                for line, column, length, level, message, hint, source in diagnostics
            ]
            for rule, diagnostics in found.items()
        },
        [
            (rule, _way(way), key if isinstance(key, str) else tuple(key), seal)
            for rule, ways in asked.items()
            for way, questions in ways.items()
            for key, seal in questions
        ],
        frozenset(reviewed),
    )
    return path, _Known(facts, kept, line)


@cache
def _way(text: str) -> tuple[str, ...]:
    return tuple(text.split("."))
