"""What a row says: its fields and sections by the map, or why it can't be taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kb_builder.diagnostics import Finding
from kb_builder.drafting import FieldValue, accept
from kb_builder.intake import timestamps
from kb_builder.intake.cells import EMPTY, Cell, Row
from kb_builder.intake.mapping import Column, FieldSource, ImportMap, Interval, Sentence
from kb_builder.intake.notations import read
from kb_builder.intake.plain_text import cut, escape, one_line, paragraphs
from kb_builder.intake.transforms import Miss
from kb_builder.model.audience import VISIBILITY
from kb_builder.model.document import DRAFT
from kb_builder.model.schema import FieldType, Needed

_DATES = (FieldType.DATE, FieldType.MOMENT)


@dataclass(slots=True)
class Content:
    """Fields and sections of a draft without its id, or the `reasons` why there is none.

    `cut` are the labels of fields that were too long, `notes` says what else isn't as in the table.
    """

    fields: dict[str, FieldValue] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def content_of(row: Row, import_map: ImportMap) -> tuple[Row, Content]:
    """The row with its computed columns, and what it says; the row is redacted before."""
    content = Content()
    for name in dict.fromkeys(column.name for column in import_map.columns):
        problem = cell_of(row, name).problem
        if problem:
            content.reasons.append(f"“{name}”{problem}")
    if content.reasons:
        return row, content
    row = _computed(row, import_map, content)
    content.fields["status"], _ = accept(import_map.kind.fields["status"], [DRAFT])
    full: list[str] = []
    for source in import_map.fields:
        if source.value is not None:
            content.fields[source.spec.name] = source.value
        else:
            _fill(source, row, content, full)
    for title, pieces in import_map.sections.items():
        found = (_piece(piece, row) for piece in pieces)
        content.sections[title] = "\n\n".join(text for text in found if text)
    for spec in import_map.kind.fields.values():
        # What a draft needs and no table says: the first of the list, which is the careful one.
        if spec.name == VISIBILITY and spec.needed is Needed.DRAFT and spec.vocabulary is not None:
            content.fields.setdefault(VISIBILITY, next(iter(spec.vocabulary)).label)
    if full:
        sections = import_map.kind.sections
        first = next((title for title in sections if title in content.sections), sections[0])
        content.sections[first] = "\n\n".join([*full, content.sections.get(first, "")])
    return row, content


def cell_of(row: Row, column: str) -> Cell:
    """The cell of a column, empty where there is none."""
    return row.cells.get(column, EMPTY)


def reasons_of(findings: Iterable[Finding]) -> str:
    """Findings as one reason."""
    return "；".join(
        f"{finding.message}（{finding.hint}）" if finding.hint else finding.message
        for finding in findings
    )


def _computed(row: Row, import_map: ImportMap, content: Content) -> Row:
    cells = dict(row.cells)
    for computed in import_map.computed:
        sources = [cells.get(name, EMPTY) for name in computed.columns]
        texts = [
            timestamps.canonical(cell.moment) or "" if cell.moment else cell.text.strip()
            for cell in sources
        ]
        try:
            text, note = computed.compute(texts)
        except Miss as miss:
            content.reasons.append(str(miss))
            text, note = "", ""
        cells[computed.name] = Cell(text)
        if note:
            content.notes.append(note)
    return replace(row, cells=cells)


def _fill(source: FieldSource, row: Row, content: Content, full: list[str]) -> None:
    spec = source.spec
    cell = cell_of(row, source.column)
    text = one_line(cell.text)
    if source.fallback and len(text) < max(1, spec.minimum or 0):
        text = one_line(cell_of(row, source.fallback).text) or text
        cell = EMPTY
    if not text:
        text, cell = source.default, EMPTY
    if not text:
        return
    if spec.type in _DATES and text != source.default:
        date = timestamps.canonical(cell.moment) if cell.moment else read(text, source.notations)
        if date is None:
            content.reasons.append(f"“{source.column}”不是日期：“{text[:40]}”")
            return
        text = date[:10] if spec.type is FieldType.DATE else date
    elif spec.type is FieldType.TEXT and spec.maximum and not spec.many:
        if len(text) > spec.maximum:
            full.append(escape(f"{spec.label}全文：{text}"))
            content.cut.append(spec.label)
        text = cut(text, spec.maximum)
    texts = [part.strip() for part in text.split(source.separator)] if source.separator else [text]
    words = source.words or {}
    value, findings = accept(spec, [words.get(part, part) for part in texts if part])
    if findings:
        content.reasons.append(f"“{source.column}”：{reasons_of(findings)}")
    elif value:
        content.fields[spec.name] = value


def _piece(piece: Column | Sentence, row: Row) -> str:
    """The Markdown of a piece of a section, empty where the row has nothing for it."""
    if isinstance(piece, Column):
        return paragraphs(cell_of(row, piece.name).text)
    parts: list[str] = []
    for part in piece.parts:
        if isinstance(part, str):
            parts.append(part)
            continue
        text = (
            timestamps.interval(_date(row, part.first), _date(row, part.second))
            if isinstance(part, Interval)
            else escape(one_line(cell_of(row, part.name).text))
        )
        if not text:
            return ""
        parts.append(text)
    return "".join(parts)


def _date(row: Row, column: str) -> str:
    cell = cell_of(row, column)
    return timestamps.canonical(cell.moment or one_line(cell.text)) or ""
