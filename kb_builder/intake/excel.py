"""Spreadsheets (.xlsx), read row by row; the one home of openpyxl."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from kb_builder.diagnostics import KbError
from kb_builder.intake.cells import EMPTY, MAX_ROWS, Cell, Row, Table, gathered
from kb_builder.intake.plain_text import one_line
from kb_builder.intake.texts import Texts
from kb_builder.model.taxonomy import nearest
from kb_builder.privacy import Gate
from kb_builder.privacy.names import is_name

_GATE = Gate()

MAX_UNPACKED = 1024 * 1024 * 1024
"""Limit of a spreadsheet's size after unpacking, in bytes."""

_EXACT_DIGITS = 10**15
"""From here on a spreadsheet's numbers have lost their last digits."""

_DAMAGED = (
    zipfile.BadZipFile, zlib.error, ParseError, InvalidFileException, EOFError, OSError,
    KeyError, IndexError, ValueError, TypeError, AttributeError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What openpyxl raises when the parts of a file don't fit together."""


@contextmanager
def open_excel(
    path: Path, sheets: Sequence[str] | None, header_row: int
) -> Iterator[tuple[Table, ...]]:
    """Open sheets by their names, in their order: the first one where there are no names, all where
    `sheets` is None. Raises KbError if the file can't be read.
    """
    with _explained(path):
        _refuse_bomb(path)
        book, texts = _load(path, data_only=True)
    formulas = _Formulas(path)
    try:
        yield tuple(
            _table(path, worksheet, label, header_row, formulas)
            for label, worksheet in _sheets(book, sheets)
        )
    finally:
        formulas.close()
        book.close()
        texts.close()


def _table(path: Path, worksheet: Any, label: str, header_row: int, formulas: _Formulas) -> Table:
    with _explained(path):
        count = max(0, (worksheet.max_row or 0) - header_row)
        # Some programs write a size that is not that of the sheet; without one, all is read.
        worksheet.reset_dimensions()
        header = next(worksheet.iter_rows(min_row=header_row, max_row=header_row), ())
        columns = tuple(one_line(_cell(cell).text) for cell in header)

    def rows(wanted: Collection[str]) -> Iterator[Row]:
        return _rows(path, worksheet, label, columns, wanted, header_row, formulas)

    return Table(f"Excel，工作表“{label}”", label, columns, count, rows)


def _rows(
    path: Path,
    worksheet: Any,
    label: str,
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
            named: list[tuple[str, Cell]] = []
            for name, index in places:
                cell = raw[index] if index < len(raw) else None
                # The stored result of a formula that gives an empty text has a type of its own.
                empty = cell is None or (cell.value is None and cell.data_type != "str")
                if empty and formulas.holds(worksheet.title, number, index):
                    problem = "公式还没有算出结果；在 Excel 里打开并保存一次"
                    named.append((name, Cell(problem=problem)))
                else:
                    named.append((name, EMPTY if cell is None else _cell(cell)))
            filled = any(cell.value is not None for cell in raw)
        if filled or any(cell.problem for _, cell in named):
            yield Row(number, gathered(label, named), sheet=label)


class _Formulas:
    """Which cells hold formulas; reads the sheet a second time, and only when asked.

    The results of formulas and the formulas themselves can't be read in one go.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sheet = ""
        self._book: Any = None
        self._texts: Texts | None = None
        self._rows: Iterator[tuple[int, Any]] = iter(())
        self._current: tuple[int, Any] = (0, ())

    def holds(self, sheet: str, number: int, index: int) -> bool:
        """Whether a cell is a formula; sheets one by one, and their rows in order."""
        if self._book is None:
            self._book, self._texts = _load(self._path, data_only=False)
        if sheet != self._sheet:
            self._sheet = sheet
            worksheet = self._book[sheet]
            worksheet.reset_dimensions()
            self._rows, self._current = enumerate(worksheet.iter_rows(), 1), (0, ())
        while self._current[0] < number:
            self._current = next(self._rows, (MAX_ROWS, ()))
        row = self._current[1] if self._current[0] == number else ()
        return index < len(row) and row[index].data_type == "f"

    def close(self) -> None:
        if self._book is not None and self._texts is not None:
            self._book.close()
            self._texts.close()


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


class _Reader(ExcelReader):
    """openpyxl's reader, but for the texts that cells share: it would hold all of them in memory."""

    shared_strings: Any

    def read_strings(self) -> None:
        part: Any = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if part is None:
            self.shared_strings = Texts(())
            return
        with self.archive.open(part.PartName[1:]) as source:
            self.shared_strings = Texts(_texts(source))


def _texts(source: IO[bytes]) -> Iterator[str]:
    root = None
    for event, node in iterparse(source, events=("start", "end")):
        if root is None:
            root = node
        if event == "end" and node.tag == f"{{{SHEET_MAIN_NS}}}si":
            found: Any = Text.from_tree(node)
            # As openpyxl does: the mark before what only looks like an escaped character.
            yield found.content.replace("x005F_", "")
            root.clear()


def _load(path: Path, *, data_only: bool) -> tuple[Any, Texts]:
    with warnings.catch_warnings():
        # About styles and extensions that reading values does not need.
        warnings.simplefilter("ignore", UserWarning)
        reader = _Reader(path, read_only=True, data_only=data_only)
        reader.read()
        return reader.wb, reader.shared_strings


def _sheets(book: Any, names: Sequence[str] | None) -> list[tuple[str, Any]]:
    """The sheets wanted, with the labels that reports may show."""
    sheets = {
        sheet.title: (_label(sheet.title, position), sheet)
        for position, sheet in enumerate(book.worksheets, 1)
    }
    if not sheets:
        raise KbError("这个 Excel 文件里没有工作表")
    if names is None:
        return list(sheets.values())
    if not names:
        return [next(iter(sheets.values()))]
    for name in names:
        if name not in sheets:
            labels = [label for label, _ in sheets.values()]
            best = nearest(name, labels)
            hint = f"是不是“{best}”？" if best else f"有的工作表：{'、'.join(labels)}"
            raise KbError(f"没有工作表“{name}”；{hint}")
    return [sheets[name] for name in names]


def _label(title: str, position: int) -> str:
    """What reports call a sheet: its title, unless it may name or lead to a person."""
    plain = one_line(title)
    return f"第 {position} 张" if is_name(plain) or _GATE.find(plain) else plain


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
