"""Opens the tables a file holds, by what is in it rather than by its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kb_builder.diagnostics import KbError
from kb_builder.intake.cells import Table
from kb_builder.intake.delimited import open_delimited
from kb_builder.intake.excel import open_excel

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@contextmanager
def open_tables(
    path: Path, *, sheets: Sequence[str] | None, encoding: str, header_row: int
) -> Iterator[tuple[Table, ...]]:
    """Open an .xlsx file's sheets, or a .csv file as one table. Raises KbError when it is neither, or
    can't be read.

    Args:
        path: the file.
        sheets: the names of the sheets, in the order to read them; without names the first one, and
            None for all.
        encoding: of a .csv file; found out where it is empty.
        header_row: the number of the row that names the columns.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise KbError(f"读不了 {path}：{error.strerror}") from error
    if start == _OLD_OFFICE:
        raise KbError(f"{path} 是旧的 .xls 格式，或者加了密码；请去掉密码，另存为 .xlsx")
    if start == _ZIP:
        with open_excel(path, sheets, header_row) as tables:
            yield tables
    else:
        with open_delimited(path, encoding, header_row) as table:
            yield (table,)
