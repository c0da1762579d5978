"""T17: whatever is typed, `kb search` answers or says what it left out, and finds what the browser finds."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from bases import case, make_base
from click.testing import CliRunner
from documents import lesson
from tiers import chance, times

from kb_builder import browser, loader, pipeline
from kb_builder.analysis.query import Query
from kb_builder.browser.reading import Reader
from kb_builder.cli import main
from kb_builder.entries import analyzer_of, entry_of
from kb_builder.index import Searcher
from kb_builder.precedents import advice_of

SHAPES: dict[str, str] = {
    "nothing": "",
    "blanks": " \t\u3000\n",
    "one sign": "*",
    "signs only": "()[]{}*?~^:+-!\\/\"'“”《》",
    "nested parentheses": "(" * 2_000 + "退货" + ")" * 2_000,
    "unclosed quotation": '"退货',
    "a thousand quotations": '"退货" ' * 1_000,
    "twenty thousand words": " ".join(f"词{n}" for n in range(20_000)),
    "a million characters": "退货投诉" * 250_000,
    "one long word": "a" * 100_000,
    "wild cards": "*退* ?货? 退*货" * 50,
    "fuzzy": "退货~2 投诉~99999999999",
    "fields": "title:退货 body:投诉 _id:1 kind:case",
    "ranges": "[a TO z] {1 TO *} date:>2024",
    "operators": "AND OR NOT 退货 AND (NOT 投诉)",
    "boosts": "退货^999999999 投诉^-1",
    "control characters": "退\x00货\x1b[31m\x7f",
    "lone surrogate": "退\ud800货",
    "right to left": "\u202e货退\u202c",
    "invisible": "退\u200b货\ufeff",
    "combining": "退" + "\u0301" * 5_000 + "货",
    "every plane": "𠀀𪛖😀\U0010ffff",
    "numbers": "1e999 0x41 １２３ 一二三 " + "9" * 5_000,
    "markup": "<script>alert(1)</script>",
    "a path": "../../../../etc/passwd",
    "options": "--help -x --root /",
}  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An indexed base."""
    words = (
        "退货",
        "座椅套",
        "发票",
        "快递",
        "显示器",
        "iPhone15",
        "24小时",
        "先生",
        "道歉",
        "赔偿",
    )
    files = dict(
        case(n, f"客户第{n}次为{words[n % 10]}来电，要求{words[n % 7]}，说{words[n % 3]}没有办。")
        for n in range(1, 40)
    )
    base = make_base(tmp_path_factory.mktemp("queries") / "base", files | dict([lesson(1)]))
    pipeline.index(base, drafts=True)
    return base


@pytest.fixture(scope="module")
def readers(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Searcher, Reader]]:
    """The index of the command line, and that of the browser read as the client reads it."""
    base = loader.load(root)
    entries = [entry_of(document) for document in base.corpus.by_id.values()]
    folder = tmp_path_factory.mktemp("browser")
    tables = browser.tables_of(base.settings)
    analyzer = analyzer_of(base.settings)
    browser.export(entries, analyzer, tables, folder, advice=advice_of(base, base.corpus))
    searcher = Searcher.open(pipeline.index_folder(root), analyzer, base.settings.synonyms)
    yield searcher, Reader(folder)
    searcher.close()


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_query_of_any_shape_is_answered(root: Path, name: str) -> None:
    command = ["--root", str(root), "search", "--", SHAPES[name]]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code in (0, 1, 2)
    assert "Traceback" not in result.output
    assert len(result.output) < 20_000


def queries(count: int) -> Iterator[str]:
    """Pieces of what people write and of what machines write, mixed."""
    random = chance("queries")
    pieces = [
        *("退货", "座椅", "套", "发票", "快递三天", "iphone", "15", "24小时", "的", "没有", "客户", "第7次", "，", "。", " "),
        *string.punctuation, "\u3000", "\u200b", "“", "”", "《", "》", "Ａ", "發票", "😀", "AND", "title:", "e\u0301", "\t",
    ]  # fmt: skip
    for _ in range(count):
        yield "".join(random.choices(pieces, k=random.randint(1, 12)))


def test_any_mixture_is_answered_and_the_browser_agrees(
    readers: tuple[Searcher, Reader],
) -> None:
    searcher, reader = readers
    found = 0
    for query in queries(times(2_000, 50_000)):
        hits = searcher.search(query)
        assert len(hits.hits) <= hits.total, query
        # As text without signs: quotations and exclusions are for the client itself.
        # Without a term, the command line lists everything, with a score of 0.
        wanted = [hit for hit in searcher.rank(Query(query)) if hit[0]]
        assert reader.rank(query) == wanted, query
        found += bool(wanted)
    assert found > 500


def test_a_difference_would_be_seen(
    root: Path, readers: tuple[Searcher, Reader], tmp_path: Path
) -> None:
    """The control: an export that lacks one document."""
    base = loader.load(root)
    entries = [entry_of(document) for document in base.corpus.by_id.values()][1:]
    browser.export(entries, analyzer_of(base.settings), browser.tables_of(base.settings), tmp_path)
    other = Reader(tmp_path)
    assert any(other.rank(query) != readers[0].rank(query) for query in ("客户", "退货", "第1次"))
