"""`kb redact`: what the privacy gate finds becomes 客户甲, 电话①, after a look at the difference."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import click

from kb_builder import loader
from kb_builder.diagnostics import KbError
from kb_builder.model import document
from kb_builder.model.settings import Settings
from kb_builder.privacy import Disclosure, redact
from kb_builder.privacy.documents import in_path, places
from kb_builder.reporters import visible
from kb_builder.rules.exceptions import Excuse, exceptions
from kb_builder.rules.personal import CATEGORY_RULES, gate_of

_STANDARD = "-"
_FILE_NAME = "KB515"


@click.command(
    "redact",
    short_help="把文件里的个人信息换成“客户甲”“电话①”。",
    epilog="例：kb redact cases/resolved/2024/CASE-2024-0001.md    pbpaste | kb redact -    "
    "kb redact --check 待导入/*.csv",
)
@click.argument(
    "files",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE|-",
    nargs=-1,
    required=True,
)
@click.option(
    "--check",
    is_flag=True,
    help="不改文件，只说哪几行有个人信息（不说是什么）；有就退出码 1。可以写几个文件。",
)
@click.option("--yes", is_flag=True, help="看过改动了，不再问，直接写。")
@click.option(
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE|-",
    help="写到另一个文件；- 是标准输出。缺省写回原文件。",
)
@click.pass_obj
def command(
    root: Path, files: tuple[Path, ...], check: bool, yes: bool, output: Path | None
) -> None:
    """把文件里的姓名、号码、地址换成记号；同一个人、同一个号码，从头到尾是同一个记号。

    先列出改动，问过才写。写明理由的例外和 site_config/privacy.yml 里核准的内容不动。- 是从标准输入读，写到标准输出。

    退出码：0 写好了，或没有要改的；1 没有写，或 --check 看到了个人信息；2 读不了文件。
    """
    settings = loader.load_settings(root)
    if check:
        found = [line for file in files for line in _found(root, file, settings)]
        for line in found:
            click.echo(line)
        sys.exit(1 if found else 0)
    if len(files) > 1:
        raise KbError("一次只改一个文件，改动要一处一处看；--check 可以写几个")
    (file,) = files
    text = _read(file)
    path = _path_in_base(root, file)
    redacted = redact(text, gate_of(settings), spare=_Spared(path, settings))
    # What came through a pipe goes on through it.
    target = file if output is None else output
    if str(target) == _STANDARD:
        click.echo(redacted, nl=False)
        return
    if redacted != text:
        click.echo("".join(_difference(str(file), text, redacted)), nl=False)
        if not yes and not click.confirm(f"照这样写到 {target}？", default=False):
            click.echo("没有写。")
            sys.exit(1)
    elif output is None:
        click.echo("没有要换的个人信息。")
    if redacted != text or output is not None:
        _write(target, redacted)
        click.echo(f"写好了 {target}。请再读一遍：程序认不全，尤其是不常见的姓名和绰号。")
    _warn_about_name(path, settings)


def _found(root: Path, file: Path, settings: Settings) -> Iterator[str]:
    """Where something would be masked, and of what kind; what it is, is not said."""
    text = _read(file)
    gate = gate_of(settings)
    path = _path_in_base(root, file)
    spared = _Spared(path, settings)
    for each in gate.find(text):
        if each.value not in gate.reviewed and not spared(text, each):
            line = text.count("\n", 0, each.start) + 1
            rule = CATEGORY_RULES[each.category]
            yield f"{visible(str(file))}:{line}: {rule} 写出了{each.category.wording.label}"
    if in_path(document.build(path, b"", settings.schema), gate):
        # The name itself would say it.
        yield f"{visible(str(file.parent))}: {_FILE_NAME} 这个文件夹里有一个文件，文件名里有个人信息"


def _read(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(file) == _STANDARD else file.read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        raise KbError(f"读不了 {file}：{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise KbError(f"{file} 不是 UTF-8 编码；请另存为 UTF-8") from error


def _path_in_base(root: Path, file: Path) -> str:
    """The path by which the base knows the file; its name alone where it is elsewhere."""
    base, whole = root.resolve(), file.resolve()
    return whole.relative_to(base).as_posix() if whole.is_relative_to(base) else file.name


class _Spared:
    """Keeps what an exception excuses, and names where they belong."""

    def __init__(self, path: str, settings: Settings) -> None:
        self._path = path
        self._settings = settings
        self._gate = gate_of(settings)
        self._look = lru_cache(maxsize=1)(self._looked_at)

    def __call__(self, text: str, found: Disclosure) -> bool:
        excuses, kept = self._look(text)
        line = text.count("\n", 0, found.start) + 1
        rule = CATEGORY_RULES[found.category]
        return found not in kept or any(each.excuses(rule, line) for each in excuses)

    def _looked_at(self, text: str) -> tuple[tuple[Excuse, ...], frozenset[Disclosure]]:
        built = document.build(self._path, text.encode(), self._settings.schema)
        found = places(built, self._gate, self._settings.privacy.fields)
        return exceptions(built), frozenset(each.disclosure for each in found)


def _difference(name: str, before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        name,
        f"{name}（去掉个人信息以后）",
    )
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(text.encode())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
    except OSError as error:
        raise KbError(f"写不了 {path}：{error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _warn_about_name(path: str, settings: Settings) -> None:
    if in_path(document.build(path, b"", settings.schema), gate_of(settings)):
        click.echo("文件名里也有个人信息，这里改不了：请把文件名改成编号。", err=True)
