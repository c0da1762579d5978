"""What the tests in a real browser share: Chromium, a static file server, an exported index."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from kb_builder import loader, pipeline
from kb_builder.analysis.analyzer import Analyzer
from kb_builder.browser import export, tables_of
from kb_builder.entries import entry_of
from kb_builder.index import Entry

ROOT = Path(__file__).parents[2]

Serve = Callable[[Path], str]


class _Quiet(SimpleHTTPRequestHandler):
    """Without a line in the log for each request; scripts as servers send them."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh page with nothing in its cache."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Serve a folder as a plain static host does; the address ends with a slash."""
    servers = []

    def start(folder: Path) -> str:
        handler = partial(_Quiet, directory=str(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()


@pytest.fixture(scope="session")
def base_entries() -> list[Entry]:
    """The documents of this repository's own base, drafts too."""
    base = loader.load(ROOT)
    return [entry_of(document) for document in base.corpus.by_id.values() if document.readable]


@pytest.fixture(scope="session")
def base_analyzer() -> Analyzer:
    """Its analyzer."""
    return pipeline.analyzer_of(loader.load_settings(ROOT))


@pytest.fixture(scope="session")
def site_with_index(
    tmp_path_factory: pytest.TempPathFactory, base_entries: list[Entry], base_analyzer: Analyzer
) -> Path:
    """A site of one page in a sub-path, `kb/index.html`, with the index in `kb/search/`."""
    folder = tmp_path_factory.mktemp("site")
    settings = loader.load_settings(ROOT)
    export(base_entries, base_analyzer, tables_of(settings), folder / "kb" / "search")
    (folder / "kb" / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><title>kb</title>'
        '<script src="search/kb-search.js"></script>',
        encoding="utf-8",
    )
    return folder
