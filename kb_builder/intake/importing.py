"""Rows of a table to drafts in a base: once each, and never over what an editor wrote."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from kb_builder import loader
from kb_builder.diagnostics import Finding
from kb_builder.drafting import Draft, Numbers, render
from kb_builder.intake import files, keys, timestamps
from kb_builder.intake.cells import Row
from kb_builder.intake.computed import USUAL
from kb_builder.intake.content import Content, cell_of, content_of, reasons_of
from kb_builder.intake.ledger import Known, Ledger, Place
from kb_builder.intake.mapping import IMPORTED, Column, ImportMap
from kb_builder.intake.notations import read
from kb_builder.intake.plain_text import clean, one_line
from kb_builder.model import document
from kb_builder.model.document import Document
from kb_builder.model.schema import Kind, Schema
from kb_builder.privacy import Gate, Marks, redact

_MIN_MASKED = 2
"""A shorter value, such as a single digit, would be found in words that have nothing to do with it."""

_OLD_NUMBER = "原单号"
"""What takes the place of a row's own number where that is personal."""

_CELL_END = "\n\x1f"
"""Between the cells of a row that are redacted together; no clean text holds it."""

_WORDS = re.compile(r"\w+")
_MIN_SAID = 20
"""Shorter texts are alike by chance, in characters."""

_KEY_LINE = re.compile(r"\s+key:\s*(.+?)\s*\Z")


class Action(Enum):
    """What becomes of a row; the value is the word shown for it."""

    CREATED = "新建"
    UPDATED = "更新"
    UNCHANGED = "未变"
    KEPT = "编辑改过，保留"
    REPEATED = "重复，跳过"
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
    written. `reason` says why a row isn't taken. `cut` are the labels of fields that were too long,
    `notes` what else of a row that was taken isn't as in the table. Nothing of it is personal.
    """

    row: int
    action: Action
    path: str = ""
    text: str = ""
    reason: str = ""
    cut: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sheet: str = ""

    @property
    def identity(self) -> str:
        """The id of the row's draft, which is the name of its file."""
        return self.path.rpartition("/")[2].removesuffix(".md")


class Importer:
    """Takes rows into one base by one map. It reads the base once, when it is made.

    What `gate` finds in a row is redacted before anything else is done with it: neither drafts nor
    reports hold it. What it remembers grows on the disk, not in memory: `close` it.
    """

    def __init__(self, root: Path, schema: Schema, import_map: ImportMap, gate: Gate) -> None:
        self._root = root
        self._gate = gate
        self._marks = Marks()
        self._schema = schema
        self._map = import_map
        self._kind = import_map.kind
        self._numbers = Numbers(import_map.kind)
        self._ledger = Ledger()
        hidden = False
        for known in loader.documents(root, schema):
            self._numbers.note(known)
            self._ledger.use(known.name, known.path)
            key = _key_of(known)
            if key:
                self._ledger.remember(key, _remembered(known))
                own = key.startswith(import_map.key_prefix)
                hidden = hidden or (own and keys.MARK in key)
        self._keys = keys.Keys(root / loader.STATE, in_use=hidden)
        self._notations = _notations(import_map)
        self._wordy = _wordy(import_map)

    def close(self) -> None:
        """Forget the base and the table."""
        self._ledger.close()

    def take(self, row: Row, *, write: bool) -> Step:
        """Take one row; with `write` False only say what would be done."""
        self._marks = Marks()
        step = self._take(row, write=write)
        # Transforms may have put together what was not personal in its parts.
        reason = redact(step.reason, self._gate, self._marks)
        notes = tuple(redact(note, self._gate, self._marks) for note in step.notes)
        return replace(step, reason=reason, notes=notes, sheet=row.sheet)

    def _take(self, row: Row, *, write: bool) -> Step:
        if row.problem:
            return _refused(row, row.problem)
        key, reason = self._key(row, write=write)
        if reason:
            return _refused(row, reason)
        row, content = content_of(self._redacted(row), self._map)
        if content.reasons:
            self._ledger.see(key, Place(row.sheet, row.number))
            return _refused(row, "；".join(content.reasons))
        content.fields[IMPORTED] = {"key": key, "digest": ""}
        text = self._render(content)
        digest = fingerprint(text.split("\n"))
        before = self._ledger.see(key, Place(row.sheet, row.number, digest))
        if before:
            return self._repeated(row, before, digest)
        draft = _Draft(text, digest, tuple(content.cut), self._notes(row, content))
        known = self._ledger.known(key)
        if known is None:
            return self._create(row, content, draft, write=write)
        return self._compare(row, draft, known, write=write)

    def _compare(self, row: Row, draft: _Draft, known: Known, *, write: bool) -> Step:
        edited = known.content != known.imported
        if known.imported == draft.digest:
            action = Action.KEPT if edited else Action.UNCHANGED
            return Step(row.number, action, known.path, notes=draft.notes)
        if edited:
            return _conflict(row, known, draft.digest)
        faults = self._faults(draft, known.identity)
        if faults:
            return _refused(row, reasons_of(faults))
        text = draft.named(known.identity)
        if write and not files.replace(self._root / known.path, text.encode(), known.digest):
            return _conflict(row, known, draft.digest)
        return Step(row.number, Action.UPDATED, known.path, text, cut=draft.cut, notes=draft.notes)

    def _create(self, row: Row, content: Content, draft: _Draft, *, write: bool) -> Step:
        faults = self._faults(draft, self._kind.id_example)
        if faults:
            return _refused(row, reasons_of(faults))
        while True:
            identity, reason = self._identity(row, content)
            if reason:
                return _refused(row, reason)
            path = _path(self._kind, identity)
            text = draft.named(identity)
            self._ledger.use(identity, path)
            if write:
                try:
                    files.create(self._root / path, text.encode())
                except FileExistsError:
                    # Somebody made it since the base was read; a numbered row takes the next one.
                    continue
            return Step(row.number, Action.CREATED, path, text, cut=draft.cut, notes=draft.notes)

    def _repeated(self, row: Row, before: Place, digest: str) -> Step:
        """The first row of a key stands: the same again is left out, another one is a fault."""
        column = self._map.key_column
        shown = one_line(cell_of(row, column).text)[:40]
        place = before.seen_from(row.sheet)
        if before.digest == digest:
            reason = f"与{place}完全相同"
            return Step(row.number, Action.REPEATED, reason=reason)
        return _refused(row, f"“{column}”“{shown}”与{place}重复，内容不同；只收前面那一行")

    def _notes(self, row: Row, content: Content) -> tuple[str, ...]:
        """What to mention of a row that is taken; also another one that says nearly the same."""
        text = "".join(cell_of(row, column).text for column in self._wordy)
        said = "".join(_WORDS.findall(text)).casefold()
        if len(said) < _MIN_SAID:
            return tuple(content.notes)
        before = self._ledger.like(said, Place(row.sheet, row.number))
        if before is None:
            return tuple(content.notes)
        place = before.seen_from(row.sheet)
        return (
            *content.notes,
            f"与{place}几乎相同，只是编号、空格或标点不同；都收了，请看看是不是同一件事",
        )

    def _identity(self, row: Row, content: Content) -> tuple[str, str]:
        """The id of a new draft, or why it can't have one."""
        if self._map.id_column:
            identity = one_line(cell_of(row, self._map.id_column).text)
            if self._kind.parse_id(identity) is None:
                form = self._kind.id_example
                return (
                    "",
                    f"“{self._map.id_column}”不是{self._kind.label}的编号：“{identity[:40]}”，例如 {form}",
                )
            taken = self._ledger.path_of(identity)
            if taken:
                return "", f"编号 {identity} 已经有了：{taken}"
            self._numbers.use(identity)
            return identity, ""
        if not self._kind.has_year:
            return self._numbers.next(None), ""
        if self._map.year_column:
            cell = cell_of(row, self._map.year_column)
            date = timestamps.canonical(cell.moment or one_line(cell.text))
            if date is None:
                return "", f"“{self._map.year_column}”里看不出年份：“{one_line(cell.text)[:40]}”"
        else:
            date = str(content.fields.get("occurred_on", ""))
        return self._numbers.next(int(date[:4]) if date[:4].isdigit() else None), ""

    def _key(self, row: Row, *, write: bool) -> tuple[str, str]:
        """The key under which a row, not yet redacted, is known, or why it has none."""
        column = self._map.key_column
        cell = cell_of(row, column)
        text = one_line(cell.text)
        if cell.problem or not text:
            return "", f"“{column}”{cell.problem or '是空的'}"
        if self._is_personal_key(text):
            text = self._keys.hidden(text, write=write)
        sheet = f"{row.sheet}/" if self._map.key_per_sheet else ""
        return f"{self._map.key_prefix}{sheet}{text}", ""

    def _is_personal_key(self, text: str) -> bool:
        """Whether a row's number is personal, by itself or by what the map puts before it."""
        named = f"{self._map.key_column}：{text}"
        return bool(self._gate.find(named) or self._gate.find(self._map.key_prefix + text))

    def _redacted(self, row: Row) -> Row:
        """The row without personal data: all cells together, so that who is named in one is known
        in the others, and each after its column's name, which may say what it holds.
        """
        masks = {
            one_line(cell_of(row, column).text): self._map.mask_word
            for column in self._map.mask_columns
        }
        key = one_line(cell_of(row, self._map.key_column).text)
        if self._is_personal_key(key):
            masks[key] = _OLD_NUMBER
        texts: dict[str, str] = {}
        for column, cell in row.cells.items():
            # A date is read as a date, and has nothing to hide.
            notations = self._notations.get(column, USUAL)
            if cell.text and not cell.moment and read(one_line(cell.text), notations) is None:
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

    def _render(self, content: Content) -> str:
        """The draft's text, its id and its digest left empty."""
        text = render(Draft(self._kind, {"id": "", **content.fields}, content.sections))
        # What the map's own words around a cell make personal (“联系人：{客户}”) shows only here.
        return redact(text, self._gate, self._marks)

    def _faults(self, draft: _Draft, identity: str) -> list[Finding]:
        """What the reader of content files finds wrong with the draft."""
        data = draft.named(identity).encode()
        built = document.build(_path(self._kind, identity), data, self._schema)
        return [fault.finding for fault in built.faults]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A draft ready but for its id: `text` with id and digest empty, and what a `Step` says of it.

    They are put in after redaction: a run of a digest's digits may look like somebody's number.
    """

    text: str
    digest: str
    cut: tuple[str, ...]
    notes: tuple[str, ...]

    def named(self, identity: str) -> str:
        """The whole text."""
        head, mark, body = self.text.partition("\n---\n")
        head = head.replace('\nid: ""', f"\nid: {identity}", 1)
        return head.replace('\n  digest: ""', f"\n  digest: {self.digest}", 1) + mark + body


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


def _remembered(known: Document) -> Known:
    groups = known.groups(IMPORTED)
    return Known(
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


def _notations(import_map: ImportMap) -> dict[str, tuple[str, ...]]:
    """How the columns that the map reads as dates are written."""
    found = {source.column: source.notations for source in import_map.fields if source.column}
    for computed in import_map.computed:
        if computed.notations:
            found |= dict.fromkeys(computed.columns, computed.notations)
    return found


def _wordy(import_map: ImportMap) -> tuple[str, ...]:
    """The columns whose text is what a row says: those that make up a section."""
    pieces = (piece for pieces in import_map.sections.values() for piece in pieces)
    return tuple(dict.fromkeys(piece.name for piece in pieces if isinstance(piece, Column)))


def _path(kind: Kind, identity: str) -> str:
    return f"{loader.CONTENT}/{kind.folder_of(identity)}/{identity}.md"


def _refused(row: Row, reason: str) -> Step:
    return Step(row.number, Action.REFUSED, reason=reason)


def _conflict(row: Row, known: Known, digest: str) -> Step:
    reason = (
        f"{known.path} 导入以后编辑改过，表格里这一行也改了；没有覆盖。"
        f"核对后把它的 imported.digest 写成 {digest}"
    )
    return Step(row.number, Action.CONFLICT, known.path, reason=reason)
