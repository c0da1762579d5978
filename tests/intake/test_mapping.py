"""Import maps: every mistake is named with its place and the nearest right word."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb_builder import loader
from kb_builder.diagnostics import KbError
from kb_builder.intake.mapping import read_map
from kb_builder.intake.notations import NOTATIONS

ROOT = Path(__file__).parent.parent.parent
SCHEMA = loader.load_settings(ROOT).schema
GOOD = "key: 编号\nfields:\n  title: {column: 标题}\n"


def problem(tmp_path: Path, text: str) -> str:
    path = tmp_path / "m.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KbError) as caught:
        read_map(path, SCHEMA)
    return str(caught.value).replace(str(path), "m.yml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fields: {}", "m.yml: 缺少 key；"),
        ("key: 编号", "m.yml: 缺少 fields；"),
        ("keys: 编号", "m.yml:1:1: 不认识“keys”"),
        ("key: {prefix: a}\nfields: {}", "m.yml:1:6: key 里缺少 column"),
        ("kind: tale\nkey: 编号", "m.yml:1:7: 没有“tale”这一类；可以写：case、"),
        ("kind: lesson\nkey: 编号", "m.yml:1:7: 不能导入教训"),
        (GOOD + "  titel: {column: 标题}", "m.yml:4:3: 没有“titel”这个字段；是不是“title”？"),
        (GOOD + "  status: {value: 已发布}", "m.yml:4:3: status 由导入填写"),
        (GOOD + "  timeline: {column: 标题}", "m.yml:4:3: “时间线”是一组字段"),
        (GOOD + "  channel: 来源", "m.yml:4:12: 写成 {column: 列名}"),
        (GOOD + "  channel: {}", "m.yml:4:12: column 和 value 要写一个"),
        (GOOD + "  channel: {value: 电话, column: 来源}", "m.yml:4:12: column 和 value"),
        (GOOD + "  channel: {value: 电花}", "m.yml:4:20: 投诉渠道“电花”不在词表中；改为“"),
        (GOOD + "  appeal: {value: [情感诉求, 利益诉求]}", "m.yml:4:19: “诉求”应当有一个值"),
        (GOOD + "  channel: {column: 来源, words: {微: 微搏}}", "m.yml:4:36: 投诉渠道“微搏”"),
        (GOOD + "  occurred_on: {column: 时间, default: 昨天}", "m.yml:4:38: “发生时间”不是日期"),
        (GOOD + "  occurred_on: {column: 时间, separator: 、}", "m.yml:4:40: “发生时间”只有一个值"),
        (GOOD + "sections: {记禄: 详情}", "m.yml:4:12: 案例没有“记禄”这一节；是不是“记录”？"),
        (GOOD + "sections: {记录: {tex: 一}}", "m.yml:4:17: 不认识“tex”"),
        (GOOD + "encoding: gbq", "m.yml:4:11: 不认识编码“gbq”"),
        (GOOD + "header_row: 一", "m.yml:4:13: 这里应当是整数"),
        (GOOD + "id: {column: 甲, year: 乙}", "m.yml:4:5: id 里 column 和 year 只能写一个"),
        ("key: [一\n二: 三", "m.yml:"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    assert problem(tmp_path, text).startswith(message)


def test_a_missing_map_is_said(tmp_path: Path) -> None:
    with pytest.raises(KbError, match="缺少"):
        read_map(tmp_path / "没有.yml", SCHEMA)


def test_a_folder_is_no_map(tmp_path: Path) -> None:
    with pytest.raises(KbError, match="读不了"):
        read_map(tmp_path, SCHEMA)


def test_columns_are_checked_wherever_the_map_names_them(tmp_path: Path) -> None:
    path = tmp_path / "m.yml"
    path.write_text(
        GOOD + "  summary: {column: 摘要, fallback: 详情}\nmask: [用户]\nid: {year: 年}\n"
        "sections:\n  记录: [甲, {text: '{乙} {丙..丁}'}]\n",
        encoding="utf-8",
    )
    found = read_map(path, SCHEMA)
    names = ["编号", "年", "用户", "标题", "摘要", "详情", "甲", "乙", "丙", "丁"]
    assert sorted(column.name for column in found.columns) == sorted(names)
    found.check_columns(names)
    for name in names:
        with pytest.raises(KbError, match=f"没有“{name}”这一列"):
            found.check_columns([other for other in names if other != name])
    with pytest.raises(KbError, match=r"m\.yml:3:19: 表格里没有“标题”这一列；是不是“留言标题”？"):
        found.check_columns(["留言标题" if name == "标题" else name for name in names])
    with pytest.raises(KbError, match="有 2 列都叫“标题”"):
        found.check_columns([*names, "标题"])


def test_the_example_and_its_page_say_the_same() -> None:
    example = (ROOT / "site_config/imports/complaints-resolved.yml").read_text(encoding="utf-8")
    page = (ROOT / "cases/guide/import.md").read_text(encoding="utf-8")
    shown = page.partition("```yaml\n")[2].partition("```")[0]

    def essential(text: str) -> list[str]:
        lines = (line.partition("  #")[0].rstrip() for line in text.split("\n"))
        return [line for line in lines if line and not line.startswith("#")]

    assert essential(shown) == essential(example)


def test_the_page_explains_every_word_of_a_map() -> None:
    sources = [ROOT / "kb_builder/intake" / name for name in ("mapping.py", "computed.py")]
    source = "".join(path.read_text(encoding="utf-8") for path in sources)
    page = (ROOT / "cases/guide/import.md").read_text(encoding="utf-8")
    for word in (
        "kind", "sheet", "sheets", "encoding", "header_row", "key", "id", "mask", "fields", "sections",
        "column", "value", "fallback", "default", "format", "separator", "words", "prefix", "word",
        "text", "year", "per_sheet", "columns", "join", "by", "values", "split", "part", "match", "group",
        "replace", "with", "date", "otherwise",
    ):  # fmt: skip
        assert f'"{word}"' in source
        assert f"`{word}`" in page or f"{word}:" in page
    for notation in NOTATIONS:
        assert f"`{notation}`" in page


@pytest.mark.parametrize("name", ["complaints-resolved", "jira"])
def test_the_examples_are_read(name: str) -> None:
    assert read_map(ROOT / f"site_config/imports/{name}.yml", SCHEMA).fields
