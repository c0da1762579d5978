"""Asking an engine in Chromium, and what it fetches and takes for it."""

from __future__ import annotations

import gzip
import math
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page

# What web hosts commonly compress on the way; what else the engines fetch is compressed already.
_PACKED = {".css", ".html", ".js", ".json"}
# Seconds for the fresh profiles, or for asking again, of one engine and kind of query.
_PATIENCE = 15
_FEWEST_FRESH = 3
# What else the machine does in between slows a query once, hardly thrice.
_AGAIN = 3
_READY = "async () => { await peer.ready; return performance.now(); }"
_SEARCH = """async (text) => { const start = performance.now(); const ids = await peer.search(text);
    return [ids, performance.now() - start]; }"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds in the page, files, bytes as a web host sends them, and bytes as they are on its disk."""

    ms: float
    files: int
    sent: int
    plain: int


@dataclass(slots=True)
class Measured:
    """Set-up and first query of fresh profiles; then every query in one tab, its answer, and the quickest of
    up to three more times, when nothing is left to fetch.
    """

    set_up: list[Cost] = field(default_factory=list)
    first: list[Cost] = field(default_factory=list)
    later: list[Cost] = field(default_factory=list)
    again: list[Cost] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)


class Site:
    """A folder on a plain web server that notes what it sends."""

    def __init__(self, folder: Path, address: str, sent: list[str]) -> None:
        self.address = address
        self._folder = folder
        self._sent = sent
        self._sizes = cache(self._measure)

    def mark(self) -> int:
        """How many files were sent so far."""
        return len(self._sent)

    def cost(self, ms: float, start: int, end: int) -> Cost:
        """Of what was sent between two marks; to be called between measurements, for it compresses."""
        sizes = [self._sizes(path) for path in self._sent[start:end]]
        return Cost(
            ms, len(sizes), sum(packed for packed, _ in sizes), sum(plain for _, plain in sizes)
        )

    def _measure(self, path: str) -> tuple[int, int]:
        file = self._folder / (path.strip("/") or "index.html")
        content = file.read_bytes()
        packed = len(gzip.compress(content, 6)) if file.suffix in _PACKED else len(content)
        return packed, len(content)


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """Serve a folder. Browsers may keep what they got for an hour, as web hosts have it."""
    sent: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Header and content go in two pieces; the second must not wait for word about the first.
        disable_nagle_algorithm = True

        def log_request(self, code: object = "-", *_: object) -> None:
            if code == 200:
                sent.append(unquote(urlsplit(self.path).path))

        def end_headers(self) -> None:
            self.send_header("Cache-Control", "max-age=3600")
            super().end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Site(folder, f"http://127.0.0.1:{server.server_port}/", sent)
    finally:
        server.shutdown()
        server.server_close()


def measure(browser: Browser, site: Site, queries: Mapping[str, str], fresh: int) -> Measured:
    """Ask the first `fresh` queries in a fresh profile each, then all of them in one tab, and again there.

    A slow engine gets fewer fresh profiles and is asked again once only, so that the benchmark comes to an end.
    The tab's very first query is a cold one and not counted among the later ones.
    """
    measured = Measured()
    started = time.monotonic()
    for text in list(queries.values())[:fresh]:
        if len(measured.first) >= _FEWEST_FRESH and time.monotonic() - started > _PATIENCE:
            break
        context = browser.new_context()
        page = context.new_page()
        measured.set_up.append(_open(page, site))
        measured.first.append(_ask(page, site, text)[1])
        context.close()
    context = browser.new_context()
    page = context.new_page()
    _open(page, site)
    for id_, text in queries.items():
        answer, cost = _ask(page, site, text)
        measured.answers[id_] = answer
        measured.later.append(cost)
    del measured.later[0]
    started = time.monotonic()
    for _ in range(_AGAIN):
        measured.again = _quicker(
            measured.again, [_ask(page, site, text)[1] for text in queries.values()]
        )
        if time.monotonic() - started > _PATIENCE:
            break
    context.close()
    return measured


def _quicker(one: Sequence[Cost], other: Sequence[Cost]) -> list[Cost]:
    if not one:
        return list(other)
    return [min(pair, key=lambda cost: cost.ms) for pair in zip(one, other, strict=True)]


def answers(browser: Browser, site: Site, queries: Mapping[str, str]) -> dict[str, list[str]]:
    """Only the answers."""
    page = browser.new_page()
    _open(page, site)
    found = {id_: _ask(page, site, text)[0] for id_, text in queries.items()}
    page.close()
    return found


def percentile(numbers: Sequence[float], share: float) -> float:
    """The smallest of the numbers that at least such a share of them do not exceed."""
    return sorted(numbers)[max(0, math.ceil(len(numbers) * share) - 1)]


def _open(page: Page, site: Site) -> Cost:
    start = site.mark()
    page.goto(site.address)
    ms = page.evaluate(_READY)
    return site.cost(ms, start, site.mark())


def _ask(page: Page, site: Site, text: str) -> tuple[list[str], Cost]:
    start = site.mark()
    found, ms = page.evaluate(_SEARCH, text)
    return found, site.cost(ms, start, site.mark())
