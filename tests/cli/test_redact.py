"""`kb redact`: the difference first, then one mark a person; afterwards the file passes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder import loader
from kb_builder.cli import main

PATH = "cases/resolved/2024/CASE-2024-0001.md"
PERSONAL = """
客户张伟的电话是 138-0000-1234，张伟说也可以打13800001234找店员李娜。
请打 0731-88880000。 <!-- kb: ignore KB501 公司总机 -->
"""
REDACTED = """
客户甲的电话是 电话①，客户甲说也可以打电话①找店员乙。
请打 0731-88880000。 <!-- kb: ignore KB501 公司总机 -->
"""


@pytest.fixture
def file(root: Path) -> Path:
    path = root / PATH
    path.write_text(path.read_text("utf-8") + PERSONAL, encoding="utf-8")
    return path


def run(root: Path, *arguments: object, given: str = "") -> Result:
    command = ["--root", str(root), "redact", *map(str, arguments)]
    return CliRunner().invoke(main, command, input=given, catch_exceptions=False)


def errors(root: Path) -> str:
    result = CliRunner().invoke(main, ["--root", str(root), "check", "--format", "concise"])
    return "\n".join(line for line in result.output.splitlines() if " KB5" in line)


def test_it_shows_the_difference_and_writes_when_told(root: Path, file: Path) -> None:
    assert "KB501" in errors(root)
    result = run(root, file, given="y\n")
    assert result.exit_code == 0
    assert "-客户张伟的电话是 138-0000-1234" in result.output
    assert "+客户甲的电话是 电话①" in result.output
    assert file.read_text("utf-8").endswith(REDACTED)
    assert errors(root) == ""


def test_it_writes_nothing_unless_told(root: Path, file: Path) -> None:
    before = file.read_bytes()
    result = run(root, file, given="n\n")
    assert result.exit_code == 1
    assert "没有写。" in result.output
    assert file.read_bytes() == before
    assert list(file.parent.glob(".*")) == []


def test_a_second_time_there_is_nothing_to_do(root: Path, file: Path) -> None:
    run(root, file, "--yes")
    before = file.read_bytes()
    assert run(root, file, "--yes").output == "没有要换的个人信息。\n"
    assert file.read_bytes() == before


def test_front_matter_stays_readable_and_authors_stay_named(root: Path, file: Path) -> None:
    head, body = file.read_text("utf-8").split("\nstatus:", 1)
    personal = (
        '\ntimeline: [{when: 2024-05-01, what: "店员李娜回电 13800001234"}]'
        "\nsources: [{title: 某书, author: 作家王强}]"
    )
    file.write_text(f"{head}{personal}\nstatus:{body}", encoding="utf-8")
    assert run(root, file, "--yes").exit_code == 0
    document = next(each for each in loader.load(root).corpus.documents if each.path == PATH)
    assert document.readable
    assert document.groups("timeline")[0].text("what") == "店员甲回电 电话①"
    assert document.groups("sources")[0].text("author") == "作家王强"


def test_a_pipe_goes_on_through(root: Path) -> None:
    result = run(root, "-", given="客户张伟，电话 13800001234")
    assert result.output == "客户甲，电话 电话①"


def test_another_file_is_written_and_this_one_left(root: Path, file: Path) -> None:
    before = file.read_bytes()
    other = root / "干净.md"
    assert run(root, file, "--yes", "--output", other).exit_code == 0
    assert other.read_text("utf-8").endswith(REDACTED)
    assert file.read_bytes() == before
    assert run(root, file, "--output", "-").output.endswith(REDACTED)


def test_a_name_in_the_file_name_is_pointed_out(root: Path) -> None:
    path = root / "cases/resolved/2024/张伟-13800001234.md"
    path.write_text("客户来电。\n", encoding="utf-8")
    assert "请把文件名改成编号" in run(root, path).stderr


def test_what_cannot_be_read_is_said(root: Path) -> None:
    (root / "gbk.md").write_bytes("客户张伟".encode("gbk"))
    for name, reason in (("gbk.md", "不是 UTF-8 编码"), ("没有.md", "读不了")):
        result = run(root, root / name)
        assert result.exit_code == 2
        assert reason in result.stderr


def test_check_says_where_and_not_what(root: Path, file: Path) -> None:
    clean = root / "干净.md"
    clean.write_text("客户张先生来电。\n", encoding="utf-8")
    before = file.read_bytes()
    result = run(root, "--check", clean, file)
    assert result.exit_code == 1
    row = file.read_text("utf-8").count("\n", 0, file.read_text("utf-8").index("客户张伟")) + 1
    assert f"CASE-2024-0001.md:{row}: KB513 写出了真实姓名" in result.output
    assert f"CASE-2024-0001.md:{row}: KB501 写出了电话号码" in result.output
    assert "干净.md" not in result.output
    for personal in ("张伟", "李娜", "1380000", "1234"):
        assert personal not in result.output
    assert file.read_bytes() == before
    assert run(root, "--check", clean).exit_code == 0


def test_check_does_not_repeat_a_name_of_a_file(root: Path) -> None:
    path = root / "cases/resolved/2024/张伟-13800001234.md"
    path.write_text("客户来电。\n", encoding="utf-8")
    result = run(root, "--check", "-", given="13800001234")
    assert (result.exit_code, result.output) == (1, "-:1: KB501 写出了电话号码\n")
    result = run(root, "--check", path)
    assert result.exit_code == 1
    assert "张伟" not in result.output


def test_several_files_are_only_checked(root: Path, file: Path) -> None:
    result = run(root, file, file)
    assert result.exit_code == 2
    assert "一次只改一个文件" in result.stderr
