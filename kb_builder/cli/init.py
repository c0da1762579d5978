"""`kb init`: a new, empty base."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

import kb_builder
from kb_builder import loader
from kb_builder.diagnostics import KbError

_STARTER = Path(kb_builder.__file__).parent / "starter"
_SHARED = ("schema.yml", "roles.yml", "taxonomy", "imports", "templates")
"""What a new base has in common with the base in the package's own repository."""

_DOTTED = {"gitignore": ".gitignore"}
"""Files that would act on this repository if they carried their real name here."""

_HARMLESS = {".git"}
"""What a folder may hold and still count as empty."""


@click.command(
    short_help="新建一个空的知识库。", epilog="例：kb init 投诉知识库    git init . && kb init ."
)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def command(folder: Path) -> None:
    """在 DIR 新建一个空的知识库，马上就能生成网站。

    DIR 应当还不存在，或者是空的（有 .git 不要紧）。中途失败或中断，不会留下半个知识库。
    """
    try:
        _refuse_full(folder)
        if folder.exists():
            _fill(folder)
        else:
            _make(folder)
    except OSError as error:
        raise KbError(f"建不了 {folder}：{error.strerror}") from error
    click.echo(f"建好了一个空的知识库：{folder}\n\n接下来：")
    if folder.resolve() != Path.cwd():
        click.echo(f"  cd {folder}")
    click.echo("  kb new case    写第一篇案例")
    click.echo("  kb serve       在浏览器里预览")
    click.echo("  kb build       生成网站")
    click.echo(f"字段、词表和岗位在 {loader.CONFIG}/ 里，按自己单位的情况改。")


def _refuse_full(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise KbError(f"{folder} 已经有了，而且不是文件夹；换一个名字")
    if not folder.parent.is_dir():
        raise KbError(f"没有文件夹 {folder.parent}；先建好它")
    if folder.is_dir():
        found = sorted(entry.name for entry in folder.iterdir() if entry.name not in _HARMLESS)
        if found:
            raise KbError(f"{folder} 不是空的（里面有 {found[0]}）；换一个名字，或先移走里面的东西")


def _make(folder: Path) -> None:
    """Make the base beside and give it its name when it is whole."""
    temporary = Path(tempfile.mkdtemp(prefix=".kb-init-", dir=folder.parent))
    try:
        _write(temporary / "base")
        (temporary / "base").rename(folder)
    finally:
        shutil.rmtree(temporary)


def _fill(folder: Path) -> None:
    """Make the base inside, so that a shell standing in the folder stays in it, and move it up."""
    temporary = Path(tempfile.mkdtemp(prefix=".kb-init-", dir=folder))
    try:
        _write(temporary / "base")
        names = [entry.name for entry in (temporary / "base").iterdir()]
        try:
            for name in names:
                (temporary / "base" / name).rename(folder / name)
        except BaseException:
            # Nothing of these names was here before.
            for name in names:
                _remove(folder / name)
            raise
    finally:
        shutil.rmtree(temporary)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write(base: Path) -> None:
    for name, source in _sources():
        target = base / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    for kind in loader.load_settings(base).schema.kinds.values():
        folder = base / loader.CONTENT / kind.top_folder
        folder.mkdir()
        (folder / ".gitkeep").touch()


def _sources() -> Iterator[tuple[str, Path]]:
    """Every file of a new base: its path in the base, and where it is copied from."""
    yield from _tree(_STARTER, "")
    if not (_STARTER / loader.CONFIG / "schema.yml").is_file():
        # Building the package puts the shared files into it; in a checkout they are at the top.
        for name in _SHARED:
            shared = _STARTER.parent.parent / loader.CONFIG / name
            yield from _tree(shared, f"{loader.CONFIG}/{name}")


def _tree(path: Path, name: str) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield _DOTTED.get(name, name), path
    for entry in sorted(path.iterdir()) if path.is_dir() else ():
        yield from _tree(entry, f"{name}/{entry.name}".lstrip("/"))
