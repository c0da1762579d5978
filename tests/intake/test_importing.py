"""Rows to drafts: once each, again without harm, never over what an editor wrote."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb_builder import loader
from kb_builder.diagnostics import KbError
from kb_builder.intake import files
from kb_builder.intake.cells import Cell, Row
from kb_builder.intake.importing import Action, Importer, Step
from kb_builder.intake.mapping import ImportMap, read_map
from kb_builder.intake.plain_text import clean, paragraphs
from kb_builder.intake.tables import open_tables
from kb_builder.model import document as model_document
from kb_builder.rules.personal import gate_of

MAP = """\
key: {column: 编号, prefix: T-}
mask: {columns: [用户], word: 留言人}
fields:
  title: {column: 标题, fallback: 详情}
  occurred_on: {column: 时间, default: unknown}
  channel: {column: 渠道, separator: 、, words: {公众号: 社交媒体}}
  product: {column: 产品}
sections:
  记录: 详情
  受理:
    - text: "{时间} 收到 {编号}。"
    - text: "{时间..答复时间}后答复。"
  处理: [答复, 答复]
"""
HEADER = ["编号", "用户", "标题", "时间", "渠道", "产品", "详情", "答复", "答复时间"]


def line(number: object, **changed: object) -> list[object]:
    values = {
        "编号": number,
        "用户": "A0001",
        "标题": f"屏幕碎了没人管{number}",
        "时间": "2020/1/2 3:04:05",
        "渠道": "电话、公众号",
        "产品": "手机",
        "详情": "第一行，我是A0001\n# 第二行",
        "答复": "已换新。",
        "答复时间": "2020/1/5 3:04",
    }
    return list((values | changed).values())


class Bench:
    """A base, a map and a table that can be imported again and again."""

    def __init__(self, root: Path, write_csv: Callable[..., Path]) -> None:
        self.root = root
        self.write_csv = write_csv
        settings = loader.load_settings(root)
        self.schema = settings.schema
        self.gate = gate_of(settings)
        self.map_text = MAP

    def map(self) -> ImportMap:
        path = self.root / "map.yml"
        path.write_text(self.map_text, encoding="utf-8")
        return read_map(path, self.schema)

    def run(self, rows: Iterable[Sequence[Any]], *, write: bool = True) -> list[Step]:
        import_map = self.map()
        path = self.write_csv([HEADER, *rows])
        importer = Importer(self.root, self.schema, import_map, self.gate)
        with open_tables(path, sheets=(), encoding="", header_row=1) as (table,):
            import_map.check_columns(table.columns)
            wanted = {column.name for column in import_map.columns}
            steps = [importer.take(row, write=write) for row in table.rows(wanted)]
        importer.close()
        return steps

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted((self.root / "cases").rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def bench(base: Path, write_csv: Callable[..., Path]) -> Bench:
    return Bench(base, write_csv)


def actions(steps: Iterable[Step]) -> list[Action]:
    return [step.action for step in steps]


FIRST = "cases/resolved/2020/CASE-2020-0001.md"


def test_a_row_becomes_a_draft(bench: Bench) -> None:
    (step,) = bench.run([line(7)])
    assert step.path == FIRST
    text = (bench.root / FIRST).read_text(encoding="utf-8")
    assert text == step.text
    head, _, body = text.partition("  digest: ")
    assert head == (
        "---\nid: CASE-2020-0001\ntitle: 屏幕碎了没人管7\nstatus: 草稿\noccurred_on: 2020-01-02\n"
        "channel: [投诉电话, 社交媒体]\nproduct: 手机\nimported:\n  key: T-7\n"
    )
    assert body.partition("\n")[2] == (
        "---\n\n## 记录\n\n第一行，我是留言人\n\n\\# 第二行\n\n## 受理\n\n2020/1/2 3:04:05 收到 7。\n\n"
        "3 天后答复。\n\n## 分析\n\n## 处理\n\n已换新。\n\n已换新。\n\n## 反馈\n\n## 总结\n"
    )
    assert next(loader.documents(bench.root, bench.schema)).faults == ()


def test_numbers_continue_after_those_in_use_per_year(bench: Bench) -> None:
    taken = bench.root / "cases/resolved/2020/CASE-2020-0041.md"
    taken.parent.mkdir(parents=True)
    taken.write_text("unreadable", encoding="utf-8")
    rows = [line(1), line(2, 时间="2019年5月"), line(3, 时间=""), line(4)]
    assert [step.path.rpartition("/")[2] for step in bench.run(rows)] == [
        "CASE-2020-0042.md",
        "CASE-2019-0001.md",
        "CASE-0000-0001.md",
        "CASE-2020-0043.md",
    ]


def test_again_nothing_changes_and_new_rows_are_added(bench: Bench) -> None:
    bench.run([line(1), line(2)])
    before = bench.files()
    assert actions(bench.run([line(2), line(1)])) == [Action.UNCHANGED] * 2
    assert bench.files() == before
    steps = bench.run([line(3), line(1), line(2)])
    assert actions(steps) == [Action.CREATED, Action.UNCHANGED, Action.UNCHANGED]
    assert steps[0].path.endswith("CASE-2020-0003.md")
    assert before.items() <= bench.files().items()


def test_a_dry_run_writes_nothing_and_says_what_the_run_then_does(bench: Bench) -> None:
    rows = [line(1), line(1), line(2, 时间="昨天"), line(3)]
    planned = bench.run(rows, write=False)
    assert bench.files() == {}
    assert bench.run(rows) == planned


def test_a_changed_row_updates_a_draft_nobody_touched(bench: Bench) -> None:
    bench.run([line(1)])
    (step,) = bench.run([line(1, 答复="已退款。", 时间="2019-01-02")])
    assert (step.action, step.path) == (Action.UPDATED, FIRST)
    text = (bench.root / FIRST).read_text(encoding="utf-8")
    assert "已退款。" in text
    assert "occurred_on: 2019-01-02" in text
    assert len(bench.files()) == 1
    assert actions(bench.run([line(1, 答复="已退款。", 时间="2019-01-02")])) == [Action.UNCHANGED]


def test_what_an_editor_changed_is_kept(bench: Bench) -> None:
    bench.run([line(1)])
    path = bench.root / FIRST
    edited = path.read_text(encoding="utf-8").replace("草稿", "待审核") + "补记。\n"
    path.write_text(edited, encoding="utf-8")
    assert actions(bench.run([line(1)])) == [Action.KEPT]
    (step,) = bench.run([line(1, 答复="已退款。")])
    assert step.action is Action.CONFLICT
    assert path.read_text(encoding="utf-8") == edited
    # The report tells how to say “seen”, and that settles it.
    digest = step.reason.rpartition(" ")[2]
    seen = edited.replace(edited.partition("  digest: ")[2][:64], digest)
    path.write_text(seen, encoding="utf-8")
    assert actions(bench.run([line(1, 答复="已退款。")])) == [Action.KEPT]


def test_an_edit_between_reading_and_writing_is_kept(bench: Bench) -> None:
    bench.run([line(1)])
    importer = Importer(bench.root, bench.schema, bench.map(), bench.gate)
    path = bench.root / FIRST
    path.write_text("meanwhile", encoding="utf-8")
    cells = {name: Cell(str(value)) for name, value in zip(HEADER, line(1, 答复="x"), strict=True)}
    assert importer.take(Row(2, cells), write=True).action is Action.CONFLICT
    assert path.read_text(encoding="utf-8") == "meanwhile"


def test_a_file_made_meanwhile_keeps_its_number(bench: Bench) -> None:
    importer = Importer(bench.root, bench.schema, bench.map(), bench.gate)
    path = bench.root / FIRST
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    cells = {name: Cell(str(value)) for name, value in zip(HEADER, line(1), strict=True)}
    assert importer.take(Row(2, cells), write=True).path.endswith("CASE-2020-0002.md")
    assert path.read_text(encoding="utf-8") == "mine"


def test_line_ends_and_a_byte_order_mark_are_no_edit(bench: Bench) -> None:
    bench.run([line(1)])
    path = bench.root / FIRST
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert actions(bench.run([line(1)])) == [Action.UNCHANGED]
    assert actions(bench.run([line(1, 答复="已退款。")])) == [Action.UPDATED]


def test_a_renamed_draft_is_still_known(bench: Bench) -> None:
    bench.run([line(1)])
    text = (bench.root / FIRST).read_text(encoding="utf-8")
    (bench.root / FIRST).unlink()
    moved = bench.root / "cases/resolved/2018/CASE-2018-0005.md"
    moved.parent.mkdir()
    moved.write_text(text.replace("CASE-2020-0001", "CASE-2018-0005"), encoding="utf-8")
    (step,) = bench.run([line(1)])
    assert (step.action, len(bench.files())) == (Action.UNCHANGED, 1)
    (step,) = bench.run([line(1, 产品="电视")])
    assert step.path == "cases/resolved/2018/CASE-2018-0005.md"
    assert "id: CASE-2018-0005" in step.text


def test_a_draft_that_an_editor_broke_is_not_made_twice(bench: Bench) -> None:
    bench.run([line(1)])
    path = bench.root / FIRST
    path.write_text(
        path.read_text(encoding="utf-8").replace("title: ", "title： "), encoding="utf-8"
    )
    (step,) = bench.run([line(1)])
    assert (step.action, step.path) == (Action.CONFLICT, FIRST)
    assert len(bench.files()) == 1


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"编号": ""}, "“编号”是空的"),
        ({"编号": "1"}, "“编号”“1”与第 2 行重复"),
        ({"时间": "2020-02-30"}, "“时间”不是日期：“2020-02-30”"),
        ({"渠道": "飞鸽"}, "“渠道”：投诉渠道“飞鸽”不在词表中"),
        ({"渠道": ""}, "草稿也必须填写“投诉渠道”"),
        ({"标题": "", "详情": ""}, "草稿也必须填写“标题”"),
        ({"标题": "碎", "详情": "碎了"}, "“标题”：“标题”只有 2 个字"),
        ({"详情": "字" * 400_000}, "256 KiB"),
        ({"编号": "9" * 65}, "“原编号”有 67 个字"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_a_row_that_cannot_be_taken_is_reported_and_the_others_are_taken(
    bench: Bench, changed: dict[str, str], reason: str
) -> None:
    steps = bench.run([line(1), line(2, **changed), line(3)])
    assert actions(steps) == [Action.CREATED, Action.REFUSED, Action.CREATED]
    assert steps[1].row == 3
    assert reason in steps[1].reason
    assert [name[-7:-3] for name in bench.files()] == ["0001", "0002"]


def test_a_problem_in_a_used_cell_refuses_the_row(bench: Bench) -> None:
    importer = Importer(bench.root, bench.schema, bench.map(), bench.gate)
    cells = {name: Cell(str(value)) for name, value in zip(HEADER, line(1), strict=True)}
    bad = Row(2, cells | {"答复": Cell("#N/A", problem="错误值 #N/A")})
    assert importer.take(bad, write=True).reason == "“答复”错误值 #N/A"
    assert importer.take(Row(3, cells, "有 9 格"), write=True).reason == "有 9 格"


def test_a_long_title_is_cut_and_kept_whole_in_the_text(bench: Bench) -> None:
    title = "长" * 30 + "*题*" + "目" * 30
    (step,) = bench.run([line(1, 标题=title)])
    assert step.cut == ("标题",)
    document = next(loader.documents(bench.root, bench.schema))
    assert document.faults == ()
    assert document.title == title[:39] + "…"
    assert document.sections[0].text.startswith(f"标题全文：{'长' * 30}\\*题\\*")


def test_a_title_too_short_is_taken_from_the_text(bench: Bench) -> None:
    (step,) = bench.run([line(1, 标题="碎了", 详情="屏幕第一天就碎了")])
    assert "title: 屏幕第一天就碎了\n" in step.text


def test_ids_from_a_column(bench: Bench) -> None:
    bench.map_text = MAP + "id: {column: 产品}\n"
    rows = [
        line(1, 产品="CASE-2018-0003"),
        line(2, 产品="CASE-2018-0003"),
        line(3, 产品="三号"),
        line(4, 产品="CASE-2018-12345"),
    ]
    steps = bench.run(rows)
    created, refused = Action.CREATED, Action.REFUSED
    assert actions(steps) == [created, refused, refused, created]
    assert "已经有了：cases/resolved/2018/CASE-2018-0003.md" in steps[1].reason
    assert "不是案例的编号：“三号”" in steps[2].reason


def test_the_year_from_a_column(bench: Bench) -> None:
    bench.map_text = MAP + "id: {year: 答复时间}\n"
    steps = bench.run([line(1, 答复时间="2021年"), line(2, 答复时间="去年")])
    assert steps[0].path.endswith("2021/CASE-2021-0001.md")
    assert "“答复时间”里看不出年份：“去年”" in steps[1].reason


def test_an_interrupted_import_goes_on_to_the_same_result(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [line(number, 时间=f"{2019 + number % 2}-01-02") for number in range(9)]
    expected = {step.path: step.text.encode() for step in bench.run(rows, write=False)}

    link = os.link
    calls: list[object] = []

    def interrupted(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) % 4 == 0:
            raise KeyboardInterrupt
        link(source, target)

    monkeypatch.setattr(files.os, "link", interrupted)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            bench.run(rows)
        assert bench.files().items() <= expected.items()
    bench.run(rows)
    assert bench.files() == expected


def test_a_full_disk_is_said_and_leaves_nothing_behind(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_source: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "link", full)
    monkeypatch.setattr(files, "_write_new", full)
    with pytest.raises(KbError, match="No space left"):
        bench.run([line(1)])
    assert bench.files() == {}


HOSTILE_CELL = st.text() | st.lists(
    st.sampled_from(
        ["---\n", "\n---\n", "imported:\n  key: x\n", "## 记录\n", "<script>", "\x00", "\x1b", ": ", "# ",
         "![](x)", "{{7*7}}", "\ud800", "\u202e", "甲", '"', "'", "\\", "|", "`", "\r", "\t", "=1+1", "&a", "*b"]
    )
).map("".join)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(cells=st.fixed_dictionaries(dict.fromkeys(HEADER, HOSTILE_CELL)), digits=st.integers(0))
def test_any_cells_give_a_draft_that_reads_back_or_a_reason(
    bench: Bench, cells: dict[str, str], digits: int
) -> None:
    values = cells | {"时间": "2020-01-02", "渠道": "电话", "编号": str(digits % 10**50)}
    row = Row(2, {name: Cell(text) for name, text in values.items()})
    step = Importer(bench.root, bench.schema, bench.map(), bench.gate).take(row, write=False)
    masked = len(clean(values["用户"])) > 1
    if step.action is Action.REFUSED:
        # “null” and “~” are how YAML writes nothing, and masking may leave less than there was.
        titles = [clean(values["标题"]), clean(values["详情"])]
        written = {*titles, clean(values["产品"])}
        assert masked or written & {"null", "~"} or all(len(title) < 4 for title in titles)
        return
    document = model_document.build(step.path, step.text.encode(), bench.schema)
    assert document.faults == ()
    assert document.status == "draft"
    assert [section.title for section in document.sections] == list(document.kind.sections)  # type: ignore[union-attr]
    if not masked:
        assert document.sections[0].text.endswith(paragraphs(values["详情"]))
        assert document.sections[3].text == "\n\n".join([paragraphs(values["答复"])] * 2).strip(
            "\n"
        )
