"""`kb import`: rows of a spreadsheet become drafts."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from kb_builder import caches, loader
from kb_builder.diagnostics import KbError
from kb_builder.intake import files
from kb_builder.intake.cells import Row, Table
from kb_builder.intake.importing import Action, Importer, Step
from kb_builder.intake.mapping import ImportMap, read_map
from kb_builder.intake.reports import open_report
from kb_builder.intake.tables import open_tables
from kb_builder.rules.personal import gate_of

_SAMPLES = 2
"""Drafts shown in full by a dry run."""

_LINES = 200
"""Rows whose reasons are printed; the report has them all."""


@dataclass(slots=True)
class _Tally:
    """What has become of the rows so far; the same size however many there were."""

    several: bool = False
    counts: Counter[Action] = field(default_factory=Counter)
    told: list[Step] = field(default_factory=list)
    untold: int = 0
    cut: Counter[str] = field(default_factory=Counter)
    samples: list[Step] = field(default_factory=list)

    def add(self, step: Step) -> None:
        self.counts[step.action] += 1
        self.cut.update(step.cut)
        if step.reason or step.notes:
            if len(self.told) < _LINES:
                self.told.append(step)
            else:
                self.untold += 1
        if step.text and len(self.samples) < _SAMPLES:
            self.samples.append(step)

    @property
    def complete(self) -> bool:
        return all(action.complete for action in self.counts)


@click.command(
    "import",
    short_help="把表格（.xlsx、.csv）里的记录导入为草稿。",
    epilog="例：kb import 工单.xlsx --map site_config/imports/complaints-resolved.yml --dry-run",
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--map",
    "map_path",
    type=click.Path(path_type=Path),
    required=True,
    metavar="MAP.yml",
    help="对应表：哪一列写进哪个字段、哪一节。",
)
@click.option("--dry-run", is_flag=True, help="只说会怎么做，不往知识库里写。")
@click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="把每一行的结果和原因写成一份 .csv。",
)
@click.pass_obj
def command(
    root: Path, file: Path, map_path: Path, dry_run: bool, report_path: Path | None
) -> None:
    """把表格里的每一行导入为一篇草稿。

    读 .xlsx 和 .csv（UTF-8 或 GBK）。再运行一次只会补上新行、更新没有人动过的草稿；编辑改过的
    文件从不覆盖。收不下的行逐行说明原因。姓名、电话、证件号一类的个人信息总是换成“客户甲”“电话①”，不写到
    磁盘上，也不出现在报告里。

    退出码：0 全部收下或没有变化；1 有的行没有收；2 读不了表格或对应表；3 另一个导入正在进行。
    """
    settings = loader.load_settings(root)
    import_map = read_map(map_path, settings.schema)
    tally = _Tally()
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(
            open_tables(
                file,
                sheets=import_map.sheets,
                encoding=import_map.encoding,
                header_row=import_map.header_row,
            )
        )
        if not dry_run:
            stack.enter_context(_lock(root))
            files.sweep(root / loader.CONTENT)
        tables = _chosen(opened, import_map)
        tally.several = len(tables) > 1
        for table in tables:
            click.echo(f"{file}：{table.description}")
        add = _reporter(stack, report_path, (file, map_path))
        importer = Importer(root, settings.schema, import_map, gate_of(settings))
        stack.callback(importer.close)
        try:
            for row in _progress(tables, import_map):
                step = importer.take(row, write=not dry_run)
                tally.add(step)
                add(step)
        except KeyboardInterrupt:
            _report(tally, report_path, dry_run=dry_run)
            click.echo("中断了。已写的草稿都是完整的；再运行一次，从断处接着导入。", err=True)
            raise
    _report(tally, report_path, dry_run=dry_run)
    if not tally.complete:
        sys.exit(1)


def _lock(root: Path) -> contextlib.AbstractContextManager[None]:
    path = root / loader.STATE / "import.lock"
    return caches.locked(path, "另一个 kb import 正在写这个知识库；等它结束")


def _chosen(tables: Sequence[Table], import_map: ImportMap) -> Sequence[Table]:
    """The tables to read. Of all sheets, those without the map's columns are left out, and named."""
    if import_map.sheets is None:
        fitting = [table for table in tables if import_map.fits(table.columns)]
        if fitting:
            for table in tables:
                if table not in fitting:
                    click.echo(f"跳过{table.description}：没有对应表要的列")
            tables = fitting
    for table in tables:
        import_map.check_columns(table.columns)
    return tables


def _reporter(
    stack: contextlib.ExitStack, path: Path | None, inputs: Sequence[Path]
) -> Callable[[Step], None]:
    if path is None:
        return lambda _step: None
    if any(path.exists() and path.samefile(each) for each in inputs):
        raise KbError(f"--report 不能写到 {path}：那是要读的文件")
    return stack.enter_context(open_report(path))


def _progress(tables: Sequence[Table], import_map: ImportMap) -> Iterator[Row]:
    wanted = {column.name for column in import_map.columns}
    rows = (row for table in tables for row in table.rows(wanted))
    if not sys.stderr.isatty():
        yield from rows
        return
    count = sum(table.count for table in tables)
    with click.progressbar(rows, length=count, label="导入", file=sys.stderr) as shown:
        yield from shown


def _report(tally: _Tally, path: Path | None, *, dry_run: bool) -> None:
    if dry_run:
        for step in tally.samples:
            click.echo(f"\n==> {step.path}\n{step.text}")
    for step in tally.told:
        sheet = f"工作表“{step.sheet}”" if tally.several else ""
        click.echo(
            f"{sheet}第 {step.row} 行：{'；'.join(filter(None, (step.reason, *step.notes)))}"
        )
    if tally.untold:
        hint = f"见 {path}" if path else "加上 --report 报告.csv 再运行，就能逐行看到"
        click.echo(f"另有 {tally.untold} 行也有话要说；{hint}。")
    for label, count in tally.cut.items():
        click.echo(f"{count} 行的{label}过长，已截短；全文写在正文里。")
    counts = "，".join(
        f"{action.value} {tally.counts[action]}" for action in Action if tally.counts[action]
    )
    click.echo(f"{'试运行，没有写草稿：' if dry_run else ''}{counts or '表格里没有一行数据'}。")
    if path:
        click.echo(f"每一行的结果和原因写在 {path} 里。")
    if not dry_run and tally.counts[Action.CREATED]:
        click.echo("接下来：kb check 检查，kb build --drafts 连草稿一起生成网站来看。")
