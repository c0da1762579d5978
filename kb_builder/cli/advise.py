"""kb advise: what a complaint is, how such were solved, which playbook applies."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from kb_builder.cli.progress import ProgressLine
from kb_builder.diagnostics import KbError

if TYPE_CHECKING:
    from kb_builder.insight.advice import Advice, SimilarCase
    from kb_builder.insight.judging import FieldJudgement
    from kb_builder.insight.matching import Fitting
    from kb_builder.loader import Base

_LONGEST = 20_000
_BYTES_EACH = 4

_STRENGTHS = {"sure": "", "likely": "（多半）", "unsure": "（拿不准）"}
_PARTS = {"urgent": "危险信号，先用", "fitting": "适用", "general": "总流程"}

_EPILOG = """\b
例：
  kb advise 投诉.txt                        相似案例、判断、预案、教训、草稿
  kb advise - < 投诉.txt                    从标准输入读
  kb advise 投诉.txt --draft 草稿.md        把草稿写进文件；已有的文件不覆盖
  kb advise 投诉.txt --json                 输出 JSON，供程序使用
"""


@click.command(epilog=_EPILOG)
@click.argument("text", type=click.File("rb"), metavar="FILE|-")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序使用。")
@click.option(
    "--draft",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="把案例草稿写进这个文件。",
)
@click.pass_context
def command(ctx: click.Context, text: BinaryIO, as_json: bool, draft: Path | None) -> None:
    """一件投诉来了：以前怎样解决，是哪一类，用哪份预案。

    给出投诉的原文（文本文件，或用 - 从标准输入读），最多 20000 字；找相似案例只看前 5000 字。依次给出相似案例、这是什么
    投诉、用哪份预案、教训、草稿。草稿里的个人信息已经遮盖；除了 --draft 指定的文件，原文不写到任何地方。
    退出码：0 给出了建议，2 无法给出。
    """
    from kb_builder import loader

    root: Path = ctx.obj
    complaint = read(text)
    if draft is not None and draft.exists():
        raise KbError(f"{draft} 已经有了，不覆盖；换一个文件名")
    advice = _advise(loader.load(root), complaint)
    if draft is not None:
        _write(draft, advice.draft.text)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(advice), ensure_ascii=False, indent=2))
        return
    for line in show(advice):
        click.echo(line)
    if draft is not None:
        click.echo(f"\n草稿写进了 {draft}；放进知识库时叫 {advice.draft.path}")


def read(file: BinaryIO) -> str:
    """The text of a complaint. Raises KbError when it is none, too long, or empty."""
    data = file.read(_LONGEST * _BYTES_EACH + 1)
    text = "" if len(data) > _LONGEST * _BYTES_EACH else _decode(data)
    if len(data) > _LONGEST * _BYTES_EACH or len(text) > _LONGEST:
        raise KbError(f"文字超过 {_LONGEST} 字；只贴客户说的那一段")
    if not text.strip():
        raise KbError("里面没有文字；贴上客户说的原话")
    return text


def _decode(data: bytes) -> str:
    for name in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    raise KbError("这个文件不是文本，或不是 UTF-8、GBK 编码；请另存为 UTF-8 文本再试")


def _advise(base: Base, text: str) -> Advice:
    from kb_builder import pipeline, precedents
    from kb_builder.entries import analyzer_of
    from kb_builder.index import Filters, Searcher
    from kb_builder.insight import advice, judging
    from kb_builder.insight.guidance import facts_of
    from kb_builder.insight.material import listed, shown
    from kb_builder.privacy import Gate, redact

    settings = base.settings
    known = listed(shown(base.corpus, drafts=False))
    guide = precedents.guidance(base, known)
    lexicon = judging.Lexicon(guide.cues)
    folder = pipeline.index_folder(base.root)
    if not folder.is_dir():
        click.echo("还没有搜索用的索引，先建一次；案例多时要等一会儿，以后不用。", err=True)
        with ProgressLine() as progress:
            pipeline.index(base.root, drafts=False, progress=progress)
    searcher = Searcher.open(folder, analyzer_of(settings), settings.synonyms)
    try:
        wanted = advice.sought(text, lexicon)
        # Some of them may be in the index but no longer on the site.
        cases = Filters(kind=precedents.CASE)
        hits = searcher.similar(wanted, cases, 2 * advice.SHOWN_CASES, said=text).hits
        pages = searcher.similar(wanted, Filters(kind=precedents.PLAYBOOK), advice.PLAYBOOKS).hits
    finally:
        searcher.close()
    found = [
        advice.FoundCase(facts_of(known.by_id[each.hit.id], known), each.hit.score, each.because)
        for each in hits
        if each.hit.id in known.by_id
    ]
    roles = [name for role in settings.roles for name in (role.label, *role.aliases)]
    # The reader's own clock: what is said is a time of day where the reader is.
    now = datetime.datetime.now().strftime("%Y-%m-%dT%H:%M")
    return advice.advise(
        text,
        found,
        guide,
        lexicon,
        now=now,
        alike={each.hit.id: each.hit.score for each in pages},
        masked=redact(text, Gate(settings.privacy, roles)),
    )


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise KbError(f"{path} 已经有了，不覆盖；换一个文件名") from None
    except OSError as error:
        raise KbError(f"草稿写不进 {path}：{error.strerror}") from error


def show(advice: Advice) -> Iterator[str]:
    """The five parts, line by line."""
    yield _heading("相似案例")
    for case in advice.cases:
        yield from _case(case)
    if not advice.cases:
        yield "没有相似的案例。"
    yield _heading("这是什么投诉")
    for judged in advice.judgement:
        yield f"{judged.label}：{_judged(judged)}"
    yield _heading("用哪份预案")
    for number, fitting in enumerate(advice.playbooks):
        yield from _playbook(fitting, whole=number == 0)
    yield _heading("教训")
    for lesson in advice.lessons:
        yield f"{lesson.id}  {lesson.title}（{'、'.join(lesson.cases)}）"
    for pair in advice.contrasts:
        yield f"对照：{pair.id} {pair.title}"
        yield f"      {pair.with_id} {pair.with_title}"
    if not advice.lessons and not advice.contrasts:
        yield "相似案例没有写教训。"
    yield _heading("草稿")
    yield f"文件：{advice.draft.path}"
    yield ""
    yield advice.draft.text.rstrip("\n")


def _heading(title: str) -> str:
    return click.style(f"\n── {title} ──", bold=True)


def _case(case: SimilarCase) -> Iterator[str]:
    yield f"{case.score:>6}  {case.id}  {case.title}"
    ends = [
        "怎样办的：" + "、".join(case.remedies) if case.remedies else "",
        f"结果：{case.outcome}" if case.outcome else "",
        f"客户：{case.retained}" if case.retained else "",
        f"满意度：{case.satisfaction}" if case.satisfaction else "",
        f"用时：{case.taken}" if case.taken else "",
    ]
    if any(ends):
        yield "        " + "；".join(filter(None, ends))
    if case.because:
        yield f"        相似之处：{'、'.join(case.because)}"


def _judged(judged: FieldJudgement) -> str:
    if not judged.suggestions:
        return judged.why
    return "；".join(
        f"{each.label}{_STRENGTHS[each.strength]}——{each.why}" for each in judged.suggestions[:3]
    )


def _playbook(fitting: Fitting, *, whole: bool) -> Iterator[str]:
    yield f"[{_PARTS[fitting.part]}] {fitting.id}  {fitting.title}"
    yield f"    为什么：{'；'.join(fitting.why)}"
    if not whole:
        return
    for deadline in fitting.deadlines:
        yield f"    时限：{deadline.text}"
    for number, step in enumerate(fitting.steps, 1):
        within = f"，{step.within}" if step.within else ""
        yield f"    {number}. {step.stage}（{step.role}{within}）：{step.action}"
        if step.say:
            yield f"       这样说：{step.say}"
    yield from _quoted("这样说", fitting.scripts)
    yield from _quoted("不能说", fitting.banned)
    for each in fitting.escalation:
        yield f"    升级：{each.text}"


def _quoted(label: str, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield f"    {label}：{text}"
