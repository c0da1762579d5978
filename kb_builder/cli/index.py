"""kb index: bring the search index up to date."""

from __future__ import annotations

from pathlib import Path

import click

from kb_builder.cli.progress import ProgressLine


@click.command(epilog="例：kb index    kb index --drafts    kb --root 另一个文件夹 index")
@click.option("--drafts", is_flag=True, help="草稿和待审核的也编入索引。")
@click.pass_obj
def command(root: Path, drafts: bool) -> None:
    """更新命令行搜索用的索引；没有改动的文件不重新分析。"""
    from kb_builder import pipeline

    with ProgressLine() as progress:
        outcome = pipeline.index(root, drafts=drafts, progress=progress)
    if outcome is None:
        click.echo("索引已是最新。")
        return
    total = outcome.added + outcome.changed + outcome.unchanged
    click.echo(
        f"索引共 {total} 篇：新增 {outcome.added}，更新 {outcome.changed}，"
        f"删除 {outcome.removed}，未变 {outcome.unchanged}。"
    )
    if not total:
        click.echo(
            "还没有可以搜索的内容：用 kb new case 写第一篇，发布后再来；加 --drafts 可以搜索草稿。"
        )
