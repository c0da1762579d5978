"""Does the browser rank as `kb search` does, and what does a query cost there?

    python benchmarks/search_parity.py [--queries 500] [--documents N] [--sets complaints …]

For each evaluation set, both indexes are made of the same documents (all, or N of them); `Searcher` and
the client in Chromium answer the same queries, and their first ten are compared: the same documents with the same
scores in the same order. Bytes are those of a plain static server without compression, *cold* for a fresh tab with
an empty cache, the client's script included; milliseconds are measured in the page. Leaves with 1 when any answer differs.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import evaluation
from playwright.sync_api import Browser, sync_playwright

from kb_builder.analysis.analyzer import Analyzer
from kb_builder.analysis.query import Query
from kb_builder.browser import Tables, export
from kb_builder.index import Entry, Searcher, update

_RANK = """async (queries) => { const all = []; for (const q of queries) all.push(await kbSearch.rank(q)); return all; }"""
_COST = """async (queries) => { await kbSearch.ready; const all = []; for (const q of queries) {
    const before = (await kbSearch.traffic()).bytes, start = performance.now(); await kbSearch.search(q);
    const ms = performance.now() - start; all.push([ms, (await kbSearch.traffic()).bytes - before]); } return all; }"""


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass


def costs(browser: Browser, address: str, script: int, queries: list[str]) -> str:
    """Cells of the table: bytes and milliseconds."""
    cold = []
    for query in queries[:30]:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        page.evaluate(_COST, [query])
        cold.append(page.evaluate("async () => (await kbSearch.traffic()).bytes") + script)
        context.close()
    page = browser.new_page()
    page.goto(address)
    later, warm = page.evaluate(_COST, queries), page.evaluate(_COST, queries)
    page.close()
    sent = [b for _, b in later]
    return (
        f"{_at(cold, 0.5) / 1e3:.0f} | {_at(sent[1:21], 0.5) / 1e3:.0f} | {_at(sent[1:], 0.5) / 1e3:.0f} "
        f"| {_at([ms for ms, _ in later], 0.5):.0f} | {_at([ms for ms, _ in warm], 0.5):.1f} "
        f"| {_at([ms for ms, _ in warm], 0.95):.1f}"
    )


def _at(numbers: list[float], share: float) -> float:
    return sorted(numbers)[min(int(len(numbers) * share), len(numbers) - 1)]


def main() -> None:
    """Print one Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--documents", type=int)
    parser.add_argument("--data", type=Path, default=evaluation.DATA)
    parser.add_argument("--sets", nargs="+", default=list(evaluation.SETS))
    options = parser.parse_args()
    different = 0
    print(
        "| set | documents | queries | different | nDCG@10 | empty | cold KB p50 | first 20 later KB p50 "
        "| all later KB p50 | ms p50 | warm ms p50 | p95 |\n|" + "---|" * 12
    )
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        system = Path("/usr/bin/chromium")
        browser = playwright.chromium.launch(
            executable_path=str(system) if system.exists() else None, args=["--no-sandbox"]
        )
        for name in options.sets:
            data = evaluation.load(options.data / name)
            rng = random.Random(3)
            chosen = sorted(
                rng.sample(sorted(data.queries), min(options.queries, len(data.queries)))
            )
            ids = sorted(data.documents)
            if options.documents and options.documents < len(ids):
                right = {id_ for query in chosen for id_ in data.judgements.get(query, {})}
                others = rng.sample(ids, len(ids))
                ids = sorted([*right, *(i for i in others if i not in right)][: options.documents])
            entries = {
                i: Entry(i, "case", t, f"c/{i}/", (("title", 1, t), ("body", 1, b)), {})
                for i in ids
                for t, b in [data.documents[i]]
            }
            site, analyzer = Path(temporary) / name, Analyzer()
            update(site / "whoosh", analyzer, dict.fromkeys(ids, ""), entries.__getitem__)
            export(entries.values(), analyzer, Tables(), site / "search")
            (site / "index.html").write_text('<script src="search/kb-search.js"></script>')
            server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{server.server_port}/"
            texts = [data.queries[query] for query in chosen]
            page = browser.new_page()
            page.goto(address)
            found = page.evaluate(_RANK, texts)
            page.close()
            searcher = Searcher.open(site / "whoosh", analyzer)
            wrong = sum(
                [tuple(hit) for hit in hits] != searcher.rank(Query(text))
                for text, hits in zip(texts, found, strict=True)
            )
            searcher.close()
            different += wrong
            answers = {q: [id_ for _, id_ in hits] for q, hits in zip(chosen, found, strict=True)}
            quality = evaluation.measure(data.judgements, answers)
            script = (site / "search" / "kb-search.js").stat().st_size
            print(
                f"| {name} | {len(ids)} | {len(texts)} | {wrong} | {quality.ndcg:.4f} | {quality.empty} "
                f"| {costs(browser, address, script, texts)} |",
                flush=True,
            )
            server.shutdown()
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
