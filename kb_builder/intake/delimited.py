"""Text tables (.csv), in the encodings in which they are found in China."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kb_builder.diagnostics import KbError
from kb_builder.intake.cells import EMPTY, Cell, Row, Table, gathered
from kb_builder.intake.plain_text import one_line

MAX_CELL = 16 * 1024 * 1024
"""The largest cell that is read at all, in characters; a larger one is a quote never closed."""

_CHUNK = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8（带 BOM）"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_GUESSES = (("utf-8", "UTF-8"), ("gb18030", "GB18030（GBK）"))


@contextmanager
def open_delimited(path: Path, encoding: str, header_row: int) -> Iterator[Table]:
    """Open a text table; the encoding is found out where `encoding` is empty.

    Raises KbError when no encoding fits or a quote is not closed.
    """
    codec, label = (encoding, encoding) if encoding else _detect(path)
    limit = csv.field_size_limit(MAX_CELL)
    try:
        delimiter = _delimiter(path, codec)
        columns: tuple[str, ...] = ()
        count = 0
        for number, cells in _records(path, codec, delimiter):
            if number == header_row:
                columns = tuple(one_line(cell) for cell in cells)
            count += number > header_row

        def rows(wanted: Collection[str]) -> Iterator[Row]:
            for number, cells in _records(path, codec, delimiter):
                if number > header_row and any(cell.strip() for cell in cells):
                    yield _row(number, cells, columns, wanted)

        yield Table(f"CSV，编码 {label}", "", columns, count, rows)
    finally:
        csv.field_size_limit(limit)


def _row(number: int, cells: list[str], columns: Sequence[str], wanted: Collection[str]) -> Row:
    problem = ""
    if any(cell.strip() for cell in cells[len(columns) :]):
        problem = f"有 {len(cells)} 格，表头只有 {len(columns)} 格；多半是引号或逗号不配对"
    named = (
        (name, Cell(cells[index]) if index < len(cells) else EMPTY)
        for index, name in enumerate(columns)
        if name in wanted
    )
    return Row(number, gathered("", named), problem)


def _records(path: Path, codec: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records with their numbers, counted as a spreadsheet would show them."""
    with path.open(encoding=codec, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            yield from enumerate(reader, 1)
        except csv.Error as error:
            message = f"{path} 第 {reader.line_num} 行读不下去：引号没有配对（{error}）"
            raise KbError(message) from error
        except UnicodeError as error:
            raise KbError(f"{path} 不是 {codec} 编码") from error


def _detect(path: Path) -> tuple[str, str]:
    with path.open("rb") as file:
        start = file.read(4)
    for mark, codec, label in _MARKS:
        if start.startswith(mark):
            return codec, label
    for codec, label in _GUESSES:
        if _decodes(path, codec):
            return codec, label
    raise KbError(f"{path} 既不是 UTF-8 也不是 GBK 编码；请另存为 UTF-8 的 CSV")


def _decodes(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(path: Path, codec: str) -> str:
    """The separator that the first line has most of."""
    try:
        with path.open(encoding=codec, newline="") as file:
            line = file.readline(_CHUNK)
    except UnicodeError as error:
        raise KbError(f"{path} 不是 {codec} 编码") from error
    return max(",\t;", key=line.count)
