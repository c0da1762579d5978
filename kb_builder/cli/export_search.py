"""kb export-search: write the search index that runs in the reader's browser."""

from __future__ import annotations

from pathlib import Path

import click

from kb_builder.cli.audience import audience_option
from kb_builder.cli.progress import ProgressLine
from kb_builder.diagnostics import KbError


@click.command(
    epilog="例：kb export-search    kb export-search --output public/search-index --drafts"
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    metavar="DIR",
    help="写到哪个文件夹，缺省为知识库下的 site/search-index。",
)
@click.option("--drafts", is_flag=True, help="草稿、待审核和已归档的也写进去。")
@audience_option
@click.pass_obj
def command(root: Path, output: Path | None, drafts: bool, audience: str | None) -> None:
    """导出网页搜索用的索引，并逐篇试搜；kb build 已包含这一步。"""
    from kb_builder import browser, loader, storage
    from kb_builder.entries import analyzer_of, count_store, entry_of
    from kb_builder.insight.material import listed, shown
    from kb_builder.model.document import PUBLISHED
    from kb_builder.precedents import advice_of

    base = loader.load(root)
    base = loader.for_audience(base, loader.audience_of(base.settings, audience))
    entries = [
        entry_of(document)
        for document in base.corpus.by_id.values()
        if document.readable and (drafts or document.status == PUBLISHED)
    ]
    folder = output or root / "site" / "search-index"
    analyzer = analyzer_of(base.settings)
    tables = browser.tables_of(base.settings)
    documents = len(base.corpus.documents)
    known = listed(shown(base.corpus, drafts=drafts))

    def fill(fresh: Path) -> browser.ExportReport:
        with count_store(base.state, analyzer, documents=documents) as counts:
            report = browser.export(
                entries, analyzer, tables, fresh, progress, counts.count, advice_of(base, known)
            )
        failures = browser.self_test(fresh, entries)
        if failures:
            first = failures[0]
            raise KbError(
                f"导出的索引有 {len(failures)} 处搜不到自己的内容，例如 {first.id} 的“{first.piece}”"
            )
        return report

    if folder.exists() and not _is_ours(folder):
        raise KbError(f"{folder} 里有不是本程序生成的文件；换一个 --output，或先清空它")
    busy = f"另一个 kb export-search 正在写 {folder}，请等它结束后再运行"
    with (
        ProgressLine() as progress,
        storage.explained(folder),
        storage.locked(folder.with_name(f".{folder.name}.lock"), busy),
    ):
        report = storage.replace_folder(folder, fill)
    click.echo(
        f"网页搜索索引共 {report.documents} 篇、{report.terms} 个词条，"
        f"{report.size / 1_000_000:.1f} MB，写入 {folder}。"
    )


def _is_ours(folder: Path) -> bool:
    """Whether a folder is empty or an index: something that may be replaced."""
    if not folder.is_dir():
        return False
    return not any(folder.iterdir()) or (folder / "entry.json").is_file()
