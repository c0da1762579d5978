"""kb serve: preview with live reload."""

from __future__ import annotations

from pathlib import Path

import click

from kb_builder.cli.audience import audience_option
from kb_builder.model.audience import Audience


@click.command(epilog="例：kb serve    kb serve --port 9000    kb serve --drafts")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口。"
)
@click.option("--drafts", is_flag=True, help="草稿和待审核的也显示，页面上会标明。")
@audience_option
@click.pass_obj
def command(root: Path, port: int, drafts: bool, audience: str | None) -> None:
    """在本机预览网站；保存文件后浏览器自动刷新。按 Ctrl-C 结束。"""
    from kb_builder import site

    click.echo("正在生成网站……")
    site.serve(
        root, f"127.0.0.1:{port}", drafts=drafts, audience=audience or Audience.ALL, say=click.echo
    )
