"""Material for reports: the small base, and cases made for a test."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from kb_builder.insight.material import Material, shown
from kb_builder.insight.tables import Report, Row, Table
from kb_builder.model import document
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings

TODAY = datetime.date(2026, 11, 22)


def made_case(settings: Settings, number: int, *lines: str) -> Document:
    """A published case of 2024 with these lines in its front matter."""
    identity = f"CASE-2024-{number:04d}"
    text = "\n".join(("---", f"id: {identity}", "status: 已发布", *lines, "---", "", "## 记录", ""))
    return document.build(f"cases/resolved/2024/{identity}.md", text.encode(), settings.schema)


def material(
    settings: Settings, documents: Iterable[Document], *, drafts: bool = False
) -> Material:
    """What reports are made from, of these documents."""
    return Material(shown(Corpus(tuple(documents)), drafts=drafts), settings, TODAY)


def table_of(report: Report, key: str) -> Table:
    """The table with this key."""
    return next(table for table in report.tables if table.key == key)


def counts(table: Table) -> dict[str, int | float | str | None]:
    """Key of the row → its first value."""
    return {row.key: row.cells[0].value for row in table.rows}


def row_of(table: Table, key: str) -> Row:
    """The row with this key."""
    return next(row for row in table.rows if row.key == key)


def values(row: Row) -> list[int | float | str | None]:
    """The values of a row."""
    return [cell.value for cell in row.cells]
