"""`kb fmt`: every file in the normal form, so that a difference is a difference in meaning."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kb_builder import formatting, loader
from kb_builder.cli import rewriting
from kb_builder.cli.check import is_wanted, relative_to_base
from kb_builder.cli.rewriting import Rewrite


@click.command(
    "fmt",
    short_help="统一文件的格式，内容一个字不改。",
    epilog="退出码：0 已是统一的格式，或改好了；1 --check 或 --diff 时有文件要改；2 无法进行。",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[路径]...")
@click.option("--check", "only_check", is_flag=True, help="只列出要改的文件，不写文件。")
@click.option("--diff", is_flag=True, help="只显示会改什么，不写文件。")
@click.pass_obj
def command(root: Path, paths: tuple[Path, ...], only_check: bool, diff: bool) -> None:
    """统一文件的格式：字段按规定的次序，只在必要处加引号，列表缩进两格，标题前后各空一行，文末有换行。

    内容和注释一个字不改；看不准的写法原样留着。信息头读不出来的文件不动，用 kb check 看它错在哪里。

    \b
    例：
      kb fmt                    全部
      kb fmt cases/playbooks    只要预案
      kb fmt --check            在 CI 里，只检查
    """
    wanted = relative_to_base(root, paths)
    settings = loader.load_settings(root)
    rewrites: dict[str, Rewrite] = {}
    looked_at = unreadable = 0
    for found in loader.documents(root, settings.schema):
        if not is_wanted(found.path, wanted):
            continue
        looked_at += 1
        unreadable += not found.readable
        before = loader.document_bytes(root, found.path)
        after = formatting.format_document(before, found)
        if after != before:
            rewrites[found.path] = Rewrite(before, after)
    if diff:
        rewriting.show(rewrites)
    elif only_check:
        for path in rewrites:
            click.echo(f"要改 {(root / path).as_posix()}")
    if diff or only_check:
        _sum_up("要改", len(rewrites), looked_at, unreadable, err=diff)
        sys.exit(1 if rewrites else 0)
    changed_meanwhile = rewriting.write(root, rewrites)
    for path in changed_meanwhile:
        click.echo(f"{path} 刚刚被别的程序改过，没有动它；再运行一次", err=True)
    for path in rewrites:
        if path not in changed_meanwhile:
            click.echo(f"改好 {(root / path).as_posix()}")
    _sum_up("改好", len(rewrites) - len(changed_meanwhile), looked_at, unreadable)


def _sum_up(word: str, changed: int, looked_at: int, unreadable: int, *, err: bool = False) -> None:
    found = f"{word} {changed:,} 篇" if changed else "格式都是统一的"
    left = f"；{unreadable:,} 篇的信息头读不出来，没有动" if unreadable else ""
    click.echo(f"{found}，共 {looked_at:,} 篇{left}。", err=err)
