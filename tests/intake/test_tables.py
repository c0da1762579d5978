"""Tables: what is in the cells, whatever the file, and clear words when it can't be read."""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from kb_builder.diagnostics import KbError
from kb_builder.intake import excel
from kb_builder.intake.cells import SHEET, Row
from kb_builder.intake.tables import open_tables

HEADER = ["编号", "标题", "时间"]


def read(
    path: Path, *, sheet: str = "", encoding: str = "", header_row: int = 1
) -> tuple[str, tuple[str, ...], list[Row]]:
    sheets = (sheet,) if sheet else ()
    with open_tables(path, sheets=sheets, encoding=encoding, header_row=header_row) as (table,):
        return table.description, table.columns, list(table.rows(set(table.columns)))


def texts(rows: list[Row]) -> list[list[str]]:
    return [[cell.text for name, cell in row.cells.items() if name != SHEET] for row in rows]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: list[object], title: str = "留言") -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = title
        for row in rows:
            sheet.append(row)
        book.create_sheet("别的").append(["甲"])
        path = tmp_path / "表.xlsx"
        book.save(path)
        return path

    return write


def test_spreadsheet_values_become_what_a_person_reads(workbook: Callable[..., Path]) -> None:
    path = workbook(
        HEADER,
        [2549, "碎了", dt.datetime(2020, 1, 2, 3, 4, 5)],
        [2550.0, True, dt.datetime(2020, 1, 2)],
        [1.1, None, dt.time(3, 4)],
    )
    description, columns, rows = read(path)
    assert description == "Excel，工作表“留言”"
    assert columns == ("编号", "标题", "时间")
    assert texts(rows) == [
        ["2549", "碎了", "2020-01-02 03:04:05"],
        ["2550", "是", "2020-01-02"],
        ["1.1", "", "03:04:00"],
    ]
    assert rows[0].cells["时间"].moment == dt.datetime(2020, 1, 2, 3, 4, 5)
    assert [row.number for row in rows] == [2, 3, 4]


def test_a_formula_nobody_calculated_is_a_problem_and_an_empty_cell_is_none(
    workbook: Callable[..., Path],
) -> None:
    _, _, rows = read(workbook(HEADER, ["1", "", None], ["2", "=A2&B2", None], [None, "=A1", None]))
    assert [row.cells["标题"].problem[:8] for row in rows] == [
        "",
        "公式还没有算出结",
        "公式还没有算出结",
    ]
    assert all(not row.cells["时间"].problem for row in rows)


def test_the_stored_result_of_a_formula_is_its_value(workbook: Callable[..., Path]) -> None:
    path = workbook(HEADER, ["1", "=A2&B2", '=IF(1,"",2)'])
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    sheet = parts[name].decode()
    assert sheet.count("<v />") + sheet.count("<v/>") + sheet.count("<v></v>") == 2
    for empty in ("<v />", "<v/>", "<v></v>"):
        sheet = sheet.replace(empty, "<v>算好了</v>", 1)
    for cell in ("B2", "C2"):
        sheet = sheet.replace(f'r="{cell}"', f'r="{cell}" t="str"')
    parts[name] = sheet.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    _, _, rows = read(path)
    assert [(cell.text, cell.problem) for name, cell in rows[0].cells.items() if name != SHEET] == [
        ("1", ""),
        ("算好了", ""),
        ("", ""),
    ]


def test_error_values_and_numbers_that_lost_digits_are_problems(
    workbook: Callable[..., Path],
) -> None:
    _, _, rows = read(workbook(HEADER, ["#N/A", 1.2345678901234568e17, None]))
    assert rows[0].cells["编号"].problem == "错误值 #N/A"
    assert "15 位" in rows[0].cells["标题"].problem


def test_sheet_and_header_row_can_be_named(workbook: Callable[..., Path]) -> None:
    path = workbook(["二〇二〇年留言汇总"], [" 编号 ", "标\u200b题", None], [], ["1", "甲", None])
    _, columns, rows = read(path, sheet="留言", header_row=2)
    assert columns[:2] == ("编号", "标题")
    assert [(row.number, row.cells["编号"].text) for row in rows] == [(4, "1")]
    with pytest.raises(KbError, match="没有工作表“留言薄”；是不是“留言”"):
        read(path, sheet="留言薄")


def test_only_wanted_columns_are_read(workbook: Callable[..., Path]) -> None:
    path = workbook(HEADER, ["1", "#N/A", None])
    with open_tables(path, sheets=(), encoding="", header_row=1) as (table,):
        assert [set(row.cells) for row in table.rows({"编号"})] == [{"编号", SHEET}]


@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8（带 BOM）"),
        ("gbk", "GB18030（GBK）"),
        ("gb18030", "GB18030（GBK）"),
        ("utf-16", "UTF-16"),
    ],
)
def test_encodings_are_found_out(write_csv: Callable[..., Path], encoding: str, label: str) -> None:
    text = "屏幕碎了，𠮷" if encoding != "gbk" else "屏幕碎了，喆"
    path = write_csv([HEADER, ["1", f"{text}\n第二行", "2020-01-02"], [], ["", " ", ""]], encoding)
    description, columns, rows = read(path)
    assert description == f"CSV，编码 {label}"
    assert columns == ("编号", "标题", "时间")
    assert texts(rows) == [["1", f"{text}\n第二行", "2020-01-02"]]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters_are_found_out(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "表.csv"
    path.write_text(delimiter.join(HEADER) + "\n" + delimiter.join("一二三"), encoding="utf-8")
    assert texts(read(path)[2]) == [["一", "二", "三"]]


def test_rows_longer_than_the_header_are_reported_shorter_ones_filled(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text("编号,标题\n1,甲,乙\n2\n3,丙,,\n", encoding="utf-8")
    _, _, rows = read(path)
    assert [row.problem[:4] for row in rows] == ["有 3 ", "", ""]
    assert rows[1].cells["标题"].text == ""


def test_a_cell_of_a_megabyte_is_read(write_csv: Callable[..., Path]) -> None:
    _, _, rows = read(write_csv([["编号"], ["字" * 1_000_000]]))
    assert len(rows[0].cells["编号"].text) == 1_000_000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧的 .xls"),
        (b"\x81\x20\xff\xff", "既不是 UTF-8 也不是 GBK"),
        ('编号\n"没有闭合\n'.encode(), "引号没有配对"),
        (b"PK\x03\x04 and nothing more", "不是完好的 .xlsx"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(data)
    with pytest.raises(KbError, match=message):
        read(path)


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    for path in (tmp_path / "没有.csv", tmp_path):
        with pytest.raises(KbError, match="读不了"):
            read(path)


def test_a_wrong_encoding_of_the_owner_is_said(write_csv: Callable[..., Path]) -> None:
    with pytest.raises(KbError, match="不是 ascii 编码"):
        read(write_csv([HEADER]), encoding="ascii")


def test_a_zip_bomb_is_refused(
    workbook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MAX_UNPACKED", 1000)
    with pytest.raises(KbError, match="解开后有"):
        read(workbook(HEADER))


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("seed", range(60))
def test_damaged_spreadsheets_are_read_or_refused(workbook: Callable[..., Path], seed: int) -> None:
    path = workbook(HEADER, *([number, f"标题{number}", "=A1"] for number in range(9)))
    chance = random.Random(seed)
    with zipfile.ZipFile(path) as archive:
        parts = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    for data in chance.sample(list(parts.values()), 3):
        for _ in range(2):
            place = chance.randrange(len(data))
            data[place : place + chance.randrange(9)] = chance.choice(
                [b"", b"99999999", b"<c/>", b'"', b"A1", b"0"]
            )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, bytes(data))
    problem = ""
    try:
        read(path)
    except KbError as error:
        problem = str(error)
    assert "\n" not in problem
