"""`kb check`: what stops publishing, all of it, in one run."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb_builder import __version__, clock, loader, reporters, rules
from kb_builder.checking import Checking, uncollected
from kb_builder.cli.progress import ProgressLine
from kb_builder.diagnostics import Diagnostic, KbError
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.known import KnownDocuments
from kb_builder.model.schema import Schema
from kb_builder.model.settings import Settings

if TYPE_CHECKING:
    from kb_builder.mending import Mended

_FOR_PEOPLE = ("full", "concise")
"""Formats into which a line for people may be mixed."""

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
    type=click.Choice(["full", "concise", "json", "github", "gitlab", "sarif", "junit"]),
    default="full",
    show_default=True,
    help="full 带原文和改法；concise 一行一个；json 给程序；github 给 GitHub Actions；"
    "gitlab 是代码质量报告；sarif 给代码扫描；junit 给测试看板。",
)
@click.option("--strict", is_flag=True, help="警告也算错误。")
@click.option(
    "--fix", is_flag=True, help="先改好能放心改的：写法、全角数字、行尾空格、看不见的字符……"
)
@click.option(
    "--diff", is_flag=True, help="和 --fix 一起用：只显示会改什么，不写文件；有要改的，退出码 1。"
)
@click.option(
    "--changed-since",
    metavar="版本",
    help="只报告从这个 git 版本分出来以后改过的文件，和引用它们的页面；词表、规则设置改了就报告全部。",
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    hidden=True,
    help="当作今天的日期，用于重现以前的检查。",
)
@click.pass_obj
@uncollected()
def command(
    root: Path,
    paths: tuple[Path, ...],
    form: str,
    strict: bool,
    fix: bool,
    diff: bool,
    changed_since: str | None,
    today: datetime.datetime | None,
) -> None:
    """检查全部内容，列出所有妨碍发布的问题。

    总是读完整个知识库（编号和引用要互相对照）；写了路径，就只报告这些文件和文件夹里的问题。

    \b
    例：
      kb check                                  检查全部
      kb check cases/playbooks                  只看预案
      kb check --format concise | grep KB305    只看找不到的引用
      kb check --fix --diff                     看看有哪些可以放心改
      kb check --changed-since origin/main      只看这个分支改动引起的问题
      kb check --format github --strict         在 GitHub Actions 里
    """
    if diff and not fix:
        raise KbError("--diff 要和 --fix 一起用")
    wanted = relative_to_base(root, paths)
    # Asked first: without a repository there is no need to read the base.
    changed = _changed(root, changed_since) if changed_since is not None else None
    settings = loader.load_settings(root)
    checking = Checking(root / loader.STATE, settings)
    corpus = _read(root, settings.schema, checking.known)
    if fix:
        fixed = _fix(root, corpus, settings, wanted, only_show=diff)
        if diff:
            sys.exit(1 if fixed else 0)
        _print_fixes(fixed, err=form not in _FOR_PEOPLE)
        corpus = _read(root, settings.schema, checking.known) if fixed else corpus
    found = list(checking.check(corpus, today.date() if today else clock.today()))
    checking.keep()
    looked_at = [document for document in corpus.documents if is_wanted(document.path, wanted)]
    found = [diagnostic for diagnostic in found if is_wanted(diagnostic.path, wanted)]
    if changed is not None and not any(path.startswith(f"{loader.CONFIG}/") for path in changed):
        found = _concerned(found, corpus, changed)
        looked_at = [document for document in looked_at if document.path in changed]
    _print(form, found, looked_at, root, settings)
    errors, warnings = reporters.count(found)
    if errors or (strict and warnings):
        sys.exit(1)


def _changed(root: Path, revision: str) -> frozenset[str]:
    # Imported where it is used, like all that an ordinary check can do without.
    from kb_builder import changes

    return changes.changed_since(root, revision)


def _concerned(
    found: list[Diagnostic], corpus: Corpus, changed: frozenset[str]
) -> list[Diagnostic]:
    from kb_builder import changes

    return changes.concerned(found, corpus, changed)


def _fix(
    root: Path, corpus: Corpus, settings: Settings, wanted: Sequence[str] | None, *, only_show: bool
) -> dict[str, Mended]:
    """Mend what may be mended, or show it; what was done to each file."""
    from kb_builder import mending
    from kb_builder.cli import rewriting

    before = {
        each.path: loader.document_bytes(root, each.path)
        for each in corpus.documents
        if each.readable and is_wanted(each.path, wanted)
    }
    # Saved again since it was read: the next run mends what is there then.
    digests = {each.path: each.digest for each in corpus.documents}
    before = {
        path: data for path, data in before.items() if sha256(data).hexdigest() == digests[path]
    }
    off = {rule for rule, level in rules.levels(settings).items() if level is None}
    mended = mending.mend(before, corpus, settings.schema, leave=off)
    rewrites = {path: rewriting.Rewrite(before[path], each.data) for path, each in mended.items()}
    if only_show:
        rewriting.show(rewrites)
        return mended
    changed_meanwhile = rewriting.write(root, rewrites)
    for path in changed_meanwhile:
        click.echo(f"{path} 刚刚被别的程序改过，没有动它；再运行一次", err=True)
    return {path: each for path, each in mended.items() if path not in changed_meanwhile}


def _print_fixes(fixed: Mapping[str, Mended], *, err: bool) -> None:
    for path, mended in fixed.items():
        counts = "、".join(f"{rule} {number}" for rule, number in mended.fixes.items())
        click.echo(f"改好 {path}：{sum(mended.fixes.values())} 处（{counts}）", err=err)
    if fixed:
        click.echo(f"共改好 {len(fixed)} 个文件。\n", err=err)


def relative_to_base(root: Path, paths: Iterable[Path]) -> list[str] | None:
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


def is_wanted(path: str, wanted: Sequence[str] | None) -> bool:
    """Whether a document is one of those, or in one of the folders, that were asked for."""
    if wanted is None:
        return True
    return any(each in (path, ".") or path.startswith(f"{each}/") for each in wanted)


def _read(root: Path, schema: Schema, known: KnownDocuments) -> Corpus:
    paths = tuple(loader.document_paths(root))
    documents = []
    with ProgressLine() as progress:
        for path in paths:
            documents.append(loader.read_document(root, path, schema, known))
            progress("读取", len(documents), len(paths))
    return loader.corpus_of(root, documents)


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
    found = from_here(found, root)
    if form == "gitlab":
        click.echo(reporters.gitlab(found))
        return
    if form == "sarif":
        titles = {rule.id: rule.title for rule in rules.all_rules()}
        click.echo(reporters.sarif(found, titles=titles, version=__version__))
        return
    if form == "junit":
        here = _before_paths(root)
        paths = [here + document.path for document in looked_at]
        click.echo(reporters.junit(found, paths=paths))
        return
    last = summary(found, looked_at, settings)
    if form == "github":
        _print_for_github(found, last)
        return
    if found and form == "full":
        click.echo(reporters.full(found, style=style()) + "\n")
    elif found:
        click.echo(reporters.concise(found, style=style()))
    click.echo(last)


def from_here(found: Iterable[Diagnostic], root: Path) -> list[Diagnostic]:
    """The diagnostics with paths that can be opened from where one stands."""
    here = _before_paths(root)
    if not here:
        return list(found)
    # As `dataclasses.replace` would make them; there may be ten thousand, and it takes three times as long.
    return [
        Diagnostic(
            here + each.path,
            each.span,
            each.rule,
            each.name,
            each.level,
            each.message,
            each.hint,
            each.source,
        )
        for each in found
    ]


def _before_paths(root: Path) -> str:
    """What to write before a path that is relative to the base."""
    place = root.as_posix()
    return "" if place == "." else f"{place.rstrip('/')}/"


def summary(found: Sequence[Diagnostic], looked_at: Iterable[Document], settings: Settings) -> str:
    """The last line of a report for people."""
    kinds = {kind.label: 0 for kind in settings.schema.kinds.values()}
    for document in looked_at:
        label = document.kind.label if document.kind else "其他"
        kinds[label] = kinds.get(label, 0) + 1
    return reporters.summary(found, kinds=kinds)


def style() -> reporters.Style:
    """Colours where a person reads, none in files and pipes."""
    is_coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return _colour if is_coloured else reporters.plain


def _print_for_github(found: Sequence[Diagnostic], last: str) -> None:
    """Annotations to the log; everything to the summary of the job, where GitHub asks for one."""
    if found:
        click.echo(reporters.github(found))
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if place:
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(reporters.github_summary(found, last))


def _colour(part: str, text: str) -> str:
    dress = _COLOURS.get(part)
    return click.style(text, **dress) if dress else text  # type: ignore[arg-type]
