"""`kb schema`: the fields as JSON Schema, and what lets Visual Studio Code complete them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kb_builder import completion, loader, storage
from kb_builder.diagnostics import KbError

FOLDER = ".vscode"

_SETTINGS = {
    "[markdown]": {
        "editor.quickSuggestions": {"comments": "on", "strings": "on", "other": "on"},
        "editor.snippetSuggestions": "top",
        "editor.wordBasedSuggestions": "off",
    },
    "files.encoding": "utf8",
    "files.eol": "\n",
    "files.insertFinalNewline": True,
    "files.trimTrailingWhitespace": True,
}
"""What makes VS Code offer the snippets while typing, and save what `kb check` would ask for."""


@click.command("schema", short_help="输出字段定义（JSON Schema），或者让 VS Code 自动补全。")
@click.argument("kind", required=False, metavar="[种类]")
@click.option(
    "--vscode",
    is_flag=True,
    help=f"写好 {FOLDER}/：在 Markdown 里输入字段名，就列出可以填的值。已有的设置文件不覆盖。",
)
@click.pass_obj
def command(root: Path, kind: str | None, vscode: bool) -> None:
    """输出字段定义（JSON Schema），或者让 VS Code 自动补全。

    字段和词表改了以后，再运行一次 kb schema --vscode。

    \b
    例：
      kb schema case                案例的字段，JSON Schema
      kb schema > schemas.json      三种内容的
      kb schema --vscode            写 VS Code 的代码片段和设置
    """
    settings = loader.load_settings(root)
    kinds = settings.schema.kinds
    if vscode:
        if kind is not None:
            raise KbError("--vscode 总是包括全部种类，不用写种类")
        folder = root / FOLDER
        _write(folder / "kb.code-snippets", completion.snippets(settings))
        for name, each in kinds.items():
            _write(folder / f"kb-{name}.schema.json", completion.json_schema(each, settings))
        if (folder / "settings.json").exists():
            click.echo(f"{folder / 'settings.json'} 已经有了，没有动它；需要的设置见网站的指南")
        else:
            _write(folder / "settings.json", _SETTINGS)
        return
    if kind is None:
        shown = {name: completion.json_schema(each, settings) for name, each in kinds.items()}
        click.echo(_text(shown), nl=False)
        return
    found = next((each for each in kinds.values() if kind in (each.name, each.label)), None)
    if found is None:
        names = "、".join(f"{each.name}（{each.label}）" for each in kinds.values())
        raise KbError(f"没有“{kind}”这种内容；可以写：{names}")
    click.echo(_text(completion.json_schema(found, settings)), nl=False)


def _write(path: Path, value: object) -> None:
    storage.write(path, _text(value).encode())
    click.echo(f"写好 {path}")


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
