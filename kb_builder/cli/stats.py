"""kb stats: the tables of the reports, in the terminal, as JSON or as CSV."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from kb_builder import clock, loader
from kb_builder.cli.audience import audience_option
from kb_builder.cli.missed import read_missed
from kb_builder.diagnostics import KbError
from kb_builder.insight.material import Material, shown
from kb_builder.insight.reports import OFFERS, find
from kb_builder.insight.tables import Form, Report, Table, written
from kb_builder.model.audience import Audience

_NARROWEST = 40
_PIECE = re.compile(r"[!-~]{1,30}|.", re.DOTALL)
"""What a line is not broken in."""

_CSV = ("报表", "表", "表名", "行", "行名", "列", "列名", "值", "样本数", "能数的", "单位", "编号")


@click.command(
    short_help="打印报表里的数字。",
    epilog="例：kb stats    kb stats 总览    kb stats actions --json    kb stats 体检 --missed kb-search-missed.json",
)
@click.argument("report", required=False)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，每个数字带着它数的编号。")
@click.option("--csv", "as_csv", is_flag=True, help="输出 CSV，一个数字一行，可以用表格软件打开。")
@click.option("--drafts", is_flag=True, help="草稿和待审核的也算。")
@audience_option
@click.option(
    "--missed",
    "missed_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="搜索页导出的 kb-search-missed.json，用于“体检”。",
)
@click.pass_context
def command(
    ctx: click.Context,
    report: str | None,
    as_json: bool,
    as_csv: bool,
    drafts: bool,
    audience: str | None,
    missed_file: Path | None,
) -> None:
    """打印一份报表；REPORT 是它的名字，不写就列出有哪些。

    和网站“报表”里是同样的表：数的是什么、一共多少，都写在表的前面。
    """
    if as_json and as_csv:
        raise KbError("--json 和 --csv 只能选一个")
    if report is None:
        _offer()
        return
    offer = find(report)
    if offer is None:
        names = "、".join(f"{one.key}（{one.title}）" for one in OFFERS)
        raise KbError(f"没有“{report}”这份报表；可以写：{names}")
    base = loader.load(ctx.obj)
    base = loader.for_audience(base, loader.audience_of(base.settings, audience or Audience.ALL))
    material = Material(
        shown(base.corpus, drafts=drafts),
        base.settings,
        clock.today(),
        () if missed_file is None else read_missed(missed_file),
    )
    made = offer.make(material)
    if as_json:
        click.echo(json.dumps(as_data(made), ensure_ascii=False, indent=1))
    elif as_csv:
        click.echo(as_lines(made), nl=False)
    else:
        width = max(_NARROWEST, shutil.get_terminal_size().columns)
        for line in in_words(made, width):
            click.echo(line)


def as_data(report: Report) -> dict[str, Any]:
    """A report for programs; a value that can't be given is null."""
    return {
        "report": report.key,
        "title": report.title,
        "tables": [
            {
                "key": table.key,
                "title": table.title,
                "definition": table.definition,
                "note": table.note,
                "n": table.n,
                "known": table.known,
                "unit": table.unit,
                "columns": [
                    {"key": column.key, "label": column.label, "form": column.form}
                    for column in table.columns
                ],
                "rows": [
                    {
                        "key": row.key,
                        "label": row.label,
                        "unknown": row.unknown,
                        "documents": row.documents,
                        "values": {
                            column.key: cell.value
                            for column, cell in zip(table.columns, row.cells, strict=True)
                        },
                    }
                    for row in table.rows
                ],
            }
            for table in report.tables
        ],
    }


def as_lines(report: Report) -> str:
    """A report as CSV with a byte order mark, without which spreadsheets misread Chinese."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_CSV)
    for table in report.tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                documents = cell.documents or row.documents
                writer.writerow(
                    (
                        report.key, table.key, table.title, row.key, _harmless(row.label), column.key,
                        column.label, _harmless("" if cell.value is None else cell.value), table.n, table.known,
                        table.unit, " ".join(documents),
                    )
                )  # fmt: skip
    return f"\ufeff{out.getvalue()}"


def _harmless(value: str | int | float) -> str | int | float:
    """A text that a spreadsheet would take for a formula, quoted."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def in_words(report: Report, width: int) -> Iterator[str]:
    """A report as lines of at most `width` cells, where no single word is longer."""
    yield click.style(report.title, bold=True)
    yield from _wrapped(report.lead, width)
    for section in report.sections:
        for table in section.tables:
            yield ""
            yield from _table(table, width)


def _table(table: Table, width: int) -> Iterator[str]:
    for line in _wrapped(f"■ {table.title}", width):
        yield click.style(line, bold=True)
    known = f"，其中能数的 {table.known:,} {table.unit}" if table.known < table.n else ""
    for line in _wrapped(f"n = {table.n:,} {table.unit}{known}。{table.definition}", width - 2):
        yield click.style(f"  {line}", dim=True)
    if table.empty:
        yield from (f"  {line}" for line in _wrapped(table.missing, width - 2))
        return
    heads = [table.head, *(column.label for column in table.columns)]
    lines = [
        [row.label, *(written(cell, column.form) for cell, column in zip(row.cells, table.columns, strict=True))]
        for row in table.rows
    ]  # fmt: skip
    wide = [max(map(cells, column)) for column in zip(heads, *lines, strict=True)]
    if sum(wide) + 2 * len(wide) > width:
        yield from _by_line(table, heads, lines, width)
        return
    numbers = [False, *(column.form is not Form.TEXT for column in table.columns)]
    yield click.style(_aligned(heads, wide, numbers), underline=True)
    for texts in lines:
        yield _aligned(texts, wide, numbers)


def _by_line(
    table: Table, heads: Sequence[str], lines: Sequence[Sequence[str]], width: int
) -> Iterator[str]:
    """A table too wide for the terminal: each row as a sentence, without what is none."""
    for label, *values in lines:
        told = [
            f"{head} {value}"
            for head, value, column in zip(heads[1:], values, table.columns, strict=True)
            if value != "—" and (value != "0" or column.form is not Form.COUNT)
        ]
        for place, piece in enumerate(_wrapped(f"{label}：{'，'.join(told) or '没有'}", width - 4)):
            yield f"{'    ' if place else '  '}{piece}"


def _aligned(texts: Sequence[str], wide: Sequence[int], numbers: Sequence[bool]) -> str:
    found = []
    for text, width, number in zip(texts, wide, numbers, strict=True):
        gap = " " * (width - cells(text))
        found.append(gap + text if number else text + gap)
    return "  " + "  ".join(found).rstrip()


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells; Latin words and numbers are kept whole if they fit."""
    found = [""]
    for piece in _PIECE.findall(text):
        if cells(found[-1] + piece) > width and found[-1]:
            found.append("")
        found[-1] += piece
    return found


def cells(text: str) -> int:
    """How wide a text is in a terminal: a Chinese character takes two cells.

    >>> cells("投诉 ok")
    7
    """
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


def _offer() -> None:
    wide = max(cells(offer.title) for offer in OFFERS)
    long = max(len(offer.key) for offer in OFFERS)
    for offer in OFFERS:
        gap = " " * (wide - cells(offer.title))
        click.echo(f"{offer.key:<{long}}  {offer.title}{gap}  {offer.about}")
    click.echo("\n例：kb stats 总览    kb stats overview --json")
