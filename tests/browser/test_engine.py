"""The client in Chromium: the same answers as in Python, from anywhere, and plain words when it can't."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from kb_builder.analysis.folding import fold_with_offsets
from kb_builder.browser import Reader, Tables, export, files
from kb_builder.index import Entry

pytestmark = pytest.mark.browser

Serve = Callable[[Path], str]


def call(page: Page, script: str, *values: Any) -> Any:
    """Run an asynchronous function body with `values` as `v`; a thrown error comes as a dictionary."""
    return page.evaluate(
        f"""async (v) => {{
            try {{ {script} }}
            catch (error) {{ return {{error: error.name, code: error.code, message: error.message,
                                      detail: error.detail}}; }}
        }}""",
        list(values),
    )


def search(page: Page, text: str, **options: Any) -> Any:
    return call(page, "return await kbSearch.search(v[0], v[1])", text, options)


@pytest.fixture
def opened(page: Page, serve: Serve, site_with_index: Path) -> Page:
    """The site's page over HTTP, in a sub-path."""
    page.goto(serve(site_with_index) + "kb/index.html")
    return page


def queries_of(entries: list[Entry], count: int) -> list[str]:
    """Titles, pieces of texts, two words, and pieces that begin and end anywhere."""
    rng = random.Random(16)
    found = []
    while len(found) < count:
        entry = rng.choice(entries)
        text = max((text for _, _, text in entry.texts), key=len)
        start = rng.randrange(max(len(text) - 40, 1))
        piece = text[start : start + rng.randrange(2, 40)]
        found.append(rng.choice([entry.title, piece, f"{piece[:3]} {entry.title[-3:]}", piece[:4]]))
    return found


def test_the_same_hits_in_the_same_order_as_in_python(
    opened: Page, site_with_index: Path, base_entries: list[Entry]
) -> None:
    reader = Reader(site_with_index / "kb" / "search")
    queries = queries_of(base_entries, 500)
    found = call(
        opened,
        "const all = []; for (const q of v[0]) all.push(await kbSearch.rank(q)); return all",
        queries,
    )
    assert len(found) == 500
    for query, hits in zip(queries, found, strict=True):
        assert [tuple(hit) for hit in hits] == reader.rank(query), query


def test_from_the_disk(page: Page, site_with_index: Path) -> None:
    page.goto((site_with_index / "kb" / "index.html").as_uri())
    results = search(page, "座椅套 没货")
    assert results["hits"], results
    assert "座椅套" in results["hits"][0]["title"]


def test_only_entry_and_manifest_are_fetched_before_the_first_search(opened: Page) -> None:
    assert call(opened, "await kbSearch.ready; return await kbSearch.traffic()")["requests"] == 2


def test_nothing_is_fetched_from_elsewhere(page: Page, serve: Serve, site_with_index: Path) -> None:
    address = serve(site_with_index)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + "kb/index.html")
    search(page, "投诉处理 24小时")
    assert all(url.startswith((address, "blob:")) for url in asked)


def test_it_runs_in_a_worker(opened: Page) -> None:
    search(opened, "投诉")
    assert len(opened.workers) == 1


def test_it_runs_without_workers(page: Page, serve: Serve, site_with_index: Path) -> None:
    page.add_init_script("delete window.Worker")
    page.goto(serve(site_with_index) + "kb/index.html")
    assert search(page, "投诉")["total"]
    assert not page.workers


def test_it_runs_when_the_worker_does_not_start(
    page: Page, serve: Serve, site_with_index: Path
) -> None:
    page.add_init_script("window.Worker = class { constructor() { throw new Error('no'); } }")
    page.goto(serve(site_with_index) + "kb/index.html")
    assert search(page, "投诉")["total"]


def test_the_modules_run_as_they_are(page: Page, serve: Serve, site_with_index: Path) -> None:
    page.goto(serve(site_with_index) + "kb/index.html")
    results = call(
        page,
        """const { start } = await import("./search/client/main.js");
           return await start(kbSearch.base).search("投诉");""",
    )
    assert results["total"]


def test_an_answer_has_what_is_promised(opened: Page) -> None:
    results = search(opened, "座椅套 没货", limit=3)
    assert {"total", "hits", "facetCounts", "corrections", "ms"} <= set(results)
    assert len(results["hits"]) == 3
    hit = results["hits"][0]
    assert {
        "id",
        "url",
        "title",
        "kind",
        "score",
        "excerpt",
        "marks",
        "titleMarks",
        "facets",
        "date",
    } <= set(hit)
    marked = {hit["excerpt"][start:end] for start, end in hit["marks"]}
    marked |= {hit["title"][start:end] for start, end in hit["titleMarks"]}
    assert any("座椅套" in text for text in marked)
    scores = [hit["score"] for hit in results["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_pages_follow_each_other(opened: Page) -> None:
    whole = [hit["id"] for hit in search(opened, "投诉 处理", limit=20)["hits"]]
    parts = [
        hit["id"]
        for start in (0, 7, 14)
        for hit in search(opened, "投诉 处理", limit=7, offset=start)["hits"]
    ]
    assert parts[:20] == whole


def texts_of(entry: Entry) -> list[str]:
    return [fold_with_offsets(text).text for _, _, text in entry.texts]


def test_quotes_are_verified(opened: Page, base_entries: list[Entry]) -> None:
    expected = {e.id for e in base_entries if any("投诉处理" in text for text in texts_of(e))}
    results = search(opened, '"投诉处理"', limit=1000)
    assert {hit["id"] for hit in results["hits"]} == expected
    assert results["total"] == len(expected)
    assert results["exact"]


def test_a_quote_that_nothing_holds_is_taken_as_words(opened: Page) -> None:
    results = search(opened, '"客户投诉处理的退货" 座椅套')
    assert results["relaxed"]
    assert results["hits"]


def test_excluded_texts(opened: Page, base_entries: list[Entry]) -> None:
    for word in ("退货", "投诉处理"):
        without = {e.id for e in base_entries if not any(word in text for text in texts_of(e))}
        found = {hit["id"] for hit in search(opened, f"客户 -{word}", limit=1000)["hits"]}
        assert found
        assert found <= without


def test_facets_in_the_box_and_as_options_mean_the_same(
    opened: Page, base_entries: list[Entry]
) -> None:
    expected = {e.id for e in base_entries if "service" in e.facets.get("complaint_type", ())}
    typed = search(opened, "投诉类型:服务", limit=1000)
    chosen = search(opened, "", limit=1000, facets={"complaint_type": ["service"]})
    assert expected
    assert {hit["id"] for hit in typed["hits"]} == expected
    assert [hit["id"] for hit in typed["hits"]] == [hit["id"] for hit in chosen["hits"]]
    assert typed["filters"] == [{"name": "complaint_type", "value": "service"}]


def test_facet_counts_leave_their_own_filter_aside(opened: Page, base_entries: list[Entry]) -> None:
    everything = search(opened, "")
    chosen = search(opened, "", facets={"complaint_type": ["service"]}, kind="case")
    cases = [e for e in base_entries if e.kind == "case"]
    products = sum("product" in e.facets.get("complaint_type", ()) for e in cases)
    assert chosen["facetCounts"]["complaint_type"]["product"] == products > 0
    assert everything["facetCounts"]["kind"]["case"] == len(cases)
    assert everything["total"] == len(base_entries)


def test_years_and_the_order_of_dates(opened: Page, base_entries: list[Entry]) -> None:
    year = next(entry.date[:4] for entry in base_entries if entry.date)
    expected = {entry.id for entry in base_entries if entry.date.startswith(year)}
    assert {hit["id"] for hit in search(opened, f"年份:{year}", limit=1000)["hits"]} == expected
    dates = [hit["date"] for hit in search(opened, "投诉", sort="date", limit=1000)["hits"]]
    assert dates == sorted(dates, reverse=True)


def test_traditional_finds_simplified_and_marks_the_original(opened: Page) -> None:
    assert call(opened, "return await kbSearch.rank('座椅套沒貨')") == call(
        opened, "return await kbSearch.rank('座椅套没货')"
    )
    text = "客戶要求退貨，店長㎏說不行"
    spans = call(opened, "return await kbSearch.mark(v[0], v[1])", text, "客户 退货")
    assert [text[start:end] for start, end in spans] == ["客戶", "退貨"]


def test_any_piece_of_two_characters_finds_its_document(
    opened: Page, base_entries: list[Entry]
) -> None:
    rng = random.Random(3)
    for entry in rng.sample(base_entries, 40):
        text = fold_with_offsets(max((text for _, _, text in entry.texts), key=len)).text
        places = [i for i in range(len(text) - 1) if text[i : i + 2].isalnum()]
        piece = text[(at := rng.choice(places)) : at + 2]
        ids = [hit["id"] for hit in search(opened, piece, limit=1000, counts=False)["hits"]]
        assert entry.id in ids, piece


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "__proto__",
    "constructor",
    "投" * 10_000,
    "\ud83d",
    "\udc00投诉",
    '"',
    "-",
    ":",
    "：：",
    "(",
    "\\",
    "\0",
    "🀄",
    "𠮷" * 50,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_are_queries(opened: Page, text: str) -> None:
    results = call(opened, f"return await kbSearch.search({json.dumps(text)})")
    assert "total" in results, results
    assert "error" not in call(opened, f"return await kbSearch.suggest({json.dumps(text)})")


@pytest.fixture
def copied(tmp_path: Path, site_with_index: Path) -> Path:
    """A copy of the site, to be damaged."""
    return Path(shutil.copytree(site_with_index, tmp_path / "site"))


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "damaged"),
        (lambda path: path.write_bytes(b""), "damaged"),
        (lambda path: path.write_bytes(b"<html>"), "damaged"),
    ],
)
def test_a_bad_shard_is_said_and_can_be_tried_again(
    page: Page, serve: Serve, copied: Path, damage: Any, code: str
) -> None:
    kept = copied.with_name("kept")
    shutil.copytree(copied, kept)
    for path in copied.glob("kb/search/*-*/*.bin"):
        damage(path)
    page.goto(serve(copied) + "kb/index.html")
    error = search(page, "座椅套")
    assert (error["error"], error["code"]) == ("SearchError", code)
    assert error["message"]
    shutil.copytree(kept, copied, dirs_exist_ok=True)
    assert search(page, "座椅套")["total"]


def test_another_format_is_said(page: Page, serve: Serve, copied: Path) -> None:
    entry = copied / "kb" / "search" / "entry.json"
    entry.write_text(json.dumps(json.loads(entry.read_text()) | {"format": 999}))
    page.goto(serve(copied) + "kb/index.html")
    assert search(page, "座椅套")["code"] == "version"


def test_no_network_is_said(opened: Page) -> None:
    call(opened, "await kbSearch.ready")
    opened.context.set_offline(True)
    error = search(opened, "座椅套")
    assert error["code"] == "network"
    opened.context.set_offline(False)
    # Chromium tells the worker a moment later.
    for _ in range(100):
        results = search(opened, "座椅套")
        if "total" in results:
            break
        opened.wait_for_timeout(50)
    assert results.get("total"), results


def test_a_site_built_anew_while_the_page_is_open(
    page: Page, serve: Serve, copied: Path, base_entries: list[Entry], base_analyzer: Any
) -> None:
    page.goto(serve(copied) + "kb/index.html")
    assert call(page, "await kbSearch.ready") is None
    export(base_entries[:20], base_analyzer, Tables(), copied / "kb" / "search")
    assert 0 < search(page, "客户", limit=1000)["total"] <= 20


def test_postings_of_another_version_are_fetched_again_with_their_keys(
    page: Page, serve: Serve, copied: Path
) -> None:
    """The layout is the same, so are the names, and what the keys say is not true of these files."""
    page.goto(serve(copied) + "kb/index.html")
    assert call(page, "await kbSearch.ready") is None
    folder = copied / "kb" / "search"
    kept = {path: path.read_bytes() for path in folder.glob("postings-*/*.bin")}
    for path in kept:
        path.write_bytes(files.seal(path.relative_to(folder).as_posix(), b"of another version"))
    error = search(page, "客户 投诉 处理")
    assert (error["error"], error["code"]) == ("SearchError", "missing")
    for path, content in kept.items():
        path.write_bytes(content)
    assert search(page, "客户 投诉 处理")["total"]


def test_addresses_change_with_the_index_where_names_do_not(
    page: Page, serve: Serve, copied: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(serve(copied) + "kb/index.html")
    search(page, "座椅套 没货")
    entry = json.loads((copied / "kb" / "search" / "entry.json").read_text("utf-8"))
    build = entry["manifest"].removeprefix("manifest-").removesuffix(".bin")
    shards = [url for url in asked if "/terms-" in url or "/docs-" in url]
    assert shards
    assert all(url.endswith(f".bin?{build}") for url in shards)


def suggested(page: Page, prefix: str) -> list[str]:
    return [row["text"] for row in call(page, "return await kbSearch.suggest(v[0], 20)", prefix)]


@pytest.mark.parametrize("typed", ["tousu", "ts", "tous", "投", "tsu", "投su", "TouSu"])
def test_suggestions_by_characters_pinyin_and_initials(opened: Page, typed: str) -> None:
    assert "投诉" in suggested(opened, typed)


def test_suggestions_have_counts_and_keep_what_stands_before(opened: Page) -> None:
    rows = call(opened, "return await kbSearch.suggest('退货 tousu')")
    assert rows[0]["text"] == "退货 投诉"
    assert rows[0]["count"] > 5
    assert rows[0]["kind"] == "word"


def test_titles_are_suggested(opened: Page, base_entries: list[Entry]) -> None:
    entry = next(entry for entry in base_entries if "座椅套" in entry.title)
    rows = call(opened, "return await kbSearch.suggest(v[0])", entry.title[:6])
    assert {"text": entry.title, "url": entry.address, "kind": "title", "count": 1} in rows


@pytest.mark.parametrize(
    ("typed", "meant"), [("头诉", "投诉"), ("投拆", "投诉"), ("tousu", "投诉")]
)
def test_corrections(opened: Page, typed: str, meant: str) -> None:
    assert meant in suggested(opened, typed) or typed == "投拆"
    corrections = search(opened, typed)["corrections"]
    assert [entry["word"] for entry in corrections] == [typed]
    assert meant in corrections[0]["suggestions"]


def traffic(page: Page) -> dict[str, int]:
    found: dict[str, int] = call(page, "return await kbSearch.traffic()")
    return found


def test_only_the_columns_of_counted_facets_are_fetched(opened: Page) -> None:
    asked: list[str] = []
    opened.context.on("request", lambda request: asked.append(request.url))

    def columns() -> int:
        return sum("/columns-" in url for url in asked)

    assert search(opened, "投诉", counts=False)["facetCounts"] == {}
    assert columns() == 0
    one = search(opened, "投诉", counts=["complaint_type"])
    assert columns() == 1
    assert set(one["facetCounts"]) == {"complaint_type"}
    whole = search(opened, "投诉")
    assert columns() > 5
    assert whole["facetCounts"]["complaint_type"] == one["facetCounts"]["complaint_type"]
    assert {"kind", "year"} <= set(whole["facetCounts"])


def test_a_facet_that_no_base_has_lets_nothing_pass(opened: Page) -> None:
    for name in ("toString", "constructor", "nonsense"):
        results = search(opened, "投诉", facets={name: ["x"]}, counts=["kind"])
        assert results["total"] == 0, results


def test_what_is_fetched_ahead_is_little(opened: Page) -> None:
    call(opened, "await kbSearch.prepare()")
    before = traffic(opened)
    assert before["requests"] == 3
    assert before["bytes"] <= 50_000
    call(opened, "await kbSearch.prepare()")
    assert traffic(opened) == before


def test_nothing_is_fetched_ahead_where_data_are_saved(
    page: Page, serve: Serve, site_with_index: Path
) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
    )
    page.goto(serve(site_with_index) + "kb/index.html")
    call(page, "await kbSearch.prepare()")
    assert traffic(page)["requests"] == 0


def test_a_text_of_which_only_the_first_part_is_read_says_so(opened: Page) -> None:
    assert not search(opened, "投诉" * 500)["shortened"]
    assert search(opened, "投诉" * 500 + "退")["shortened"]


@pytest.fixture
def doubtful(tmp_path: Path, page: Page, serve: Serve, base_analyzer: Any) -> Page:
    """A page over 200 documents that hold the bigrams of 甲乙丙, every second one of them together."""
    entries = []
    for number in range(200):
        text = "甲乙丙丁" if number % 2 else "丁甲乙，乙丙。"
        id_ = f"CASE-2000-{number:04}"
        fields = (("title", 3, f"第{number}件"), ("body", 1, text))
        entries.append(Entry(id_, "case", f"第{number}件", f"c/{id_}/", fields, {}))
    export(entries, base_analyzer, Tables(), tmp_path / "search")
    (tmp_path / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><script src="search/kb-search.js"></script>'
    )
    page.goto(serve(tmp_path))
    return page


def test_more_candidates_than_can_be_read_at_once_are_verified_on_demand(doubtful: Page) -> None:
    quick = search(doubtful, '"甲乙丙"')
    assert not quick["exact"]
    assert quick["total"] == 200
    assert all("甲乙丙" in hit["excerpt"] for hit in quick["hits"])
    thorough = search(doubtful, '"甲乙丙"', exact=True)
    assert thorough["exact"]
    assert thorough["total"] == 100
    assert thorough["facetCounts"]["kind"] == {"case": 100}
    assert [hit["id"] for hit in thorough["hits"]] == [hit["id"] for hit in quick["hits"]]


def test_what_is_forgotten_is_fetched_again(
    page: Page, serve: Serve, site_with_index: Path, base_entries: list[Entry]
) -> None:
    page.goto(serve(site_with_index) + "kb/index.html")
    ranked = """const { Engine } = await import("./search/client/engine.js");
                const { Shards } = await import("./search/client/shards.js");
                const shards = new Shards(kbSearch.base);
                const engine = await Engine.open(shards);
                const all = [];
                for (const q of v[0]) {
                  all.push(await engine.rank(q));
                  if (v[1]) for (const cache of ["keys", "lists", "files", "blocks"]) {
                    engine.lookup[cache].trim(0);
                    if (engine.lookup[cache].size) throw new Error(cache);
                  }
                }
                return {all, requests: shards.requests};"""
    queries = queries_of(base_entries, 10) * 2
    kept, forgotten = call(page, ranked, queries, False), call(page, ranked, queries, True)
    assert kept["all"] == forgotten["all"]
    assert kept["requests"] < forgotten["requests"]


def test_what_was_used_last_is_kept(opened: Page) -> None:
    kept = call(
        opened,
        """const { Cache } = await import("./search/client/cache.js");
           const cache = new Cache((value) => value);
           cache.put("a", 40); cache.put("b", 40); cache.put("c", 40);
           cache.get("a"); cache.put("b", 50);
           cache.trim(100);
           return [cache.get("a"), cache.get("b"), cache.get("c") === undefined, cache.size];""",
    )
    assert kept == [40, 50, True, 90]
