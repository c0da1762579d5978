"""kb search: find documents from the command line."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from kb_builder.diagnostics import KbError
from kb_builder.index.fields import KIND, YEAR, Chosen

if TYPE_CHECKING:
    from kb_builder.index import Correction, Filters, Hit, Results
    from kb_builder.model.settings import Settings

_EPILOG = """\b
例：
  kb search 座椅套 没货
  kb search '"三包凭证"' --kind case        加引号（外面再套一层单引号）：必须连着出现
  kb search 退款 -旧机                      减号：不含这个词
  kb search 退款 投诉类型:服务 年份:2016 种类:案例     只看这一类，和网页上的写法一样
  kb search 座椅套 没货 --facet 投诉类型=服务 --year 2016 --limit 5
  kb search --queries 问题.txt --json > 结果.jsonl
"""


@click.command(
    epilog=_EPILOG,
    # Words that begin with a minus are part of the query, not options.
    context_settings={"ignore_unknown_options": True},
)
@click.argument("words", nargs=-1, metavar="[词]...")
@click.option(
    "--facet", "facets", multiple=True, metavar="字段=值", help="只看某一类，可以写多次。"
)
@click.option("--kind", metavar="种类", help="只看案例、预案或教训。")
@click.option("--year", metavar="年份", help="只看某一年（2016）或某一月（2016-03）发生的。")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="最多几条。"
)
@click.option("--offset", type=click.IntRange(0), default=0, help="跳过前几条。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
@click.option(
    "--queries",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="一行一个查询，每个查询输出一行 JSON；- 为标准输入。",
)
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    facets: tuple[str, ...],
    kind: str | None,
    year: str | None,
    limit: int,
    offset: int,
    as_json: bool,
    queries: TextIO | None,
) -> None:
    """搜索案例、预案和教训。

    几个词之间用空格隔开，有一个词就算，最像的排在前面；也可以整句粘贴。繁体简体都找得到。
    退出码：0 找到了，1 没有找到，2 无法搜索。
    """
    from kb_builder import loader, pipeline
    from kb_builder.analysis.query import take_fields
    from kb_builder.entries import analyzer_of, fields_of
    from kb_builder.index import Filters, Searcher

    if bool(words) == bool(queries):
        raise click.UsageError("写出要找的词，或用 --queries 给出一个文件（二选一）。")
    root: Path = ctx.obj
    settings = loader.load_settings(root)
    given = Filters(_facets(facets, settings), as_kind(kind, settings), year or "")
    fields = fields_of(settings)
    searcher = Searcher.open(pipeline.index_folder(root), analyzer_of(settings), settings.synonyms)
    try:
        used = searcher.used_values()

        def search(text: str) -> tuple[Results, Filters]:
            rest, chosen = take_fields(
                text, lambda field, value: fields.resolve(field, value, used)
            )
            filters = replace(given, chosen=tuple(chosen))
            return searcher.search(rest, filters, limit, offset), filters

        if queries is not None:
            for line in queries:
                text = line.rstrip("\r\n")
                found = {"query": text} | _as_json(*search(text))
                click.echo(json.dumps(found, ensure_ascii=False))
            return
        results, filters = search(" ".join(words))
    finally:
        searcher.close()
    if as_json:
        click.echo(json.dumps(_as_json(results, filters), ensure_ascii=False, indent=2))
    else:
        _show(results, filters, settings, offset)
    ctx.exit(0 if results.total else 1)


def _facets(pairs: tuple[str, ...], settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """Field name → value ids, from 字段=值 with names, labels or ids on both sides."""
    from kb_builder.model.taxonomy import nearest

    fields = {
        key: spec
        for kind in settings.schema.kinds.values()
        for spec in kind.facets()
        for key in (spec.name, spec.label)
    }
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        field, sign, text = pair.partition("=")
        if not sign:
            raise KbError(f"--facet {pair}：应写成 字段=值，例如 投诉类型=服务")
        spec = fields.get(field.strip())
        if spec is None or spec.vocabulary is None:
            best = nearest(field, fields)
            hint = f"；是不是“{fields[best].label}”？" if best else ""
            labels = "、".join(dict.fromkeys(spec.label for spec in fields.values()))
            raise KbError(f"--facet {pair}：不能按“{field}”筛选{hint}可以用：{labels}")
        value = spec.vocabulary.find(text)
        if value is None:
            near = spec.vocabulary.nearest(text)
            hint = f"；是不是“{near.label}”？" if near else "；"
            labels = "、".join(value.label for value in spec.vocabulary)
            raise KbError(f"--facet {pair}：{spec.label}里没有“{text}”{hint}可以写：{labels}")
        wanted[spec.name].append(value.id)
    return {name: tuple(values) for name, values in wanted.items()}


def as_kind(text: str | None, settings: Settings) -> str:
    """The name of the kind that is written as name or label; empty for any."""
    if text is None:
        return ""
    for kind in settings.schema.kinds.values():
        if text in (kind.name, kind.label):
            return kind.name
    labels = "、".join(kind.label for kind in settings.schema.kinds.values())
    raise KbError(f"--kind {text}：可以写 {labels}")


def _as_json(results: Results, filters: Filters) -> dict[str, Any]:
    return {
        "total": results.total,
        "hits": [
            {
                "id": hit.id,
                "kind": hit.kind,
                "title": hit.title,
                "address": hit.address,
                "date": hit.date,
                "score": hit.score,
                "excerpt": hit.excerpt.text,
                "marks": hit.excerpt.marks,
                "title_marks": hit.title_marks,
                "synonyms": hit.synonyms,
                "facets": hit.facets,
            }
            for hit in results.hits
        ],
        "facet_counts": results.facets,
        "corrections": {entry.word: entry.suggestions for entry in results.corrections},
        "filters": [{"name": each.name, "value": each.value} for each in filters.chosen],
        "relaxed": results.relaxed,
        "shortened": results.shortened,
        "ms": round(results.milliseconds, 1),
    }


def _show(results: Results, filters: Filters, settings: Settings, offset: int) -> None:
    if filters.chosen:
        named = "、".join(_named(each, settings) for each in filters.chosen)
        click.echo(f"搜索词里写明了只看{named}。", err=True)
    if results.shortened:
        click.echo("查询太长，只用了前面的部分。", err=True)
    if results.relaxed:
        click.echo("没有一字不差的，下面是最接近的：", err=True)
    for entry in results.corrections:
        if entry.suggestions:
            click.echo(
                f"没有“{entry.word}”，是不是想找：{'、'.join(entry.suggestions)}？", err=True
            )
    for number, hit in enumerate(results.hits, offset + 1):
        for line in _lines(number, hit, settings):
            click.echo(line)
    if results.total:
        first, last = offset + 1, offset + len(results.hits)
        shown = f"第 {first}–{last} 条" if results.hits else "这一页没有了"
        click.echo(f"共 {results.total} 条，{shown}（{results.milliseconds:.0f} 毫秒）")
        return
    click.echo("没有找到。")
    _advise(results.corrections, filters)


def _named(chosen: Chosen, settings: Settings) -> str:
    """投诉类型“服务”, for a filter that was written into the query."""
    kinds = settings.schema.kinds
    if chosen.name == KIND:
        return f"种类“{kinds[chosen.value].label}”"
    if chosen.name == YEAR:
        return f"年份“{chosen.value}”"
    spec = next(kind.fields[chosen.name] for kind in kinds.values() if chosen.name in kind.fields)
    value = spec.vocabulary.find(chosen.value) if spec.vocabulary else None
    label = value.label if value else {"true": "是", "false": "否"}.get(chosen.value, chosen.value)
    return f"{spec.label}“{label}”"


def _lines(number: int, hit: Hit, settings: Settings) -> Iterator[str]:
    kind = settings.schema.kinds[hit.kind].label
    when = f"  {hit.date}" if hit.date else ""
    yield f"{number:>2}. {marked(hit.title, hit.title_marks)}"
    yield click.style(f"    {kind}  {hit.address}{when}  得分 {hit.score}", dim=True)
    yield f"    {marked(hit.excerpt.text, hit.excerpt.marks)}"
    for word, synonym in hit.synonyms:
        yield click.style(f"    因“{word}”的同义词“{synonym}”命中", dim=True)
    yield ""


def marked(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    """The text with its matches in bold on a terminal, in 【】 where there is no colour."""
    plain = not sys.stdout.isatty()
    parts, done = [], 0
    for start, end in marks:
        matched = text[start:end]
        parts.append(text[done:start])
        parts.append(f"【{matched}】" if plain else click.style(matched, fg="yellow", bold=True))
        done = end
    return "".join([*parts, text[done:]])


def _advise(corrections: tuple[Correction, ...], filters: Filters) -> None:
    if filters.facets or filters.kind or filters.year:
        click.echo("去掉 --facet、--kind 或 --year 再试。")
    elif filters.chosen:
        click.echo("去掉“字段:值”再试。")
    elif not any(entry.suggestions for entry in corrections):
        click.echo("少写几个字，或换成客户会用的说法再试。")
