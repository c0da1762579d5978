"""`kb import`: rows of a spreadsheet become drafts."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from kb_builder import loader
from kb_builder.intake.cells import Row, Table
from kb_builder.intake.files import only_one
from kb_builder.intake.importing import Action, Importer, Step
from kb_builder.intake.mapping import ImportMap, read_map
from kb_builder.intake.tables import open_table
from kb_builder.rules.personal import gate_of

_SHOWN = 2
"""Drafts shown in full by a dry run."""


@dataclass(slots=True)
class _Tally:
    """What has become of the rows so far."""

    counts: Counter[Action] = field(default_factory=Counter)
    problems: list[Step] = field(default_factory=list)
    cut: Counter[str] = field(default_factory=Counter)
    samples: list[Step] = field(default_factory=list)

    def add(self, step: Step) -> None:
        self.counts[step.action] += 1
        self.cut.update(step.cut)
        if not step.action.complete:
            self.problems.append(step)
        elif step.text and len(self.samples) < _SHOWN:
            self.samples.append(step)


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
@click.option("--dry-run", is_flag=True, help="只说会怎么做，不写任何文件。")
@click.pass_obj
def command(root: Path, file: Path, map_path: Path, dry_run: bool) -> None:
    """把表格里的每一行导入为一篇草稿。

    读 .xlsx 和 .csv（UTF-8 或 GBK）。再运行一次只会补上新行、更新没有人动过的草稿；编辑改过的
    文件从不覆盖。收不下的行逐行说明原因。姓名、电话、证件号一类的个人信息总是换成“客户甲”“电话①”，不写到
    磁盘上，也不出现在报告里。

    退出码：0 全部收下或没有变化；1 有的行没有收；2 读不了表格或对应表。
    """
    settings = loader.load_settings(root)
    import_map = read_map(map_path, settings.schema)
    tally = _Tally()
    with (
        open_table(
            file,
            sheet=import_map.sheet,
            encoding=import_map.encoding,
            header_row=import_map.header_row,
        ) as table,
        _lock(root, dry_run=dry_run),
    ):
        import_map.check_columns(table.columns)
        click.echo(f"{file}：{table.description}")
        importer = Importer(root, settings.schema, import_map, gate_of(settings))
        try:
            for row in _progress(table, import_map):
                tally.add(importer.take(row, write=not dry_run))
        except KeyboardInterrupt:
            _report(tally, dry_run=dry_run)
            click.echo("中断了。已写的草稿都是完整的；再运行一次，从断处接着导入。", err=True)
            raise
    _report(tally, dry_run=dry_run)
    if tally.problems:
        sys.exit(1)


def _lock(root: Path, *, dry_run: bool) -> contextlib.AbstractContextManager[None]:
    if dry_run:
        return contextlib.nullcontext()
    return only_one(
        root / loader.STATE / "import.lock", "另一个 kb import 正在写这个知识库；等它结束"
    )


def _progress(table: Table, import_map: ImportMap) -> Iterator[Row]:
    rows = table.rows({column.name for column in import_map.columns})
    if not sys.stderr.isatty():
        yield from rows
        return
    with click.progressbar(rows, length=table.count, label="导入", file=sys.stderr) as shown:
        yield from shown


def _report(tally: _Tally, *, dry_run: bool) -> None:
    if dry_run:
        for step in tally.samples:
            click.echo(f"\n==> {step.path}\n{step.text}")
    for step in tally.problems:
        click.echo(f"第 {step.row} 行：{step.reason}")
    for label, count in tally.cut.items():
        click.echo(f"{count} 行的{label}过长，已截短；全文写在正文里。")
    counts = "，".join(
        f"{action.value} {tally.counts[action]}" for action in Action if tally.counts[action]
    )
    click.echo(f"{'试运行，没有写文件：' if dry_run else ''}{counts or '表格里没有一行数据'}。")
    if not dry_run and tally.counts[Action.CREATED]:
        click.echo("接下来：kb check 检查，kb build --drafts 连草稿一起生成网站来看。")
