"""Spreadsheets (.xlsx), read row by row; the one home of openpyxl."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from kb_builder.diagnostics import KbError
from kb_builder.intake.cells import EMPTY, MAX_ROWS, Cell, Row, Table
from kb_builder.intake.plain_text import one_line
from kb_builder.model.taxonomy import nearest

MAX_UNPACKED = 1024 * 1024 * 1024
"""Limit of a spreadsheet's size after unpacking, in bytes; the shared strings are held in memory."""

_EXACT_DIGITS = 10**15
"""From here on a spreadsheet's numbers have lost their last digits."""

_DAMAGED = (
    zipfile.BadZipFile, zlib.error, ParseError, InvalidFileException, EOFError, OSError,
    KeyError, IndexError, ValueError, TypeError, AttributeError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What openpyxl raises when the parts of a file don't fit together."""


@contextmanager
def open_excel(path: Path, sheet: str, header_row: int) -> Iterator[Table]:
    """Open one sheet; the first one where `sheet` is empty. Raises KbError if it can't be read."""
    with _explained(path):
        _refuse_bomb(path)
        book = _load(path, data_only=True)
    formulas = _Formulas(path, sheet)
    try:
        with _explained(path):
            worksheet = _sheet(book, sheet)
            count = max(0, (worksheet.max_row or 0) - header_row)
            # Some programs write a size that is not that of the sheet; without one, all is read.
            worksheet.reset_dimensions()
            header = next(worksheet.iter_rows(min_row=header_row, max_row=header_row), ())
            columns = tuple(one_line(_cell(cell).text) for cell in header)

        def rows(wanted: Collection[str]) -> Iterator[Row]:
            return _rows(path, worksheet, columns, wanted, header_row, formulas)

        yield Table(f"Excel，工作表“{worksheet.title}”", columns, count, rows)
    finally:
        formulas.close()
        book.close()


def _rows(
    path: Path,
    worksheet: Any,
    columns: Sequence[str],
    wanted: Collection[str],
    header_row: int,
    formulas: _Formulas,
) -> Iterator[Row]:
    places = [(name, index) for index, name in enumerate(columns) if name in wanted]
    source = enumerate(worksheet.iter_rows(min_row=header_row + 1), header_row + 1)
    while True:
        with _explained(path):
            number, raw = next(source, (0, ()))
            if not number:
                return
            if number > MAX_ROWS:
                raise KbError(f"{path} 的行号超过 {MAX_ROWS}：文件已损坏")
            cells: dict[str, Cell] = {}
            for name, index in places:
                cell = raw[index] if index < len(raw) else None
                cells[name] = EMPTY if cell is None else _cell(cell)
                # The stored result of a formula that gives an empty text has a type of its own.
                empty = cell is None or (cell.value is None and cell.data_type != "str")
                if empty and formulas.holds(number, index):
                    cells[name] = Cell(problem="公式还没有算出结果；在 Excel 里打开并保存一次")
            filled = any(cell.value is not None for cell in raw)
        if filled or any(cell.problem for cell in cells.values()):
            yield Row(number, cells)


class _Formulas:
    """Which cells hold formulas; reads the sheet a second time, and only when asked.

    The results of formulas and the formulas themselves can't be read in one go.
    """

    def __init__(self, path: Path, sheet: str) -> None:
        self._path = path
        self._sheet = sheet
        self._book: Any = None
        self._rows: Iterator[tuple[int, Any]] = iter(())
        self._current: tuple[int, Any] = (0, ())

    def holds(self, number: int, index: int) -> bool:
        """Whether a cell is a formula; the rows must be asked for in order."""
        if self._book is None:
            self._book = _load(self._path, data_only=False)
            worksheet = _sheet(self._book, self._sheet)
            worksheet.reset_dimensions()
            self._rows = enumerate(worksheet.iter_rows(), 1)
        while self._current[0] < number:
            self._current = next(self._rows, (MAX_ROWS, ()))
        row = self._current[1] if self._current[0] == number else ()
        return index < len(row) and row[index].data_type == "f"

    def close(self) -> None:
        if self._book is not None:
            self._book.close()


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    if cell.data_type == "e":
        return Cell(str(value), problem=f"错误值 {value}")
    if isinstance(value, bool):
        return Cell("是" if value else "否")
    if isinstance(value, float):
        if abs(value) >= _EXACT_DIGITS:
            problem = "数字超过 15 位，Excel 已经丢掉了后几位；把这一列设为文本后重新导出"
            return Cell(f"{value:.15g}", problem=problem)
        return Cell(f"{value:.15g}")
    if isinstance(value, dt.datetime):
        has_time = value.time() != dt.time()
        return Cell(value.isoformat(" ", "seconds") if has_time else f"{value:%Y-%m-%d}", value)
    return Cell(str(value))


def _load(path: Path, *, data_only: bool) -> Any:
    with warnings.catch_warnings():
        # About styles and extensions that reading values does not need.
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(path, read_only=True, data_only=data_only)


def _sheet(book: Any, name: str) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if not sheets:
        raise KbError("这个 Excel 文件里没有工作表")
    if not name:
        return next(iter(sheets.values()))
    if name not in sheets:
        best = nearest(name, sheets) or "、".join(sheets)
        raise KbError(f"没有工作表“{name}”；是不是“{best}”？")
    return sheets[name]


def _refuse_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        # Reading stops at the declared size, so the sum is a true limit.
        size = sum(part.file_size for part in archive.infolist())
    if size > MAX_UNPACKED:
        raise KbError(
            f"{path} 解开后有 {size // 1024**2} MiB，上限是 {MAX_UNPACKED // 1024**2} MiB"
        )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        reason = str(error).partition("\n")[0]
        raise KbError(f"读不了 {path}：不是完好的 .xlsx 文件（{reason}）") from error
