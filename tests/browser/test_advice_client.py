"""Advice in the browser: on the vectors that Python made, and on this repository's base, over HTTP and
from a disk, equal to what the command line says."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from kb_builder import loader, precedents
from kb_builder.analysis.analyzer import Analyzer
from kb_builder.browser import export, tables_of
from kb_builder.entries import entry_of
from kb_builder.index import Filters, Searcher, update
from kb_builder.insight import advice
from kb_builder.insight.guidance import facts_of
from kb_builder.insight.judging import Lexicon
from kb_builder.insight.material import listed, shown

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors" / "advice.json"
NOW = "2026-12-31T15:20"

TEXTS = (
    "修了三次还是老毛病，你们推来推去，我要退錢，也要个说法！",
    "孩子吃了你们的蛋糕上吐下泻，送急诊了，记者已经来了。😂",
    "我就想见你们总经理，当面说给他听。",
    "你好",
)
CORRECTIONS: tuple[dict[str, list[str]], ...] = (
    {},
    {"crisis_signals": [], "severity": ["minor"], "complaint_subtype": ["delay"]},
)


def in_units(text: str, made: Any) -> Any:
    """The advice with its places in UTF-16 units, as JavaScript counts."""
    for judged in made["judgement"]:
        for suggestion in judged["suggestions"]:
            suggestion["spans"] = [
                [len(text[:n].encode("utf-16-le")) // 2 for n in span]
                for span in suggestion["spans"]
            ]
    return made


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, base_analyzer: Analyzer) -> Path:
    base = loader.load(ROOT)
    known = listed(shown(base.corpus, drafts=False))
    entries = [entry_of(document) for document in known.documents]
    folder = tmp_path_factory.mktemp("advice")
    data = precedents.advice_of(base, known)
    tables = tables_of(base.settings)
    report = export(entries, base_analyzer, tables, folder / "search", advice=data)
    # Two shards: what is known of the base, and what customers say.
    assert report.parts["advice"][1] <= 90_000
    (folder / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><script src="search/kb-search.js"></script>',
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def on_the_command_line(
    tmp_path_factory: pytest.TempPathFactory, base_analyzer: Analyzer
) -> Callable[[str, dict[str, list[str]]], Any]:
    base = loader.load(ROOT)
    known = listed(shown(base.corpus, drafts=False))
    folder = tmp_path_factory.mktemp("whoosh")
    documents = {document.id: document for document in known.documents}
    digests = {id_: document.digest for id_, document in documents.items()}
    update(folder, base_analyzer, digests, lambda id_: entry_of(documents[id_]))
    searcher = Searcher.open(folder, base_analyzer, base.settings.synonyms)
    guidance = precedents.guidance(base, known)
    lexicon = Lexicon(guidance.cues)

    def make(text: str, corrections: dict[str, list[str]]) -> Any:
        wanted = advice.sought(text, lexicon)
        hits = searcher.similar(wanted, Filters(kind="case"), 10, said=text).hits
        pages = searcher.similar(wanted, Filters(kind="playbook"), advice.PLAYBOOKS).hits
        found = [
            advice.FoundCase(
                facts_of(known.by_id[each.hit.id], known), each.hit.score, each.because
            )
            for each in hits
        ]
        made = advice.advise(
            text,
            found,
            guidance,
            lexicon,
            now=NOW,
            alike={each.hit.id: each.hit.score for each in pages},
            masked=text,
            corrections=corrections,
        )
        return in_units(text, json.loads(json.dumps(dataclasses.asdict(made))))

    return make


def test_vectors(page: Page, serve: Callable[[Path], str], site: Path) -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    page.goto(serve(site) + "index.html")
    made = page.evaluate(
        """async (v) => {
            const { Folder } = await import("./search/client/folding.js");
            const { Adviser } = await import("./search/client/advice/advice.js");
            const adviser = new Adviser(v.guidance, new Folder(new Map(Object.entries(v.guidance.traditional))));
            const advice = v.advice.map(({ text, alike, corrections }) =>
                adviser.advise(text, v.found, alike, { corrections, now: v.now, masked: text }));
            return { advice, sought: v.sought.map(({ text }) => adviser.sought(text)) };
        }""",
        vectors,
    )
    for vector, result in zip(vectors["advice"], made["advice"], strict=True):
        assert result == in_units(vector["text"], vector["made"]), vector["text"]
    assert made["sought"] == [vector["made"] for vector in vectors["sought"]]


@pytest.mark.parametrize("disk", [False, True], ids=["http", "file"])
def test_the_browser_says_what_the_command_line_says(
    page: Page,
    serve: Callable[[Path], str],
    site: Path,
    on_the_command_line: Callable[[str, dict[str, list[str]]], Any],
    disk: bool,
) -> None:
    page.goto((site / "index.html").as_uri() if disk else serve(site) + "index.html")
    for text in TEXTS:
        for corrections in CORRECTIONS:
            made = page.evaluate(
                "([text, corrections, now]) => kbSearch.advise(text, {corrections, now, masked: text})",
                [text, corrections, NOW],
            )
            assert made == on_the_command_line(text, corrections)


def test_the_text_goes_nowhere(page: Page, serve: Callable[[Path], str], site: Path) -> None:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(f"{request.url} {request.post_data}"))
    page.goto(serve(site) + "index.html")
    page.evaluate(
        "([text, now]) => kbSearch.advise(text, {now})", ["洗衣机修了三次SECRET4711", NOW]
    )
    assert asked
    assert not [each for each in asked if re.search("SECRET4711|secret4711|%E6%B4%97", each)]
    stored = page.evaluate("[localStorage.length, sessionStorage.length, location.href]")
    assert stored[:2] == [0, 0]
    assert "4711" not in stored[2]


def test_an_index_without_advice_says_so(
    page: Page, serve: Callable[[Path], str], site_with_index: Path
) -> None:
    page.goto(serve(site_with_index) + "kb/index.html")
    code = page.evaluate("kbSearch.advise('你好', {now: '2026-11-22T15:20'}).catch((e) => e.code)")
    assert code == "missing"
