"""`kb import`: what it prints, its exit codes, and the documented example on the real table."""

from __future__ import annotations

import fcntl
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb_builder import loader
from kb_builder.cli import import_, main
from kb_builder.intake.importing import Importer

REPOSITORY = Path(__file__).parent.parent.parent
COMPLAINTS = REPOSITORY.parent / "shared/data/complaints_resolved.xlsx"
EXAMPLE = "site_config/imports/complaints-resolved.yml"

HEADER = "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间\n"
ROW = "1,A0001,屏幕碎了没人管,2020/1/2 3:04:05,屏幕碎了，我是A0001,已换新,2020/1/5\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    assert CliRunner().invoke(main, ["init", str(tmp_path / "库")]).exit_code == 0
    return tmp_path / "库"


def run(base: Path, table: Path, *options: str) -> tuple[int, str]:
    arguments = ["--root", base, "import", table, "--map", base / EXAMPLE, *options]
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "留言.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_rows_become_drafts(base: Path, tmp_path: Path) -> None:
    table = write(tmp_path, HEADER + ROW, "gbk")
    code, output = run(base, table)
    assert code == 0
    assert "CSV，编码 GB18030（GBK）" in output
    assert "新建 1。" in output
    (document,) = loader.load(base).corpus.documents
    assert document.path == "cases/resolved/2020/CASE-2020-0001.md"
    assert document.text("received_on") == "2020-01-02 03:04"
    assert document.text("replied_on") == "2020-01-05"
    texts = {section.title: section.text for section in document.sections}
    assert texts == {
        "记录": "屏幕碎了，我是留言人",
        "受理": "原编号 1，2020/1/2 3:04:05 提交。\n\n从提交到答复，历时 3 天。",
        "分析": "",
        "处理": "已换新",
        "反馈": "2020/1/5 答复留言人，全文见“处理”。客户是否认可，表中没有记载。",
        "总结": "",
    }
    assert run(base, table) == (0, f"{table}：CSV，编码 GB18030（GBK）\n未变 1。\n")


def test_what_the_columns_do_not_say_is_not_said(base: Path, tmp_path: Path) -> None:
    run(base, write(tmp_path, HEADER + "1,A0001,屏幕碎了没人管,2020/1/2,碎了,,\n"))
    (document,) = loader.load(base).corpus.documents
    texts = [section.text for section in document.sections]
    assert texts == ["碎了", "原编号 1，2020/1/2 提交。", "", "", "", ""]
    assert "replied_on" not in document.fields


def test_a_dry_run_shows_drafts_and_problems_and_writes_nothing(base: Path, tmp_path: Path) -> None:
    table = write(
        tmp_path, HEADER + ROW + ROW + ROW.replace("1,A", "2,A", 1).replace("2020/1/2 3", "昨天 3")
    )
    code, output = run(base, table, "--dry-run")
    assert code == 1
    assert "==> cases/resolved/2020/CASE-2020-0001.md\n---\nid: CASE-2020-0001\n" in output
    assert "第 3 行：与第 2 行完全相同" in output
    assert "第 4 行：“留言时间”不是日期：“昨天 3:04:05”" in output
    assert "试运行，没有写草稿：新建 1，重复，跳过 1，没有收 1。" in output
    assert loader.load(base).corpus.documents == ()
    assert not (base / ".kb").exists()


def test_rows_not_taken_give_exit_code_1(base: Path, tmp_path: Path) -> None:
    other = ROW.replace("屏幕", "外壳")
    code, output = run(base, write(tmp_path, HEADER + ROW + other))
    assert (code, "新建 1，没有收 1。" in output) == (1, True)
    assert "第 3 行：“留言编号”“1”与第 2 行重复，内容不同；只收前面那一行" in output


def test_long_titles_are_reported(base: Path, tmp_path: Path) -> None:
    code, output = run(base, write(tmp_path, HEADER + ROW.replace("屏幕碎了没人管", "长" * 50)))
    assert (code, "1 行的标题过长，已截短；全文写在正文里。" in output) == (0, True)


def test_an_empty_table(base: Path, tmp_path: Path) -> None:
    code, output = run(base, write(tmp_path, HEADER))
    assert (code, "表格里没有一行数据" in output) == (0, True)


def test_what_cannot_be_looked_at_gives_exit_code_2(base: Path, tmp_path: Path) -> None:
    code, output = run(base, write(tmp_path, HEADER.replace("留言主题", "主题")))
    assert (code, "没有“留言主题”这一列；是不是“主题”？" in output) == (2, True)
    code, output = run(base, tmp_path / "没有.xlsx")
    assert (code, "读不了" in output) == (2, True)
    code, output = run(tmp_path / "没有", write(tmp_path, HEADER))
    assert (code, "这里不是知识库" in output) == (2, True)


def test_two_imports_at_once_are_refused(base: Path, tmp_path: Path) -> None:
    (base / ".kb").mkdir()
    with (base / ".kb/import.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, output = run(base, write(tmp_path, HEADER + ROW))
    assert (code, "另一个 kb import" in output) == (3, True)


def test_an_interruption_says_how_to_go_on(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Importer.take

    def interrupted(self: Importer, row: object, *, write: bool) -> object:
        if row.number == 3:  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return take(self, row, write=write)  # type: ignore[arg-type]

    monkeypatch.setattr(import_.Importer, "take", interrupted)
    code, output = run(base, write(tmp_path, HEADER + ROW + ROW.replace("1,", "2,", 1)))
    assert code == 1
    assert "新建 1。" in output
    assert "再运行一次，从断处接着导入" in output


@pytest.mark.skipif(
    not COMPLAINTS.is_file(), reason="needs ../shared/data/complaints_resolved.xlsx"
)
def test_the_documented_example_on_the_real_table(base: Path) -> None:
    code, output = run(base, COMPLAINTS)
    assert (code, "新建 2816。" in output) == (0, True), output[-2000:]
    assert CliRunner().invoke(main, ["--root", str(base), "check"]).exit_code == 0
    before = {path: path.stat().st_mtime_ns for path in (base / "cases").rglob("*.md")}
    names = sorted(path.stem for path in before if path.stem.startswith("CASE-"))
    assert len(names) == 2816
    years = {name[5:9] for name in names}
    for year in years:
        numbers = [int(name[10:]) for name in names if name[5:9] == year]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    code, output = run(base, COMPLAINTS)
    assert (code, "未变 2816。" in output) == (0, True)
    assert {path: path.stat().st_mtime_ns for path in (base / "cases").rglob("*.md")} == before
    # The publisher's customer numbers (A0…) stay out.
    text = "".join(path.read_text(encoding="utf-8") for path in before)
    assert not re.search(r"A0\d{7}", text)
