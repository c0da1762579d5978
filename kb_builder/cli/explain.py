"""`kb explain`: what a rule wants, why, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from kb_builder import loader, rules
from kb_builder.diagnostics import KbError
from kb_builder.model.taxonomy import nearest
from kb_builder.rules import Rule


@click.command("explain", short_help="说明一条规则：为什么有它，怎样改正。")
@click.argument("rule", required=False, metavar="[规则]")
@click.pass_obj
def command(root: Path, rule: str | None) -> None:
    """说明一条规则：为什么有它，怎样改正。不写规则就列出全部。

    \b
    例：
      kb explain                  列出全部规则
      kb explain KB203            按编号
      kb explain unknown-value    按名字
    """
    if rule is None:
        for line in _list():
            click.echo(line)
        return
    found = rules.find(rule)
    if found is None:
        names = {name: each for each in rules.all_rules() for name in (each.id, each.name)}
        best = nearest(rule, names)
        hint = f"是不是 {names[best].id} {names[best].name}？" if best else "全部规则见 kb explain"
        raise KbError(f"没有“{rule}”这条规则；{hint}")
    usual = found.level.label
    here = _level_here(root, found)
    shown = usual if here == usual else f"在这个知识库里：{here}；通常：{usual}"
    click.echo(f"{found.id} {found.name}（{shown}）\n\n{found.page}")


def _level_here(root: Path, found: Rule) -> str:
    """How much a rule weighs in the base at hand, or usually where there is none."""
    if not (root / loader.CONFIG).is_dir():
        return found.level.label
    level = rules.levels(loader.load_settings(root))[found.id]
    return "关闭" if level is None else level.label


def _list() -> Iterator[str]:
    every: tuple[Rule, ...] = rules.all_rules()
    width = max(len(each.name) for each in every)
    for prefix, title in rules.GROUPS.items():
        yield f"{title}"
        for each in every:
            if each.id.startswith(prefix):
                yield f"  {each.id}  {each.name:<{width}}  {each.title.rstrip('。')}"
        yield ""
    yield "单条的说明：kb explain 编号或名字"
