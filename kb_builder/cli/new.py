"""`kb new`: the file of a new case, playbook or lesson."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from kb_builder import loader
from kb_builder.diagnostics import KbError
from kb_builder.drafting import Draft, FieldValue, Numbers, accept, explain, render, section_texts
from kb_builder.intake import files
from kb_builder.intake.plain_text import one_line
from kb_builder.model import document
from kb_builder.model.document import DRAFT, REVIEW
from kb_builder.model.schema import FieldSpec, FieldType, Kind, Needed
from kb_builder.model.settings import Settings
from kb_builder.model.taxonomy import nearest

_BETWEEN_VALUES = re.compile(r"[,，、;；]")
_SPLIT = (FieldType.VOCABULARY, FieldType.ROLE, FieldType.REFERENCE)
_OURS = ("id", "status")
"""Fields of every draft that nobody is asked for."""


class _Kinds(click.Group):
    """One subcommand a kind, with the options that the base's own schema asks for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        try:
            return list(loader.load_settings(ctx.obj).schema.kinds)
        except KbError:
            # `kb new --help` explains itself anywhere; making something says what is wrong.
            return []

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        root: Path = ctx.obj
        settings = loader.load_settings(root)
        kind = settings.schema.kinds.get(cmd_name)
        if kind is None:
            known = "、".join(settings.schema.kinds)
            raise KbError(f"没有“{cmd_name}”这一类；可以新建：{known}")
        return _command(root, settings, kind)


def _command(root: Path, settings: Settings, kind: Kind) -> click.Command:
    asked = _asked(kind)
    options: list[click.Parameter] = [
        click.Option(
            [_option(spec), spec.name], multiple=spec.many, metavar="…", help=explain(spec)
        )
        for spec in asked
    ]
    options.append(
        click.Option(
            ["--set", "others"],
            multiple=True,
            metavar="字段=值",
            help="任何别的字段，可写多次，如 --set owner=店长。",
        )
    )

    def run(others: tuple[str, ...], **given: Any) -> None:
        fields = _given(kind, given, others)
        missing = [spec for spec in asked if spec.name not in fields]
        if missing and not _interactive():
            names = "、".join(f"{_option(spec)}（{spec.label}）" for spec in missing)
            raise KbError(f"缺少 {names}；写成选项，或者在终端里运行，会逐项询问")
        for spec in missing:
            fields[spec.name] = _ask(spec)
        _write(root, settings, kind, fields)

    return click.Command(
        kind.name,
        params=options,
        callback=run,
        help=f"新建一篇{kind.label}的草稿。没有写成选项的必填项会逐项询问。",
        short_help=f"新建一篇{kind.label}的草稿。",
    )


command = _Kinds(
    "new",
    help="新建案例、预案或教训：取下一个编号，写好模板。",
    short_help="新建案例（case）、预案（playbook）或教训（lesson）的草稿。",
    subcommand_metavar="case|playbook|lesson [OPTIONS]",
    epilog="例：kb new case    kb new lesson --title 先道歉再解释 --lesson-kind 理念 --owner 客服主管",
)


def _asked(kind: Kind) -> list[FieldSpec]:
    return [
        spec
        for spec in kind.fields.values()
        if spec.needed is Needed.DRAFT and spec.name not in _OURS
    ]


def _option(spec: FieldSpec) -> str:
    return "--" + spec.name.replace("_", "-")


def _interactive() -> bool:
    return sys.stdin.isatty()


def _given(kind: Kind, options: Mapping[str, Any], others: Sequence[str]) -> dict[str, FieldValue]:
    """The values given on the command line. Raises KbError for the first that can't be used."""
    texts: dict[str, list[str]] = {}
    for name, value in options.items():
        given = [value] if isinstance(value, str) else list(value or ())
        if given:
            texts[name] = given
    for pair in others:
        name, equals, value = pair.partition("=")
        if not equals:
            raise KbError(f"--set 后面要写“字段=值”，这里是“{pair[:40]}”")
        _settable(kind, name)
        texts.setdefault(name, []).append(value)
    fields: dict[str, FieldValue] = {}
    for name, given in texts.items():
        spec = kind.fields[name]
        if len(given) > 1 and not spec.many:
            raise KbError(f"“{spec.label}”只能有一个值，这里写了 {len(given)} 个")
        value, problem = _accept(spec, given)
        if problem:
            raise KbError(problem)
        fields[name] = value
    return fields


def _settable(kind: Kind, name: str) -> None:
    spec = kind.fields.get(name)
    if spec is None:
        best = nearest(name, kind.fields)
        hint = f"；是不是“{best}”（{kind.fields[best].label}）？" if best else "；见字段说明页"
        raise KbError(f"{kind.label}没有“{name}”这个字段{hint}")
    if name in _OURS:
        raise KbError(f"“{spec.label}”由 kb new 填写，不能用 --set")
    if spec.type is FieldType.GROUP:
        raise KbError(f"“{spec.label}”是一组字段，请建好后写在文件里")


def _accept(spec: FieldSpec, given: Sequence[str]) -> tuple[FieldValue, str]:
    """The value to write, and what is wrong with what was given."""
    texts = [one_line(text) for text in given]
    if spec.many and spec.type in _SPLIT:
        texts = [part for text in texts for part in _parts(spec, text)]
    value, findings = accept(spec, texts)
    if not findings:
        return value, ""
    return value, f"{findings[0].message}；{findings[0].hint}".rstrip("；")


def _parts(spec: FieldSpec, text: str) -> list[str]:
    if spec.vocabulary is not None and spec.vocabulary.find(text):
        return [text]
    return [part.strip() for part in _BETWEEN_VALUES.split(text)]


def _ask(spec: FieldSpec) -> FieldValue:
    """Ask until the answer can be used."""
    more = "（可以写几个，用顿号隔开）" if spec.many else ""
    click.echo(f"\n{spec.label}：{spec.help}{more}")
    choices = list(spec.vocabulary or ())
    for number, choice in enumerate(choices, 1):
        click.echo(f"  {number:>2} {choice.label}  {choice.help}".rstrip())
    while True:
        answer = one_line(click.prompt(spec.label, prompt_suffix="："))
        texts = _parts(spec, answer) if spec.many and spec.type in _SPLIT else [answer]
        for index, text in enumerate(texts):
            # A number chooses from the list, unless a value is written so.
            if spec.vocabulary and not spec.vocabulary.find(text) and text.isdecimal():
                texts[index] = choices[int(text) - 1].id if 0 < int(text) <= len(choices) else text
        value, problem = _accept(spec, texts)
        if not problem:
            return value
        click.echo(f"  {problem}", err=True)


def _write(root: Path, settings: Settings, kind: Kind, fields: dict[str, FieldValue]) -> None:
    status, _ = accept(kind.fields["status"], [DRAFT])
    template = section_texts(loader.load_template(root, kind))
    numbers = Numbers(kind)
    for existing in loader.documents(root, settings.schema):
        numbers.note(existing)
    happened = str(fields.get("occurred_on", ""))[:4]
    while True:
        identity = numbers.next(int(happened) if happened.isdigit() else None)
        path = f"{loader.CONTENT}/{kind.folder_of(identity)}/{identity}.md"
        values = {"id": identity, "status": status, **fields}
        data = render(Draft(kind, values, template, reminders=True)).encode()
        faults = document.build(path, data, settings.schema).faults
        if faults:
            raise KbError(f"{faults[0].finding.message}；{faults[0].finding.hint}".rstrip("；"))
        try:
            files.create(root / path, data)
        except FileExistsError:
            # Somebody else made it since the base was read; take the next number.
            continue
        break
    click.echo(f"\n新建了{kind.label} {root / path}\n\n接下来：")
    click.echo("  1. 用编辑器打开它，写好各小节，补齐信息头里以“# ”开头的各项；")
    click.echo("  2. 运行 kb check，看还缺什么；")
    review, _ = accept(kind.fields["status"], [REVIEW])
    click.echo(f"  3. 把 status 改为“{review}”，请另一位同事看过再发布。")
