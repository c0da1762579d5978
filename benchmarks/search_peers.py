"""How does our search in the browser do beside those that a static site has today?

    python benchmarks/search_peers.py [--documents 5000] [--queries 200] [--fresh 10] [--sets complaints …]

Our client, Pagefind, Material's search, MiniSearch and FlexSearch get the same documents and queries of
../shared/data/eval, each with the settings its own documentation advises for Chinese (benchmarks/peers),
in the same Chromium, from the same web server. Queries are whole (the question or subject line as it was
asked), and by keywords: the three words of it that the fewest documents hold (`peers.queries`).

*Set-up* runs from opening a page until the engine can answer, the engine's script included; *first query* comes
right after it in that fresh profile; *later* is every other query, each asked once in one tab, what it fetches
included; *again* is the quickest of up to three more times, when nothing is left to fetch. Bytes are those
of a web host that compresses text with gzip. Index size is all that lies on the disk, engine included. The table of
promises counts bytes uncompressed, and asks the whole sets with every query.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import evaluation
from evaluation import EvaluationSet
from peers import engines, measuring, tables
from peers.engines import Engine
from peers.queries import keyword_queries, sample
from peers.tables import Promise, Row
from playwright.sync_api import Browser, sync_playwright
from relevance import TARGETS


def compare(
    browser: Browser, data: EvaluationSet, found: list[Engine], fresh: int, folder: Path
) -> list[Promise]:
    """Print a table for each kind of query; what became of the promises."""
    texts = ["\n".join(document) for document in data.documents.values()]
    kinds = {"whole": data.queries, "keywords": keyword_queries(data.queries, texts)}
    rows: dict[str, list[Row]] = {kind: [] for kind in kinds}
    for engine in found:
        built = engines.build(engine, data.documents, folder / engine.name)
        with measuring.serve(built.folder) as site:
            for kind, queries in kinds.items():
                measured = measuring.measure(browser, site, queries, fresh)
                quality = evaluation.measure(data.judgements, measured.answers)
                name = f"{engine.name} {engine.version}"
                rows[kind].append(Row(name, quality, built.size, built.seconds, measured))
        print(f"{data.name}: {engine.name} done", file=sys.stderr, flush=True)
    promises: list[Promise] = []
    for kind, (ours, *peers) in rows.items():
        name = f"{data.name}, {kind}"
        print(f"### {name}: {len(data.documents):,} documents, {len(kinds[kind])} queries\n")
        print(tables.HEADER, *map(tables.line, (ours, *peers)), "", sep="\n", flush=True)
        promises.extend(tables.promises(name, ours, peers))
    return promises


def whole_sets(
    browser: Browser, sets: list[EvaluationSet], ours: Engine, folder: Path
) -> Mapping[str, float]:
    """nDCG@10 of our client over all documents and queries of each set."""
    ndcg = {}
    for data in sets:
        built = engines.build(ours, data.documents, folder / f"{data.name}-whole")
        with measuring.serve(built.folder) as site:
            answers = measuring.answers(browser, site, data.queries)
        ndcg[data.name] = evaluation.measure(data.judgements, answers).ndcg
    return ndcg


def main() -> None:
    """Print the tables, then the promises; leaves with 1 when one is not kept."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument(
        "--fresh", type=int, default=10, help="fresh profiles for each engine, at most"
    )
    parser.add_argument("--data", type=Path, default=evaluation.DATA)
    parser.add_argument("--sets", nargs="+", default=list(evaluation.SETS))
    parser.add_argument("--engines", nargs="+", help="beginnings of names; ours is always there")
    parser.add_argument("--no-whole-sets", action="store_true", help="leave the whole sets out")
    options = parser.parse_args()
    sets = [evaluation.load(options.data / name) for name in options.sets]
    ours, *others = engines.engines(engines.install())
    if options.engines:
        others = [e for e in others if e.name.lower().startswith(tuple(options.engines))]
        if not others:
            parser.error("no engine has such a name")
    promises: list[Promise] = []
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        system = Path("/usr/bin/chromium")
        browser = playwright.chromium.launch(
            executable_path=str(system) if system.exists() else None, args=["--no-sandbox"]
        )
        for data in sets:
            chosen = sample(data, options.documents, options.queries)
            folder = Path(temporary) / data.name
            promises += compare(browser, chosen, [ours, *others], options.fresh, folder)
        if not options.no_whole_sets:
            ndcg = whole_sets(browser, sets, ours, Path(temporary))
            promises += tables.whole(ndcg, TARGETS)
        browser.close()
    print(tables.summary(promises))
    sys.exit(0 if all(one.kept for one in promises) else 1)


if __name__ == "__main__":
    main()
