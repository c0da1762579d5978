"""Opens the table a file holds, by what is in it rather than by its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb_builder.diagnostics import KbError
from kb_builder.intake.cells import Table
from kb_builder.intake.delimited import open_delimited
from kb_builder.intake.excel import open_excel

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@contextmanager
def open_table(path: Path, *, sheet: str, encoding: str, header_row: int) -> Iterator[Table]:
    """Open an .xlsx or .csv file. Raises KbError when it is neither, or can't be read."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise KbError(f"读不了 {path}：{error.strerror}") from error
    if start == _OLD_OFFICE:
        raise KbError(f"{path} 是旧的 .xls 格式，或者加了密码；请去掉密码，另存为 .xlsx")
    opened = (
        open_excel(path, sheet, header_row)
        if start == _ZIP
        else open_delimited(path, encoding, header_row)
    )
    with opened as table:
        yield table
