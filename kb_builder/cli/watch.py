"""`kb watch`: checks again whenever a file is saved, and says what that changed."""

from __future__ import annotations

import datetime
import time
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

import click

from kb_builder import clock, loader, reporters
from kb_builder.checking import Checking, uncollected
from kb_builder.cli.check import from_here, style, summary
from kb_builder.diagnostics import Diagnostic, KbError
from kb_builder.loader import Base, FollowedBase
from kb_builder.model.known import KnownDocuments
from kb_builder.model.settings import Settings
from kb_builder.watching import Watcher

_IDLE = 30.0
"""Seconds after which to look whether it is another day: what is late depends on it."""


@click.command(
    "watch",
    short_help="保存文件后自动检查，只说哪些是新问题、哪些解决了。",
    epilog="例：kb watch    kb watch --clear",
)
@click.option("--clear", is_flag=True, help="每次先清屏，再列出现有的全部问题。")
@click.pass_obj
def command(root: Path, clear: bool) -> None:
    """看着内容和设置，保存后马上检查，只说哪些是新问题、哪些解决了。按 Ctrl-C 结束。

    结果和 kb check 的一样，但只重新检查这次改动碰到的地方；第一次从上次检查的结果开始。
    """
    try:
        # First watched, then read, lest a change in between be missed.
        with Watcher(root, (loader.CONTENT, loader.CONFIG)) as watcher:
            _follow(root, watcher, clear=clear)
    except KeyboardInterrupt:
        click.echo()


def _follow(root: Path, watcher: Watcher, *, clear: bool) -> None:
    followed = _Followed(root)
    # A folder that is no base is refused, as by any other command.
    with uncollected():
        base, before = followed.check(())
        followed.keep()
    _print_all(before, base, root)
    click.echo("正在看着改动，保存后自动检查；按 Ctrl-C 结束。")
    while True:
        touched = watcher.wait(_IDLE)
        if not touched and followed.is_of_today:
            followed.keep()
            continue
        began = time.monotonic()
        try:
            base, found = followed.check(touched)
        except KbError as error:
            click.echo(f"错误：{error}", err=True)
            continue
        new, solved = difference(before, found)
        if clear:
            click.clear()
            _print_all(found, base, root)
        else:
            _print_change(new, solved, root)
        now = summary(found, base.corpus.documents, base.settings)
        seconds = time.monotonic() - began
        click.echo(
            f"{datetime.datetime.now():%H:%M:%S} 新问题 {len(new)} 个，解决 {len(solved)} 个。{now}（{seconds:.2f} 秒）"
        )
        before = found


class _Followed:
    """The base, and its check under the settings that it has now."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._base = FollowedBase(root, self._begin)
        self._checking: Checking | None = None
        self._day: datetime.date | None = None

    @property
    def is_of_today(self) -> bool:
        """Whether the last check was made today."""
        return self._day == clock.today()

    def check(self, touched: Collection[str]) -> tuple[Base, tuple[Diagnostic, ...]]:
        """The base as it is now, and everything wrong with it."""
        base = self._base.now(touched)
        assert self._checking is not None  # begun with the settings
        today = clock.today()
        found = self._checking.check(base.corpus, today)
        self._day = today
        return base, found

    def keep(self) -> None:
        """Write down for the next `kb check` or `kb watch` what the last check came to."""
        if self._checking is not None:
            self._checking.keep()

    def _begin(self, settings: Settings) -> KnownDocuments:
        self._checking = Checking(self._root / loader.STATE, settings)
        return self._checking.known


def difference(
    before: Sequence[Diagnostic], after: Sequence[Diagnostic]
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """The problems that are new and those that are solved; one that only moved is neither."""
    return _beyond(after, before), _beyond(before, after)


def _beyond(these: Sequence[Diagnostic], others: Sequence[Diagnostic]) -> list[Diagnostic]:
    left = Counter((each.path, each.rule, each.message) for each in others)
    found = []
    for each in these:
        key = (each.path, each.rule, each.message)
        if left[key]:
            left[key] -= 1
        else:
            found.append(each)
    return found


def _print_all(found: Sequence[Diagnostic], base: Base, root: Path) -> None:
    if found:
        click.echo(reporters.full(from_here(found, root), style=style()) + "\n")
    click.echo(summary(found, base.corpus.documents, base.settings))


def _print_change(new: Sequence[Diagnostic], solved: Sequence[Diagnostic], root: Path) -> None:
    if new:
        click.echo(reporters.full(from_here(new, root), style=style()) + "\n")
    for each in from_here(solved, root):
        # A message may quote a file, and what it quotes must not take over the terminal.
        click.echo(
            f"已解决 {reporters.visible(each.path)}：{each.rule} {reporters.visible(each.message)}"
        )
