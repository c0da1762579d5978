"""kb synonyms: from what readers searched for in vain to lines for `synonyms.txt`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb_builder.diagnostics import KbError

if TYPE_CHECKING:
    from kb_builder.index.wording import Findings, Proposal
    from kb_builder.model.settings import Settings

_MOST_QUERIES = 1_000
_SHOWN = 40
"""A query may hold what a customer told: so many of its characters are shown, and no more."""

_NUMBER = re.compile(r"\d{7,}")

_FILE = Path("site_config") / "synonyms.txt"


@click.group(
    epilog="例：kb synonyms suggest kb-search-missed.json",
    short_help="从搜不到的词找出该补的同义词。",
)
def command() -> None:
    """同义词：客户怎么说，就怎么搜得到。"""


@command.command(
    epilog="""\b
例：
  kb synonyms suggest kb-search-missed.json            只看，不改任何文件
  kb synonyms suggest kb-search-missed.json --write    把有把握的写进 site_config/synonyms.txt
  kb synonyms suggest kb-search-missed.json --json
"""
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--write", is_flag=True, help="把有把握的新行加到 synonyms.txt 的末尾，原有内容不动。"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
@click.pass_obj
def suggest(root: Path, file: Path, write: bool, as_json: bool) -> None:
    """看看没有结果的搜索可能是想找什么，提出同义词。

    FILE 是搜索页上“导出没有结果的搜索”得到的 kb-search-missed.json。要先运行过 kb index。
    每个提议都说明理由和搜过的次数；是不是真的同义，由您决定。
    """
    from kb_builder import loader, pipeline
    from kb_builder.cli.missed import read_missed
    from kb_builder.entries import analyzer_of
    from kb_builder.index import Searcher
    from kb_builder.index.wording import Wording

    missed = read_missed(file)[:_MOST_QUERIES]
    settings = loader.load_settings(root)
    searcher = Searcher.open(pipeline.index_folder(root), analyzer_of(settings), settings.synonyms)
    try:
        wording = Wording(searcher, _aliases(settings))
        findings = wording.propose((query.text, query.count) for query in missed)
    finally:
        searcher.close()
    lines = [line for each in findings.proposals if (line := _line(each, settings))]
    if write and lines:
        _append(root / _FILE, lines)
    if as_json:
        click.echo(json.dumps(_as_json(findings, settings), ensure_ascii=False, indent=2))
        return
    for line in _in_words(findings, settings):
        click.echo(line)
    if write:
        click.echo(f"写进 {_FILE.as_posix()}：{len(lines)} 行。")
    elif lines:
        click.echo(f"标 * 的 {len(lines)} 行有把握，加上 --write 就写进 {_FILE.as_posix()}。")


def _aliases(settings: Settings) -> dict[str, str]:
    """Alias → the word of the base, of the glossary and the vocabularies."""
    aliases = {
        alias: value.label
        for vocabulary in settings.vocabularies.values()
        for value in vocabulary
        for alias in value.aliases
    }
    return aliases | {alias: term.term for term in settings.glossary for alias in term.aliases}


def _line(proposal: Proposal, settings: Settings) -> str:
    """The line to write; empty when it is not sure enough or a word has its line already."""
    from kb_builder.index.wording import CERTAIN

    best = proposal.candidates[0]
    if best.weight < CERTAIN or _group(best.word, settings) or _group(proposal.word, settings):
        return ""
    return f"{best.word} {proposal.word}"


def _group(word: str, settings: Settings) -> tuple[str, ...]:
    """The line of `synonyms.txt` that a word is in."""
    from kb_builder.analysis.folding import fold

    folded = fold(word)
    return next((group for group in settings.synonyms if folded in map(fold, group)), ())


def _in_words(findings: Findings, settings: Settings) -> Iterator[str]:
    for proposal in findings.proposals:
        where = "" if proposal.query == proposal.word else f"（在“{_cut(proposal.query)}”里）"
        yield f"“{proposal.word}”{where}，搜过 {proposal.count} 次，没有结果："
        line = _line(proposal, settings)
        for place, candidate in enumerate(proposal.candidates):
            mark = "*" if line and not place else " "
            reasons = "，".join(candidate.reasons)
            yield f"  {mark} {candidate.word} {proposal.word}    {reasons}；{candidate.documents} 篇里有“{candidate.word}”"
            if group := _group(candidate.word, settings):
                yield f"      “{candidate.word}”已有一行：{' '.join(group[:8])}；要加就加在那一行"
        if group := _group(proposal.word, settings):
            yield f"    “{proposal.word}”已有一行：{' '.join(group[:8])}"
        yield ""
    if findings.unexplained:
        yield "看不出想找什么，也许该写成案例、预案或教训："
        yield from (f"  {_cut(text)}（{count} 次）" for text, count in findings.unexplained)
        yield ""
    if findings.answered:
        yield f"有 {findings.answered} 个现在已经搜得到了。"
    if not findings.proposals:
        yield "没有可以提出的同义词。"


def _cut(text: str) -> str:
    """The beginning of a query, without what may be the number of somebody's telephone or card."""
    shown = _NUMBER.sub("（号码）", text)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


def _as_json(findings: Findings, settings: Settings) -> dict[str, Any]:
    return {
        "proposals": [
            {
                "word": proposal.word,
                "query": _cut(proposal.query),
                "count": proposal.count,
                "line": _line(proposal, settings) or None,
                "candidates": [
                    {
                        "word": candidate.word,
                        "documents": candidate.documents,
                        "reasons": candidate.reasons,
                        "line": f"{candidate.word} {proposal.word}",
                        "group": _group(candidate.word, settings),
                    }
                    for candidate in proposal.candidates
                ],
            }
            for proposal in findings.proposals
        ],
        "unexplained": [
            {"query": _cut(text), "count": count} for text, count in findings.unexplained
        ],
        "answered": findings.answered,
    }


def _append(path: Path, lines: list[str]) -> None:
    """Put lines at the end, in one step; what is there stays as it is, byte for byte."""
    try:
        before = path.read_bytes() if path.exists() else b""
        gap = b"" if not before or before.endswith(b"\n") else b"\n"
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_bytes(before + gap + "".join(f"{line}\n" for line in lines).encode())
        fresh.replace(path)
    except OSError as error:
        raise KbError(f"写不进 {path}：{error.strerror}") from error
