"""kb similar: the cases that are like a text."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from kb_builder.cli.search import as_kind, marked
from kb_builder.diagnostics import KbError

if TYPE_CHECKING:
    from kb_builder.index import SimilarHit, SimilarResults
    from kb_builder.model.settings import Settings

# Four bytes a character are enough for any.
_MOST_BYTES = 40_000

_EPILOG = """\b
例：
  kb similar 投诉.txt                       一件投诉的全文，找以前怎么办过
  kb similar 投诉.txt --kind 案例 --limit 5
  kb similar - < 投诉.txt                   从标准输入读
  kb similar - --json < 投诉.txt            输出 JSON，供程序使用
"""


@click.command(epilog=_EPILOG)
@click.argument("text", type=click.File("rb"), metavar="FILE|-")
@click.option("--kind", metavar="种类", help="只看案例、预案或教训。")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="最多几条。"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
@click.pass_context
def command(
    ctx: click.Context, text: BinaryIO, kind: str | None, limit: int, as_json: bool
) -> None:
    """找和一段文字相似的案例、预案和教训。

    给出一个文本文件，或用 - 从标准输入读。最像的排在前面，并写出因为哪些词相似。只读前 5000 字；文字不会存到
    别处，也不会整段显示出来。
    退出码：0 找到了，1 没有找到，2 无法查找。
    """
    from kb_builder import loader, pipeline
    from kb_builder.entries import analyzer_of
    from kb_builder.index import Filters, Searcher

    root: Path = ctx.obj
    settings = loader.load_settings(root)
    filters = Filters(kind=as_kind(kind, settings))
    searcher = Searcher.open(pipeline.index_folder(root), analyzer_of(settings), settings.synonyms)
    try:
        results = searcher.similar(read_text(text), filters, limit)
    finally:
        searcher.close()
    if as_json:
        click.echo(json.dumps(_as_json(results), ensure_ascii=False, indent=2))
    else:
        _show(results, settings)
    ctx.exit(0 if results.total else 1)


def read_text(file: BinaryIO) -> str:
    """The beginning of a text file, in UTF-8 or, as Windows writes it, in GB18030.

    At least as much as is looked at; raises `KbError` when it is neither.
    """
    data = file.read(_MOST_BYTES)
    for name in ("utf-8-sig", "gb18030"):
        # The last character may be cut in two.
        decoder = codecs.getincrementaldecoder(name)()
        try:
            return decoder.decode(data)
        except UnicodeDecodeError:
            continue
    raise KbError("这个文件不是文本，或不是 UTF-8、GBK 编码；请另存为 UTF-8 文本再试")


def _as_json(results: SimilarResults) -> dict[str, Any]:
    return {
        "total": results.total,
        "hits": [
            {
                "id": found.hit.id,
                "kind": found.hit.kind,
                "title": found.hit.title,
                "address": found.hit.address,
                "date": found.hit.date,
                "score": found.hit.score,
                "because": found.because,
                "excerpt": found.hit.excerpt.text,
                "marks": found.hit.excerpt.marks,
                "title_marks": found.hit.title_marks,
                "text_marks": found.text_marks,
                "synonyms": found.hit.synonyms,
                "facets": found.hit.facets,
            }
            for found in results.hits
        ],
        "shortened": results.shortened,
        "ms": round(results.milliseconds, 1),
    }


def _show(results: SimilarResults, settings: Settings) -> None:
    if results.shortened:
        click.echo("文字太长，只看了前 5000 字。", err=True)
    for found in results.hits:
        _show_hit(found, settings)
    if results.total:
        click.echo(
            f"共 {results.total} 条，最像的 {len(results.hits)} 条（{results.milliseconds:.0f} 毫秒）"
        )
    else:
        click.echo("没有相似的。写下客户说的原话，再试一次。")


def _show_hit(found: SimilarHit, settings: Settings) -> None:
    hit = found.hit
    kind = settings.schema.kinds[hit.kind].label
    when = f"  {hit.date}" if hit.date else ""
    click.echo(f"{hit.score:>6}  {hit.id}  {marked(hit.title, hit.title_marks)}")
    click.echo(click.style(f"        {kind}  {hit.address}{when}", dim=True))
    click.echo(f"        相似之处：{'、'.join(found.because)}")
    click.echo(f"        {marked(hit.excerpt.text, hit.excerpt.marks)}")
    click.echo()
