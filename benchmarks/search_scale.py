"""How does the browser index grow? Size, build time and memory; bytes and milliseconds per query.

    python benchmarks/search_scale.py [--documents 1000 10000 100000] [--queries 100] [--keep FOLDER]

Documents are the first lines of ../shared/data/scale-100k.jsonl.gz. Each size is exported in a process of
its own; then Chromium asks 20-character and two-word queries, taken from the texts themselves, over a
plain static server without compression. *cold* is a fresh tab without anything in its cache, all
requests counted, the client's script too; *later* are queries one after another in one tab, each asked for
the first time; *warm* repeats them. *tab* is what the tab's process holds ten seconds after all
of it, in brackets what an empty tab holds.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "scale-100k.jsonl.gz"
_WORDS = re.compile(r"[一-鿿]{2,}")


def texts(count: int) -> Iterator[dict[str, str]]:
    """The first documents of the scale corpus."""
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        for line in islice(file, count):
            yield json.loads(line)


def build(count: int, folder: Path) -> None:
    """Export, and print what it took as JSON; runs in a process of its own."""
    from kb_builder.analysis.analyzer import Analyzer
    from kb_builder.browser import Tables, export
    from kb_builder.index import Entry

    started = time.process_time()
    entries = []
    for number, row in enumerate(texts(count)):
        title, text = row.get("title") or row["text"][:20], row["text"]
        id_ = f"CASE-0000-{number:06}"
        fields = (("title", 4, title), ("body", 1, text))
        entries.append(Entry(id_, "case", title, f"c/{id_}/", fields, {}))
    report = export(entries, Analyzer(), Tables(), folder)
    shards = sum(count for count, _ in report.parts.values())
    print(
        json.dumps(
            {
                "cpu": time.process_time() - started,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "size": report.size,
                "shards": shards,
                "manifest": report.parts["manifest"][1],
            }
        )
    )


def queries(count: int, number: int) -> dict[str, list[str]]:
    """Queries of 20 characters and of two words, from the texts."""
    rng = random.Random(20)
    chosen = rng.sample(list(texts(count)), number)
    long = [
        text[(at := rng.randrange(max(len(text) - 20, 1))) : at + 20]
        for text in (r["text"] for r in chosen)
    ]
    words = []
    for row in chosen:
        found = _WORDS.findall(row["text"]) or ["投诉"]
        words.append(" ".join(rng.choice(found)[:2] for _ in range(2)))
    return {"20 characters": long, "two words": words}


def _made(site: Path, command: list[str]) -> dict[str, float]:
    """Export, unless the folder that was kept holds an export and what it took."""
    kept = site / "made.json"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    found: dict[str, float] = json.loads(kept.read_text())
    return found


class _Counting(SimpleHTTPRequestHandler):
    sent = 0
    protocol_version = "HTTP/1.1"
    # Head and body go out in two writes: the second would wait 40 ms for the first to be acknowledged.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        pass

    def copyfile(self, source: object, outputfile: object) -> None:
        body = source.read()  # type: ignore[attr-defined]
        type(self).sent += len(body)
        outputfile.write(body)  # type: ignore[attr-defined]


_ASK = """async (queries) => { await kbSearch.ready; const out = []; for (const q of queries) {
    const before = (await kbSearch.traffic()).bytes; const start = performance.now();
    await kbSearch.search(q);
    out.push([performance.now() - start, (await kbSearch.traffic()).bytes - before]); } return out; }"""


def ask(browser: Browser, address: str, given: list[str]) -> dict[str, float]:
    """Median and 95th percentile of milliseconds and bytes."""
    cold = []
    for query in given[:20]:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        _Counting.sent = 0
        page.evaluate(
            "() => new Promise((done) => { const s = document.createElement('script'); s.src = 'search/kb-search.js'; s.onload = done; document.head.append(s); })"
        )
        page.evaluate(_ASK, [query])
        cold.append(_Counting.sent)
        context.close()
    page = browser.new_page()
    page.goto(address)
    empty = tab_memory()
    page.add_script_tag(url=address + "search/kb-search.js")
    later = page.evaluate(_ASK, given)
    warm = page.evaluate(_ASK, given)
    # What is no longer needed is given back when nothing has happened for a while.
    page.wait_for_timeout(10_000)
    memory = tab_memory()
    page.close()
    return {
        "cold": at(cold, 0.5),
        "later": at([b for _, b in later], 0.5),
        "later95": at([b for _, b in later], 0.95),
        "ms": at([ms for ms, _ in later], 0.5),
        "ms95": at([ms for ms, _ in later], 0.95),
        "warm": at([ms for ms, _ in warm], 0.5),
        "warm95": at([ms for ms, _ in warm], 0.95),
        "memory": memory,
        "empty": empty,
    }


def tab_memory() -> int:
    """Resident bytes of our browser's largest renderer, which is the tab with its worker."""
    renderers = [
        process.memory_info().rss
        for process in psutil.Process().children(recursive=True)
        if "--type=renderer" in process.cmdline()
    ]
    return max(renderers, default=0)


def at(numbers: list[float], share: float) -> float:
    """A percentile."""
    return sorted(numbers)[min(int(len(numbers) * share), len(numbers) - 1)]


def main() -> None:
    """Print two Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--keep", type=Path, help="keep the exports here, and use those that are")
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not DATA.is_file():
        sys.exit(f"skipped: no {DATA}")
    if options.build:
        build(options.documents[0], options.build)
        return
    print(
        "| documents | export CPU s | memory MB | shards | MB | manifest KB | query | cold KB | later KB p50 | p95 | later ms p50 | p95 | warm ms p50 | p95 | tab MB |"
    )
    print("|" + "---|" * 15)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for count in options.documents:
            site = (options.keep or Path(temporary)) / str(count)
            command = [
                sys.executable,
                __file__,
                "--documents",
                str(count),
                "--build",
                str(site / "search"),
            ]
            made = _made(site, command)
            (site / "index.html").write_text("<!doctype html><title>scale</title>")
            server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Counting, directory=str(site)))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            for name, given in queries(count, options.queries).items():
                r = ask(browser, f"http://127.0.0.1:{server.server_port}/", given)
                print(
                    f"| {count} | {made['cpu']:.0f} | {made['memory'] / 1e6:.0f} | {made['shards']} "
                    f"| {made['size'] / 1e6:.1f} | {made['manifest'] / 1e3:.0f} | {name} "
                    f"| {r['cold'] / 1e3:.0f} | {r['later'] / 1e3:.0f} | {r['later95'] / 1e3:.0f} "
                    f"| {r['ms']:.0f} | {r['ms95']:.0f} | {r['warm']:.1f} | {r['warm95']:.1f} "
                    f"| {r['memory'] / 1e6:.0f} ({r['empty'] / 1e6:.0f}) |",
                    flush=True,
                )
            server.shutdown()


if __name__ == "__main__":
    main()
