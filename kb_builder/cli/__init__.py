"""The command line, and the one home of Click: one module a command, imported when it is asked for."""

from __future__ import annotations

import importlib
import io
import sys
from pathlib import Path
from typing import Any

import click

from kb_builder import __version__
from kb_builder.diagnostics import BusyError, KbError

COMMANDS = {
    "init": "init",
    "new": "new",
    "check": "check",
    "watch": "watch",
    "explain": "explain",
    "fmt": "fmt",
    "schema": "schema",
    "index": "index",
    "search": "search",
    "similar": "similar",
    "advise": "advise",
    "synonyms": "synonyms",
    "export-search": "export_search",
    "build": "build",
    "serve": "serve",
    "stats": "stats",
    "import": "import_",
    "redact": "redact",
}
"""Command name → module of this package that holds it as `command`; in the order of `--help`."""


class _Commands(click.Group):
    """Imports a command's module when it is run, so that `kb search` does not load MkDocs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  Click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"kb_builder.cli.{COMMANDS[cmd_name]}")
        command: click.Command = module.command
        return command

    def main(self, *args: Any, **kwargs: Any) -> Any:
        # What the terminal's encoding lacks is shown by its number; it must not end the run.
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KbError as error:
            click.echo(f"错误：{error}", err=True)
            ctx.exit(3 if isinstance(error, BusyError) else 2)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="例：kb check    kb search 座椅套 没货    kb --root 另一个文件夹 build",
)
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="知识库所在的文件夹，缺省为当前文件夹。",
)
@click.version_option(__version__, "-V", "--version", message="kb %(version)s", help="显示版本。")
@click.pass_context
def main(ctx: click.Context, root: Path) -> None:
    """客户投诉知识库：检查、索引、发布 Markdown 写的案例、预案和教训。"""
    ctx.obj = root
