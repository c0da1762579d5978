"""Computed columns: what each step gives, what it misses, and where a map is wrong about one."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_importing import MAP, Bench, actions, bench, line  # noqa: F401 - a fixture

from kb_builder import loader
from kb_builder.diagnostics import KbError
from kb_builder.intake.importing import Action
from kb_builder.intake.mapping import ImportMap, read_map

ROOT = Path(__file__).parent.parent.parent
SCHEMA = loader.load_settings(ROOT).schema
GOOD = "key: 编号\nfields:\n  title: {column: 标题}\ncolumns:\n"


def read(tmp_path: Path, text: str) -> ImportMap:
    path = tmp_path / "m.yml"
    path.write_text(text, encoding="utf-8")
    return read_map(path, SCHEMA)


def computed(tmp_path: Path, column: str, *texts: str) -> tuple[str, str]:
    (found,) = read(tmp_path, GOOD + f"  新:{column}").computed
    return found.compute(texts)


@pytest.mark.parametrize(
    ("column", "texts", "expected"),
    [
        (" {column: 甲}", ["一"], "一"),
        (" {value: 门店}", [], "门店"),
        (' {join: [甲, 乙, 丙], by: " / "}', ["一", "", "三"], "一 / 三"),
        (" {column: 甲, values: {微信: 社交媒体}}", ["微信"], "社交媒体"),
        (" {column: 甲, split: /, part: 2}", ["手机/屏幕 /碎"], "屏幕"),
        (" {column: 甲, split: /, part: -1}", ["手机/屏幕/碎"], "碎"),
        (r" {column: 甲, match: '【(.+?)】'}", ["【手机】碎了"], "手机"),
        (r" {column: 甲, match: '\d+'}", ["批次 42 号"], "42"),
        (r" {column: 甲, match: '(\d+)-(\d+)', group: 2}", ["1-2"], "2"),
        (r" {column: 甲, replace: '(\d+)元', with: '¥{1}'}", ["3元，5元"], "¥3，¥5"),
        (" {column: 甲, replace: '转接.*'}", ["换新。转接三线"], "换新。"),
        (" {column: 甲, date: 日月年}", ["2/1/2020"], "2020-01-02"),
        (" {column: 甲, date: [日月年, Excel 序号]}", ["43832"], "2020-01-02"),
        (" {column: 甲, date: '%Y|%m|%d'}", ["2020|01|02"], "2020-01-02"),
        (" {column: 甲, date: 日月年}", ["2020-01-02 03:04"], "2020-01-02 03:04"),
        ("\n  - column: 甲\n  - split: /\n    part: 1\n  - values: {a: b}", ["a/c"], "b"),
        (" {column: 甲, values: {a: b}}", [""], ""),
    ],
)
def test_each_step(tmp_path: Path, column: str, texts: list[str], expected: str) -> None:
    assert computed(tmp_path, column, *texts) == (expected, "")


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("values: {微信: 社交媒体}", "飞鸽", "“飞鸽”不在 values 里"),
        ("split: /, part: 3", "手机/屏幕", "“手机/屏幕”用“/”分开只有 2 段，没有第 3 段"),
        ("match: '【(.+?)】'", "屏幕碎了", "“屏幕碎了”里找不到“【(.+?)】”"),
        ("date: [日月年, 英文]", "昨天", "“昨天”不是日期（日月年、英文）"),
        ("match: a", "字" * 2001, "“字字字字字字字字字字字…”一行有 2001 个字"),
    ],
)
def test_what_is_missed_has_a_reason_or_what_the_map_says(
    tmp_path: Path, column: str, text: str, reason: str
) -> None:
    with pytest.raises(ValueError, match="“新”：") as caught:
        computed(tmp_path, f" {{column: 甲, {column}}}", text)
    assert str(caught.value).startswith(f"“新”：{reason}")
    found, note = computed(tmp_path, f" {{column: 甲, {column}, otherwise: 其他}}", text)
    assert (found, note.endswith("，写成“其他”")) == ("其他", True)
    found, note = computed(tmp_path, f' {{column: 甲, {column}, otherwise: ""}}', text)
    assert (found, note.endswith("，空着")) == ("", True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  新: 甲", "m.yml:5:6: 写成 {column: 列名, …}"),
        ("  新: {}", "m.yml:5:6: 第一步要写 column、join 或 value"),
        ("  新: {column: 甲, value: 乙}", "m.yml:5:6: 第一步要写"),
        ("  新: {column: 甲, by: 乙}", "m.yml:5:22: by 要和 join 一起写"),
        ("  新: {column: 甲, values: {}}", "m.yml:5:26: values 里写上"),
        ("  新: {column: 甲, valeus: {a: b}}", "m.yml:5:18: 不认识“valeus”"),
        ("  新: {column: 甲, values: {a: b}, part: 1}", "m.yml:5:40: values 用不着 part"),
        ("  新: {column: 甲, values: {a: b}, match: c}", "m.yml:5:6: 每一步要写 values、"),
        ("  新: {column: 甲, otherwise: b}", "m.yml:5:6: 每一步要写 values、"),
        ("  新: {column: 甲, replace: a, otherwise: b}", "m.yml:5:41: replace 用不着 otherwise"),
        ("  新: {column: 甲, split: /}", "m.yml:5:25: 写成 split: 分隔符, part: 第几段"),
        ("  新: {column: 甲, split: /, part: 零}", "m.yml:5:34: 这里写 1、2……"),
        ("  新: {column: 甲, match: '(a+)+b'}", "m.yml:5:25: 重复里面又有重复"),
        ("  新: {column: 甲, match: '(a'}", "m.yml:5:25: 正则表达式写错了"),
        ("  新: {column: 甲, match: a, group: 1}", "m.yml:5:35: 正则表达式里只有 0 对括号"),
        ("  新: {column: 甲, replace: a, with: '{1}'}", "m.yml:5:36: 正则表达式里只有 0 对括号"),
        (
            "  新: {column: 甲, date: 火星历}",
            "m.yml:5:24: 不认识日期的写法“火星历”；可以写：通常、",
        ),
        (
            "  新:\n  - column: 甲\n  - column: 乙",
            "m.yml:7:5: column、join、value 只能写在第一步里",
        ),
        ("  新: {column: 甲}\nmask: [新]", "m.yml:6:8: mask 里要写表格自己的列"),
        ("  新: {column: 甲}\nsheet: 甲\nsheets: [乙]", "m.yml:7:9: sheet 和 sheets 只能写一个"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(KbError) as caught:
        read(tmp_path, GOOD + text)
    assert str(caught.value).replace(str(tmp_path) + "/", "").startswith(message)


def test_columns_may_use_those_before_them_and_none_of_the_table(tmp_path: Path) -> None:
    text = "  一: {join: [甲, 乙]}\n  二: {column: 一}\nsections: {记录: 二}"
    found = read(tmp_path, GOOD + text)
    assert [column.name for column in found.columns] == ["编号", "甲", "乙", "标题"]
    with pytest.raises(KbError, match="表格里已经有“二”这一列"):
        found.check_columns(["编号", "甲", "乙", "标题", "二"])
    # Only what is joined may stand in the table several times.
    found.check_columns(["编号", "甲", "甲", "乙", "标题"])
    with pytest.raises(KbError, match="有 2 列都叫“标题”"):
        found.check_columns(["编号", "甲", "乙", "标题", "标题"])


def test_rows_that_miss_are_refused_or_noted_one_by_one(bench: Bench) -> None:  # noqa: F811
    bench.map_text = MAP.replace("{column: 产品}", "{column: 品类}") + (
        "columns:\n"
        "  品类: {column: 产品, match: '^(.+)/'}\n"
        '  答: {column: 答复, values: {已换新。: 换新}, otherwise: ""}\n'
    )
    steps = bench.run([line(1, 产品="手机/屏"), line(2), line(3, 产品="电视/屏", 答复="查无此事")])
    assert actions(steps) == [Action.CREATED, Action.REFUSED, Action.CREATED]
    assert "product: 手机\n" in steps[0].text
    assert (steps[1].row, steps[1].reason) == (3, "“品类”：“手机”里找不到“^(.+)/”")
    assert steps[2].notes[0] == "“答”：“查无此事”不在 values 里，空着"


def test_what_steps_put_together_is_redacted_in_drafts_and_reasons(bench: Bench) -> None:  # noqa: F811
    bench.map_text = MAP + (
        "columns:\n  电话: {join: [产品, 用户]}\n  错: {join: [产品, 用户], values: {a: b}}\n"
        "  反: {column: 电话}\n"
    )
    bench.map_text = bench.map_text.replace("mask: {columns: [用户], word: 留言人}\n", "")
    (step,) = bench.run([line(1, 产品="1380000", 用户="1234")], write=False)
    assert step.action is Action.REFUSED
    assert "13800001234" not in step.reason
    bench.map_text = bench.map_text.replace("  错: {join: [产品, 用户], values: {a: b}}\n", "")
    bench.map_text += "id: {year: 时间}\n"
    bench.map_text = bench.map_text.replace("  记录: 详情", "  记录: [详情, 反]")
    (step,) = bench.run([line(1, 产品="1380000", 用户="1234")], write=False)
    assert "13800001234" not in step.text
    assert "电话①" in step.text
