"""`kb import` on other layouts: a Jira export, several sheets, and its report."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from kb_builder import loader
from kb_builder.cli import main
from kb_builder.model.document import Document

JIRA_HEADER = (
    "Summary,Issue key,Status,Priority,Resolution,Assignee,Reporter,Creator,Created,Resolved,"
    "Component/s,Labels,Labels,Description,Comment,Comment\n"
)
JIRA_ROW = (
    "屏幕第二天就碎了,SUP-7,Done,High,Fixed,wei.zhang,meimei,meimei,12/Mar/24 2:05 PM,14/Mar/24 9:00 AM,"
    "手机,屏幕,保修,门店买的手机屏幕碎了,12/Mar/24 3:00 PM;wei.zhang;已联系客户; 等回音,"
    "14/Mar/24 9:00 AM;wei.zhang;已换新\n"
)
SHEETS = """\
key: {column: 编号, prefix: 年-, per_sheet: true}
sheets: 全部
fields:
  title: {column: 标题}
  occurred_on: {column: 时间}
  channel: {value: 电话}
sections:
  记录: [标题, 工作表]
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    assert CliRunner().invoke(main, ["init", str(tmp_path / "库")]).exit_code == 0
    return tmp_path / "库"


def run(base: Path, table: Path, map_path: Path, *options: object) -> tuple[int, str]:
    arguments = ["--root", base, "import", table, "--map", map_path, *options]
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def imported(base: Path) -> list[Document]:
    return [
        document for document in loader.load(base).corpus.documents if "imported" in document.fields
    ]


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_the_jira_example_on_a_jira_export(base: Path, tmp_path: Path) -> None:
    table = tmp_path / "jira.csv"
    table.write_text(JIRA_HEADER + JIRA_ROW, encoding="utf-8")
    code, output = run(base, table, base / "site_config/imports/jira.yml")
    assert (code, "新建 1。" in output) == (0, True), output
    (document,) = imported(base)
    assert document.faults == ()
    assert document.id == "CASE-2024-0001"
    assert [document.text(name) for name in ("product", "received_on", "resolved_on")] == [
        "手机",
        "2024-03-12 14:05",
        "2024-03-14 09:00",
    ]
    texts = {section.title: section.text for section in document.sections}
    assert texts["受理"].endswith("从提交到解决，历时 42 小时。")
    assert texts["处理"] == ("12/Mar/24 3:00 PM 已联系客户; 等回音\n\n14/Mar/24 9:00 AM 已换新")
    assert not any(name in "".join(document.lines) for name in ("wei.zhang", "meimei"))


def test_a_priority_nobody_mapped_is_reported(base: Path, tmp_path: Path) -> None:
    table = tmp_path / "jira.csv"
    rows = JIRA_ROW + JIRA_ROW.replace("SUP-7", "SUP-8").replace("High", "Blocker")
    table.write_text(JIRA_HEADER + rows, encoding="utf-8")
    report = tmp_path / "报告.csv"
    code, output = run(base, table, base / "site_config/imports/jira.yml", "--report", report)
    assert code == 1
    assert "第 3 行：“严重”：“Blocker”不在 values 里" in output
    lines = list(csv.reader(report.read_text(encoding="utf-8-sig").splitlines()))
    assert [line[2] for line in lines] == ["结果", "新建", "拒绝"]


def test_all_sheets_with_the_columns_are_read(base: Path, tmp_path: Path) -> None:
    map_path = tmp_path / "map.yml"
    map_path.write_text(SHEETS, encoding="utf-8")
    header = ["编号", "标题", "时间"]
    table = workbook(
        tmp_path / "表.xlsx",
        {
            "二〇一九年": [header, [1, "屏幕碎了没人管", "2019-01-02"]],
            "说明": [["每年一张"]],
            "张伟": [header, [1, "空调不制冷没人管", "2020-01-02"], [2, "空调不制冷", "昨天"]],
        },
    )
    report = tmp_path / "报告.csv"
    code, output = run(base, table, map_path, "--report", report)
    assert code == 1
    assert "跳过Excel，工作表“说明”：没有对应表要的列" in output
    assert "工作表“第 3 张”第 3 行：“时间”不是日期" in output
    documents = imported(base)
    assert [document.groups("imported")[0].text("key") for document in documents] == [
        "年-二〇一九年/1",
        "年-第 3 张/1",
    ]
    assert [document.sections[0].text.split("\n\n")[1] for document in documents] == [
        "二〇一九年",
        "第 3 张",
    ]
    lines = list(csv.reader(report.read_text(encoding="utf-8-sig").splitlines()))
    assert [line[:3] for line in lines[1:]] == [
        ["二〇一九年", "2", "新建"],
        ["第 3 张", "2", "新建"],
        ["第 3 张", "3", "拒绝"],
    ]
    assert "张伟" not in output + report.read_text(encoding="utf-8-sig")


def test_a_wrong_sheet_name_does_not_tell_whose_sheets_there_are(
    base: Path, tmp_path: Path
) -> None:
    map_path = tmp_path / "map.yml"
    map_path.write_text(SHEETS.replace("全部", "[留言]"), encoding="utf-8")
    table = workbook(tmp_path / "表.xlsx", {"张伟": [["编号"]], "13800001234": [["编号"]]})
    code, output = run(base, table, map_path)
    assert (code, "没有工作表“留言”；有的工作表：第 1 张、第 2 张" in output) == (2, True)


def test_a_report_never_replaces_the_table(base: Path, tmp_path: Path) -> None:
    table = tmp_path / "jira.csv"
    table.write_text(JIRA_HEADER + JIRA_ROW, encoding="utf-8")
    code, output = run(base, table, base / "site_config/imports/jira.yml", "--report", table)
    assert (code, "那是要读的文件" in output) == (2, True)
    assert table.read_text(encoding="utf-8") == JIRA_HEADER + JIRA_ROW


def test_many_reasons_are_cut_short_on_the_screen_only(base: Path, tmp_path: Path) -> None:
    table = tmp_path / "jira.csv"
    rows = "".join(JIRA_ROW.replace("SUP-7", f"S-{n}").replace("High", "?") for n in range(203))
    table.write_text(JIRA_HEADER + rows, encoding="utf-8")
    report = tmp_path / "报告.csv"
    map_path = base / "site_config/imports/jira.yml"
    code, output = run(base, table, map_path, "--dry-run", "--report", report)
    assert (code, output.count("不在 values 里")) == (1, 200)
    assert f"另有 3 行也有话要说；见 {report}。" in output
    assert report.read_text(encoding="utf-8-sig").count("拒绝") == 203
