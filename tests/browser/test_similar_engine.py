"""`kbSearch.similar` in Chromium: the documents, scores and reasons that Python finds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from kb_builder import loader, ranking
from kb_builder.analysis.analyzer import Analyzer
from kb_builder.analysis.cutting import synonym_table
from kb_builder.browser import Reader, Tables, export
from kb_builder.index import Entry
from kb_builder.insight import similarity

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data" / "complaints_resolved.xlsx"
Serve = Callable[[Path], str]

_ALL = """async (texts) => { const all = []; for (const t of texts) {
    const {total, hits} = await kbSearch.similar(t, {limit: 20});
    all.push([total, hits.map((h) => [h.id, h.score, h.because])]); } return all; }"""


@pytest.fixture
def opened(page: Page, serve: Serve, site_with_index: Path) -> Page:
    page.goto(serve(site_with_index) + "kb/index.html")
    return page


def expected(reader: Reader, text: str, synonyms: Any) -> list[Any]:
    """What the entrance should answer, by Python."""
    found = similarity.find(text, reader, synonyms)
    best = sorted(found.scores.items(), key=lambda pair: (-pair[1], pair[0]))[:20]
    hits = []
    for number, score in best:
        shown = reader.document(number)
        texts = [shown.title, *(body for _, body in shown.texts)]
        words = similarity.because(found, text, number, reader, texts)
        hits.append([shown.id, score, list(words)])
    return [len(found.scores), hits]


def test_the_same_as_in_python_on_our_own_base(
    opened: Page, site_with_index: Path, base_entries: list[Entry]
) -> None:
    reader = Reader(site_with_index / "kb" / "search")
    synonyms = synonym_table(loader.load_settings(ROOT).synonyms)
    bodies = ["\n".join(text for _, _, text in entry.texts) for entry in base_entries]
    texts = [body[:900] for body in bodies] + ["".join(bodies)[:6_000], "", "没", "𠮷 a1\ud7ff"]
    found = opened.evaluate(_ALL, texts)
    for text, result in zip(texts, found, strict=True):
        assert result == expected(reader, text[: similarity.MAX_TEXT], synonyms), text[:60]


def test_the_same_as_in_python_on_complaints(page: Page, serve: Serve, tmp_path: Path) -> None:
    if not SHARED.is_file():
        pytest.skip(f"no {SHARED.name} in ../shared/data")
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from precedents import load

    complaints, answers = load(SHARED)
    ids = sorted(answers)[:600]
    entries = [
        Entry(id_, "case", id_, f"c/{id_}/", (("body", 1, answers[id_]),), {}) for id_ in ids
    ]
    export(entries, Analyzer(), Tables(), tmp_path / "search")
    (tmp_path / "index.html").write_text('<script src="search/kb-search.js"></script>')
    page.goto(serve(tmp_path))
    texts = [complaints[id_] for id_ in ids[::6]]
    reader = Reader(tmp_path / "search")
    for text, result in zip(texts, page.evaluate(_ALL, texts), strict=True):
        assert result == expected(reader, text, {}), text[:60]


TEXT = "我两周前付清了座椅套的款，今天到店里才知道座椅套根本没有订货，店员不理人。"


def test_marks_are_the_reasons_in_both_texts(opened: Page) -> None:
    results = opened.evaluate("(t) => kbSearch.similar(t, {limit: 3})", TEXT)
    first = results["hits"][0]
    assert "座椅套" in first["because"]
    given = [TEXT[start:end] for start, end in first["textMarks"]]
    assert sum("座椅套" in each for each in given) == 2
    shown = [first["excerpt"][start:end] for start, end in first["marks"]]
    assert any("座椅套" in each for each in shown)
    assert not results["shortened"]


def test_filters_narrow_and_keep_the_order(opened: Page) -> None:
    ask = "([t, o]) => kbSearch.similar(t, o)"
    everything = opened.evaluate(ask, [TEXT, {"limit": 1000}])["hits"]
    cases = opened.evaluate(ask, [TEXT, {"limit": 1000, "kind": "case"}])["hits"]
    service = opened.evaluate(
        ask, [TEXT, {"limit": 1000, "facets": {"complaint_type": ["service"]}}]
    )
    assert [hit["id"] for hit in cases] == [h["id"] for h in everything if h["kind"] == "case"]
    wanted = [h["id"] for h in everything if "service" in h["facets"].get("complaint_type", [])]
    assert [hit["id"] for hit in service["hits"]] == wanted
    assert service["total"] == len(wanted) > 0


def test_from_the_disk_and_nothing_of_the_text_is_sent(page: Page, site_with_index: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site_with_index / "kb" / "index.html").as_uri())
    hits = page.evaluate("(t) => kbSearch.similar(t)", TEXT + "zzqxj")["hits"]
    assert "座椅套" in hits[0]["title"]
    assert not any("zzqxj" in url or "%E5" in url for url in asked)


def test_a_long_text_fetches_no_more_than_its_share_of_pairs(
    opened: Page, base_entries: list[Entry]
) -> None:
    text = "".join(text for entry in base_entries for _, _, text in entry.texts)
    asked: list[str] = []
    opened.evaluate("kbSearch.ready")
    opened.context.on("request", lambda request: asked.append(request.url))
    results = opened.evaluate("(t) => kbSearch.similar(t, {limit: 1})", text)
    assert results["shortened"]
    # Each pair is in one shard; the synonyms of its words need some more.
    assert sum("/terms-" in url for url in asked) <= ranking.MAX_SIMILAR_PAIRS + 100
