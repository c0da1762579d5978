"""kb build: check, index and publish."""

from __future__ import annotations

from pathlib import Path

import click

from kb_builder import clock, reporters
from kb_builder.cli.audience import audience_option
from kb_builder.cli.progress import ProgressLine
from kb_builder.diagnostics import Level


@click.command(
    epilog="例：kb build    kb build --strict --output /srv/www/kb    kb --root 另一个文件夹 build --drafts"
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="网站写到这里，整个文件夹会被替换；缺省为知识库里的 site/。",
)
@click.option("--drafts", is_flag=True, help="草稿和待审核的也放进网站，页面上会标明。")
@audience_option
@click.option("--strict", is_flag=True, help="有警告也不发布。")
@click.option(
    "--index/--no-index", "with_index", default=True, help="是否同时更新命令行搜索的索引。"
)
@click.option("--search/--no-search", "with_search", default=True, help="网站里是否带搜索。")
@click.option(
    "--compress",
    "compressed",
    is_flag=True,
    help="每个能压小的文件旁边再放一个 .gz，服务器可以直接发出去。",
)
@click.option(
    "--missed",
    "missed_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="搜索页导出的 kb-search-missed.json；“体检”里会列出搜了没有结果的词。",
)
@click.pass_context
def command(
    ctx: click.Context,
    output: Path | None,
    drafts: bool,
    audience: str | None,
    strict: bool,
    with_index: bool,
    with_search: bool,
    compressed: bool,
    missed_file: Path | None,
) -> None:
    """检查、索引并生成网站。

    有错误就停下，原来的网站保持不变。退出码：0 已发布，1 内容有错没有发布，2 无法进行。
    """
    from kb_builder import pipeline
    from kb_builder.cli.missed import read_missed

    root: Path = ctx.obj
    target = output or root / "site"
    with ProgressLine() as progress:
        built = pipeline.build(
            root,
            target,
            today=clock.today(),
            drafts=drafts,
            strict=strict,
            with_index=with_index,
            with_search=with_search,
            missed=() if missed_file is None else read_missed(missed_file),
            audience=audience,
            compressed=compressed,
            progress=progress,
        )
    if built.unchanged:
        click.echo(f"没有改动，网站保持原样：{target}")
        return
    serious = [item for item in built.diagnostics if item.level > Level.HINT]
    if serious:
        click.echo(reporters.full(serious), err=True)
    if built.stopped:
        click.echo("没有发布：先改正上面的问题。", err=True)
        ctx.exit(1)
    for warning in built.warnings:
        click.echo(f"警告：{reporters.visible(warning)}", err=True)
    click.echo(f"网站已生成：{target}（{built.pages} 页）")
