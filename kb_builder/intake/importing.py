"""Rows of a table to drafts in a base: once each, and never over what an editor wrote."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from kb_builder import loader
from kb_builder.diagnostics import Finding
from kb_builder.drafting import Draft, FieldValue, Numbers, accept, render
from kb_builder.intake import files, keys, timestamps
from kb_builder.intake.cells import EMPTY, Cell, Row
from kb_builder.intake.mapping import (
    IMPORTED,
    Column,
    FieldSource,
    ImportMap,
    Interval,
    Sentence,
)
from kb_builder.intake.plain_text import clean, cut, escape, one_line, paragraphs
from kb_builder.model import document
from kb_builder.model.document import DRAFT, Document
from kb_builder.model.schema import FieldType, Kind, Schema
from kb_builder.privacy import Gate, Marks, redact

_DATES = (FieldType.DATE, FieldType.MOMENT)
_MIN_MASKED = 2
"""A shorter value, such as a single digit, would be found in words that have nothing to do with it."""

_OLD_NUMBER = "原单号"
"""What takes the place of a row's own number where that is personal."""

_CELL_END = "\n\x1f"
"""Between the cells of a row that are redacted together; no clean text holds it."""

_KEY_LINE = re.compile(r"\s+key:\s*(.+?)\s*\Z")


class Action(Enum):
    """What becomes of a row; the value is the word shown for it."""

    CREATED = "新建"
    UPDATED = "更新"
    UNCHANGED = "未变"
    KEPT = "编辑改过，保留"
    CONFLICT = "表格和编辑都改过，保留编辑的"
    REFUSED = "没有收"

    @property
    def complete(self) -> bool:
        """Whether what the row says is in the base."""
        return self not in (Action.CONFLICT, Action.REFUSED)


@dataclass(frozen=True, slots=True)
class Step:
    """What was, or in a dry run would be, done with one row.

    `path` is relative to the base; it and `text`, the draft's whole text, are empty where nothing is
    written. `reason` says why a row isn't taken. `cut` are the labels of fields that were too long.
    """

    row: int
    action: Action
    path: str = ""
    text: str = ""
    reason: str = ""
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """A document made by an import. `digest` is that of the file, `content` what `fingerprint` gives
    of it, `imported` what it gave when the import wrote it.
    """

    path: str
    identity: str
    digest: str
    content: str
    imported: str


@dataclass(slots=True)
class _Content:
    """What a row says: fields and sections without id, or the reasons why it can't be taken."""

    fields: dict[str, FieldValue] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)


class Importer:
    """Takes rows into one base by one map. It reads the base once, when it is made.

    What `gate` finds in a row is redacted before anything else is done with it: neither drafts nor
    reports hold it.
    """

    def __init__(self, root: Path, schema: Schema, import_map: ImportMap, gate: Gate) -> None:
        self._root = root
        self._gate = gate
        self._marks = Marks()
        self._schema = schema
        self._map = import_map
        self._kind = import_map.kind
        self._numbers = Numbers(import_map.kind)
        self._known: dict[str, _Known] = {}
        self._paths: dict[str, str] = {}
        self._seen: dict[str, int] = {}
        self._status, _ = accept(self._kind.fields["status"], [DRAFT])
        for known in loader.documents(root, schema):
            self._numbers.note(known)
            self._paths.setdefault(known.name, known.path)
            key = _key_of(known)
            if key:
                self._known.setdefault(key, _remembered(known))
        hidden = any(key.startswith(f"{import_map.key_prefix}{keys.MARK}") for key in self._known)
        self._keys = keys.Keys(root / loader.STATE, in_use=hidden)

    def take(self, row: Row, *, write: bool) -> Step:
        """Take one row; with `write` False only say what would be done."""
        if row.problem:
            return _refused(row, row.problem)
        self._marks = Marks()
        raw, row = row, self._redacted(row)
        key, reason = self._key(raw, row, write=write)
        if reason:
            return _refused(row, reason)
        self._seen[key] = row.number
        content = self._content(row)
        if content.reasons:
            return _refused(row, "；".join(content.reasons))
        # Neither id nor digest takes part in the fingerprint, so it can come first.
        content.fields[IMPORTED] = {"key": key, "digest": ""}
        digest = fingerprint(self._render(content).split("\n"))
        content.fields[IMPORTED] = {"key": key, "digest": digest}
        known = self._known.get(key)
        if known is None:
            return self._create(row, content, write=write)
        return self._compare(row, content, known, digest, write=write)

    def _compare(
        self, row: Row, content: _Content, known: _Known, digest: str, *, write: bool
    ) -> Step:
        edited = known.content != known.imported
        if known.imported == digest:
            return Step(row.number, Action.KEPT if edited else Action.UNCHANGED, known.path)
        if edited:
            return _conflict(row, known, digest)
        faults = self._faults(content, known.identity)
        if faults:
            return _refused(row, _reasons(faults))
        text = self._render(content, known.identity)
        if write and not files.replace(self._root / known.path, text.encode(), known.digest):
            return _conflict(row, known, digest)
        return Step(row.number, Action.UPDATED, known.path, text, cut=tuple(content.cut))

    def _create(self, row: Row, content: _Content, *, write: bool) -> Step:
        faults = self._faults(content, self._kind.id_example)
        if faults:
            return _refused(row, _reasons(faults))
        while True:
            identity, reason = self._identity(row, content)
            if reason:
                return _refused(row, reason)
            path = _path(self._kind, identity)
            text = self._render(content, identity)
            if write:
                try:
                    files.create(self._root / path, text.encode())
                except FileExistsError:
                    # Somebody made it since the base was read; a numbered row takes the next one.
                    self._paths[identity] = path
                    continue
            self._paths[identity] = path
            return Step(row.number, Action.CREATED, path, text, cut=tuple(content.cut))

    def _identity(self, row: Row, content: _Content) -> tuple[str, str]:
        """The id of a new draft, or why it can't have one."""
        if self._map.id_column:
            identity = one_line(_cell(row, self._map.id_column).text)
            if self._kind.parse_id(identity) is None:
                form = self._kind.id_example
                return (
                    "",
                    f"“{self._map.id_column}”不是{self._kind.label}的编号：“{identity[:40]}”，例如 {form}",
                )
            if identity in self._paths:
                return "", f"编号 {identity} 已经有了：{self._paths[identity]}"
            self._numbers.use(identity)
            return identity, ""
        if not self._kind.has_year:
            return self._numbers.next(None), ""
        if self._map.year_column:
            cell = _cell(row, self._map.year_column)
            date = timestamps.canonical(cell.moment or one_line(cell.text))
            if date is None:
                return "", f"“{self._map.year_column}”里看不出年份：“{one_line(cell.text)[:40]}”"
        else:
            date = str(content.fields.get("occurred_on", ""))
        return self._numbers.next(int(date[:4]) if date[:4].isdigit() else None), ""

    def _key(self, raw: Row, row: Row, *, write: bool) -> tuple[str, str]:
        """The key under which a row is known, or why it has none; `row` is `raw` redacted."""
        column = self._map.key_column
        cell = _cell(raw, column)
        text = one_line(cell.text)
        if cell.problem or not text:
            return "", f"“{column}”{cell.problem or '是空的'}"
        shown = one_line(_cell(row, column).text)
        hidden = self._is_personal_key(text)
        key = self._map.key_prefix + (self._keys.hidden(text, write=write) if hidden else text)
        if key in self._seen:
            return "", f"“{column}”“{shown[:40]}”与第 {self._seen[key]} 行重复"
        return key, ""

    def _is_personal_key(self, text: str) -> bool:
        """Whether a row's number is personal, by itself or by what the map puts before it."""
        named = f"{self._map.key_column}：{text}"
        return bool(self._gate.find(named) or self._gate.find(self._map.key_prefix + text))

    def _redacted(self, row: Row) -> Row:
        """The row without personal data: all cells together, so that who is named in one is known
        in the others, and each after its column's name, which may say what it holds.
        """
        masks = {
            one_line(_cell(row, column).text): self._map.mask_word
            for column in self._map.mask_columns
        }
        key = one_line(_cell(row, self._map.key_column).text)
        if self._is_personal_key(key):
            masks[key] = _OLD_NUMBER
        texts: dict[str, str] = {}
        for column, cell in row.cells.items():
            # A date is read as a date, and has nothing to hide.
            if cell.text and not cell.moment and timestamps.canonical(one_line(cell.text)) is None:
                texts[column] = clean(cell.text)
                for value, word in masks.items():
                    if len(value) >= _MIN_MASKED and column not in self._map.mask_columns:
                        texts[column] = texts[column].replace(value, word)
        joined = _CELL_END.join(f"{column}：{text}" for column, text in texts.items())
        parts = redact(joined, self._gate, self._marks).split(_CELL_END)
        cells = dict(row.cells)
        for column, part in zip(texts, parts, strict=True) if texts else ():
            cells[column] = replace(cells[column], text=part.removeprefix(f"{column}："))
        return replace(row, cells=cells)

    def _content(self, row: Row) -> _Content:
        content = _Content()
        for column in dict.fromkeys(column.name for column in self._map.columns):
            problem = _cell(row, column).problem
            if problem:
                content.reasons.append(f"“{column}”{problem}")
        if content.reasons:
            return content
        content.fields["status"] = self._status
        full: list[str] = []
        for source in self._map.fields:
            if source.value is not None:
                content.fields[source.spec.name] = source.value
            else:
                self._fill(source, row, content, full)
        for title, pieces in self._map.sections.items():
            found = (self._piece(piece, row) for piece in pieces)
            content.sections[title] = "\n\n".join(text for text in found if text)
        if full:
            first = next((title for title in self._kind.sections if title in content.sections), "")
            first = first or self._kind.sections[0]
            content.sections[first] = "\n\n".join([*full, content.sections.get(first, "")])
        return content

    def _fill(self, source: FieldSource, row: Row, content: _Content, full: list[str]) -> None:
        spec = source.spec
        cell = _cell(row, source.column)
        text = one_line(cell.text)
        if source.fallback and len(text) < max(1, spec.minimum or 0):
            text = one_line(_cell(row, source.fallback).text) or text
            cell = EMPTY
        if not text:
            text, cell = source.default, EMPTY
        if not text:
            return
        if spec.type in _DATES and text != source.default:
            date = timestamps.canonical(cell.moment or text, source.form)
            if date is None:
                content.reasons.append(f"“{source.column}”不是日期：“{text[:40]}”")
                return
            text = date[:10] if spec.type is FieldType.DATE else date
        elif spec.type is FieldType.TEXT and spec.maximum and not spec.many:
            if len(text) > spec.maximum:
                full.append(escape(f"{spec.label}全文：{text}"))
                content.cut.append(spec.label)
            text = cut(text, spec.maximum)
        texts = (
            [part.strip() for part in text.split(source.separator)] if source.separator else [text]
        )
        words = source.words or {}
        value, findings = accept(spec, [words.get(part, part) for part in texts if part])
        if findings:
            content.reasons.append(f"“{source.column}”：{_reasons(findings)}")
        elif value:
            content.fields[spec.name] = value

    def _piece(self, piece: Column | Sentence, row: Row) -> str:
        """The Markdown of a piece of a section, empty where the row has nothing for it."""
        if isinstance(piece, Column):
            return paragraphs(_cell(row, piece.name).text)
        parts: list[str] = []
        for part in piece.parts:
            if isinstance(part, str):
                parts.append(part)
                continue
            text = (
                timestamps.interval(_date(row, part.first), _date(row, part.second))
                if isinstance(part, Interval)
                else escape(one_line(_cell(row, part.name).text))
            )
            if not text:
                return ""
            parts.append(text)
        return "".join(parts)

    def _render(self, content: _Content, identity: str = "") -> str:
        text = render(Draft(self._kind, {"id": identity, **content.fields}, content.sections))
        # What the map's own words around a cell make personal (“联系人：{客户}”) shows only here.
        return redact(text, self._gate, self._marks)

    def _faults(self, content: _Content, identity: str) -> list[Finding]:
        """What the reader of content files finds wrong with the draft."""
        data = self._render(content, identity).encode()
        built = document.build(_path(self._kind, identity), data, self._schema)
        return [fault.finding for fault in built.faults]


def fingerprint(lines: Sequence[str]) -> str:
    """A digest of a draft's lines that its id, and the digest written into it, don't change.

    Line ends don't count either: version control may change them.
    """
    end = next((row for row, line in enumerate(lines) if row and line.rstrip() == "---"), 0)
    digest = hashlib.sha256()
    for row, line in enumerate(lines):
        if row > end or not line.startswith(("id:", "  digest:")):
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _remembered(known: Document) -> _Known:
    groups = known.groups(IMPORTED)
    return _Known(
        path=known.path,
        identity=known.id,
        digest=known.digest,
        content=fingerprint(known.lines),
        imported=groups[0].text("digest") if groups else "",
    )


def _key_of(known: Document) -> str:
    """The key in a document; searched for in the text of one that can't be read, lest its row
    become a second draft.
    """
    if known.readable:
        groups = known.groups(IMPORTED)
        return groups[0].text("key") if groups else ""
    found = (_KEY_LINE.match(line) for line in known.lines)
    return next((match[1].strip("\"'") for match in found if match), "")


def _cell(row: Row, column: str) -> Cell:
    return row.cells.get(column, EMPTY)


def _date(row: Row, column: str) -> str:
    cell = _cell(row, column)
    return timestamps.canonical(cell.moment or one_line(cell.text)) or ""


def _path(kind: Kind, identity: str) -> str:
    return f"{loader.CONTENT}/{kind.folder_of(identity)}/{identity}.md"


def _reasons(findings: Iterable[Finding]) -> str:
    return "；".join(
        f"{finding.message}（{finding.hint}）" if finding.hint else finding.message
        for finding in findings
    )


def _refused(row: Row, reason: str) -> Step:
    return Step(row.number, Action.REFUSED, reason=reason)


def _conflict(row: Row, known: _Known, digest: str) -> Step:
    reason = (
        f"{known.path} 导入以后编辑改过，表格里这一行也改了；没有覆盖。"
        f"核对后把它的 imported.digest 写成 {digest}"
    )
    return Step(row.number, Action.CONFLICT, known.path, reason=reason)
