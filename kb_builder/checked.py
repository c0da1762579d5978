"""What a check came to as bytes: how it is kept until the next one.

A first line names format, key and SHA-256 of the rest, so that nothing else is ever decoded. Then follow: one line of
JSON in columns, with what every check asks of all documents; a JSON array with a line for each document in which
something was found, so that those that stay the same need not be made again; and the landmarks of near-duplicates with
their holders, as two arrays of 32-bit numbers.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kb_builder.diagnostics import Diagnostic, Level, Span
from kb_builder.insight.duplicates import Duplicates, Pair
from kb_builder.model.known import KnownDocuments
from kb_builder.model.schema import Schema
from kb_builder.rules import all_rules
from kb_builder.rules.rechecking import Kept, Knowledge, Questions

_MARK = b"kb-checked-3"
_BETWEEN = b",\n"
"""Between the lines of the array; JSON writes no line end inside of one."""


@dataclass(slots=True)
class Checked:
    """What a check came to: the facts of the documents, the rechecker's knowledge, and the array of findings as it was
    stored, with the paths of its lines. Those in `renewed` are out of date.
    """

    documents: KnownDocuments
    knowledge: Knowledge = field(default_factory=Knowledge)
    stored: bytes | memoryview = b"[]"
    paths: list[str] = field(default_factory=list)
    renewed: set[str] = field(default_factory=set)


def encode(checked: Checked, key: str) -> bytes:
    """What serves under this key only. A document that was not read is left out."""
    knowledge = checked.knowledge
    knowledge.tidy()
    paths = [path for path, digest in knowledge.digests.items() if digest]
    lines = _lines(checked, paths)
    duplicates, questions = knowledge.duplicates, knowledge.questions
    head = {
        "found": len(lines),
        "documents": checked.documents.columns(paths),
        "asked": [knowledge.kept[path].asked for path in paths],
        "questions": {
            ".".join(way): (list(keys), list(keys.values()))
            for way, keys in questions.numbers.items()
        },
        "seals": questions.seals,
        "versions": duplicates.versions,
        "ids": duplicates.ids,
        "pairs": [(pair.later, pair.earlier, pair.shared) for pair in duplicates.pairs],
    }
    numbers = duplicates.landmarks.tobytes() + duplicates.holders.tobytes()
    body = b"%s\n%s%s" % (_json(head), lines, numbers)
    return _first_line(key, body) + body


def decode(data: bytes, key: str, schema: Schema) -> Checked:
    """What `encode` made bytes of; nothing where they are of another format or key, or damaged."""
    # A view, for a copy of so much costs as much as its digest.
    view = memoryview(data)
    start = data.find(b"\n") + 1
    if data[:start] != _first_line(key, view[start:]):
        return Checked(KnownDocuments(schema))
    end = data.index(b"\n", start)
    head = _parsed(view[start:end])
    lines, numbers = view[end + 1 :][: head["found"]], view[end + 1 :][head["found"] :]
    half = len(numbers) // 2
    columns = head["documents"]
    kept = {
        path: Kept(asked=asked) for path, asked in zip(columns["paths"], head["asked"], strict=True)
    }
    names = {each.id: each.name for each in all_rules()}
    found_in = []
    for path, sources, found, reviewed in _parsed(lines):
        found_in.append(path)
        kept[path].found = {
            rule: [_diagnostic(path, rule, names[rule], sources, row) for row in rows]
            for rule, rows in found.items()
        }
        kept[path].reviewed = frozenset(reviewed)
    return Checked(
        KnownDocuments(schema, columns),
        Knowledge(
            dict(zip(columns["paths"], columns["digests"], strict=True)),
            kept,
            _questions(head["questions"], head["seals"]),
            Duplicates(
                head["versions"],
                head["ids"],
                array("I", numbers[:half].tobytes()),
                array("I", numbers[half:].tobytes()),
                [Pair(*pair) for pair in head["pairs"]],
            ),
        ),
        lines,
        found_in,
    )


def _first_line(key: str, body: bytes | memoryview) -> bytes:
    return b"%s %s %s\n" % (_MARK, key.encode(), hashlib.sha256(body).hexdigest().encode())


def _json(value: object) -> bytes:
    # The name of a file may be no text; JSON has a way to write that down.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _parsed(data: memoryview) -> Any:
    return json.loads(str(data, "utf-8", "surrogatepass"))


def _lines(checked: Checked, paths: Iterable[str]) -> bytes:
    """The array of findings; its lines stay as they are where they need not be made again."""
    stored = dict(zip(checked.paths, bytes(checked.stored[1:-1]).split(_BETWEEN), strict=False))
    lines = []
    for path in paths:
        kept = checked.knowledge.kept[path]
        if any(kept.found.values()) or kept.reviewed:
            is_stored = path in stored and path not in checked.renewed
            lines.append(stored[path] if is_stored else _line(path, kept))
    return b"[%s]" % _BETWEEN.join(lines)


def _line(path: str, kept: Kept) -> bytes:
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
    return _json((path, list(sources), found, sorted(kept.reviewed)))


def _numbers(diagnostic: Diagnostic) -> tuple[int, int, int, int]:
    span = diagnostic.span
    return span.line, span.column, span.length, diagnostic.level


def _diagnostic(path: str, rule: str, name: str, sources: list[str], row: list[Any]) -> Diagnostic:
    line, column, length, level, message, hint, source = row
    span = Span(line, column, length)
    return Diagnostic(path, span, rule, name, _LEVELS[level], message, hint, sources[source])


_LEVELS = list(Level)


def _questions(numbers: Mapping[str, Any], seals: list[str]) -> Questions:
    found = {}
    for way, (keys, places) in numbers.items():
        # The arguments of a method were a tuple.
        known = (key if isinstance(key, str) else tuple(key) for key in keys)
        found[tuple(way.split("."))] = dict(zip(known, places, strict=True))
    return Questions(found, seals)
