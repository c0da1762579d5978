"""`kb check`: what stops publishing, all of it, in one run."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from kb_builder import loader, reporters, rules
from kb_builder.cli.progress import ProgressLine
from kb_builder.diagnostics import Diagnostic, KbError
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.schema import Schema
from kb_builder.model.settings import Settings

_COLOURS = {
    "path": {"bold": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "hint": {"fg": "cyan"},
    "number": {"fg": "blue"},
}


@click.command(
    "check",
    short_help="检查全部内容，列出所有妨碍发布的问题。",
    epilog="退出码：0 可以发布；1 有错误；2 没能检查。规则的说明见 kb explain。",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[路径]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["full", "concise", "json", "github"]),
    default="full",
    show_default=True,
    help="full 带原文和改法；concise 一行一个；json 给程序；github 给 GitHub Actions。",
)
@click.option("--strict", is_flag=True, help="警告也算错误。")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    hidden=True,
    help="当作今天的日期，用于重现以前的检查。",
)
@click.pass_obj
def command(
    root: Path,
    paths: tuple[Path, ...],
    form: str,
    strict: bool,
    today: datetime.datetime | None,
) -> None:
    """检查全部内容，列出所有妨碍发布的问题。

    总是读完整个知识库（编号和引用要互相对照）；写了路径，就只报告这些文件和文件夹里的问题。

    \b
    例：
      kb check                                  检查全部
      kb check cases/playbooks                  只看预案
      kb check --format concise | grep KB305    只看找不到的引用
      kb check --format github --strict         在 GitHub Actions 里
    """
    wanted = _relative_to_base(root, paths)
    settings = loader.load_settings(root)
    corpus = _read(root, settings.schema)
    found = rules.check(
        corpus,
        settings,
        today.date() if today else datetime.date.today(),
    )
    looked_at = [document for document in corpus.documents if _is_wanted(document.path, wanted)]
    found = [diagnostic for diagnostic in found if _is_wanted(diagnostic.path, wanted)]
    _print(form, found, looked_at, root, settings)
    errors, warnings = reporters.count(found)
    if errors or (strict and warnings):
        sys.exit(1)


def _relative_to_base(root: Path, paths: Iterable[Path]) -> list[str] | None:
    """The paths as the corpus names them; None for all."""
    wanted = []
    base = root.resolve()
    for path in paths:
        try:
            # From here, as the shell completes it, or from the base, as the reports print it.
            places = [each for each in (path, root / path) if each.exists() or each.is_symlink()]
        except OSError as error:
            raise KbError(f"读不了 {path}：{error.strerror}") from error
        if not places:
            raise KbError(f"{path} 不存在")
        inside = [place for each in places if (place := _whole(each)).is_relative_to(base)]
        if not inside:
            raise KbError(f"{path} 不在知识库 {base} 里")
        wanted.append(inside[0].relative_to(base).as_posix())
    return wanted or None


def _whole(path: Path) -> Path:
    # A symbolic link among the content is reported itself, not what it points to.
    return path.parent.resolve() / path.name if path.is_symlink() else path.resolve()


def _is_wanted(path: str, wanted: Sequence[str] | None) -> bool:
    if wanted is None:
        return True
    return any(each in (path, ".") or path.startswith(f"{each}/") for each in wanted)


def _read(root: Path, schema: Schema) -> Corpus:
    paths = tuple(loader.document_paths(root))
    documents = []
    with ProgressLine() as progress:
        for document in loader.documents(root, schema):
            documents.append(document)
            progress("读取", len(documents), len(paths))
    return Corpus(tuple(documents), frozenset(loader.page_paths(root)))


def _print(
    form: str,
    found: list[Diagnostic],
    looked_at: list[Document],
    root: Path,
    settings: Settings,
) -> None:
    if form == "json":
        click.echo(reporters.as_json(found, documents=len(looked_at)))
        return
    if root != Path():
        found = [replace(each, path=(root / each.path).as_posix()) for each in found]
    if form == "github":
        if found:
            click.echo(reporters.github(found))
        return
    style = _colour if sys.stdout.isatty() and "NO_COLOR" not in os.environ else reporters.plain
    if found and form == "full":
        click.echo(reporters.full(found, style=style) + "\n")
    elif found:
        click.echo(reporters.concise(found, style=style))
    kinds = {kind.label: 0 for kind in settings.schema.kinds.values()}
    for document in looked_at:
        label = document.kind.label if document.kind else "其他"
        kinds[label] = kinds.get(label, 0) + 1
    click.echo(reporters.summary(found, kinds=kinds))


def _colour(part: str, text: str) -> str:
    dress = _COLOURS.get(part)
    return click.style(text, **dress) if dress else text  # type: ignore[arg-type]
