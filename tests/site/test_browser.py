"""The site in Chromium: nobody else is asked for anything, and it fits a phone."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from site_base import REPOSITORY

from kb_builder import loader, site

pytestmark = pytest.mark.browser

ADDRESSES = [
    "",
    "cases/",
    "browse/",
    "glossary/",
    "fields/",
    "rules/",
    "statistics/",
    "counterpoints/",
]


class _Quiet(SimpleHTTPRequestHandler):
    """Without a line in the log for each request."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this repository."""
    folder = tmp_path_factory.mktemp("site")
    site.build(loader.load(REPOSITORY), folder)
    return folder


@pytest.fixture(scope="module")
def server(output: Path) -> Iterator[str]:
    """Its address below a path of its own, as on a shared host."""
    handler = functools.partial(_Quiet, directory=str(output.parent))
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}/{output.name}/"
    running.shutdown()


def _addresses(output: Path) -> list[str]:
    """The main pages, and the first and last of each kind."""
    found = list(ADDRESSES)
    for folder in ("c", "p", "l", "guide"):
        names = sorted(
            path.parent.relative_to(output).as_posix()
            for path in (output / folder).rglob("index.html")
        )
        found += [f"{name}/" for name in {names[0], names[-1]}]
    return found


def _watch(page: Page, base: str) -> list[str]:
    """Collects requests to other places, errors of scripts, and failed requests."""
    faults: list[str] = []
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((base, "data:")) else faults.append(request.url)
        ),
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda message: faults.append(message.text) if message.type == "error" else None
    )
    return faults


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_asks_another_host_or_fails(
    chromium: Browser, server: str, output: Path, scheme: str
) -> None:
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    faults = _watch(page, server)
    for address in _addresses(output):
        page.goto(server + address, wait_until="networkidle")
        assert faults == [], address
    context.close()


def test_no_page_scrolls_sideways_on_a_phone(chromium: Browser, server: str, output: Path) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    for address in _addresses(output):
        page.goto(server + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    context.close()


def test_links_open_from_a_disk(chromium: Browser, output: Path) -> None:
    page = chromium.new_page()
    page.goto(output.joinpath("index.html").as_uri())
    page.click(".md-tabs >> text=预案")
    page.wait_for_load_state()
    assert page.url.endswith("/playbooks/index.html")
    assert page.locator("h1").inner_text() == "预案"
    page.close()


def test_everything_can_be_read_without_script(chromium: Browser, server: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server + "c/CASE-2016-0001/")
    assert page.locator(".kb-stage").count() == 6
    assert page.locator(".kb-stage").first.is_visible()
    assert page.locator("button[data-kb-copy]").is_hidden()  # it needs the script
    context.close()


def test_the_citation_can_be_copied(chromium: Browser, server: str) -> None:
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(server + "c/CASE-2016-0001/")
    page.click("button[data-kb-copy]")
    page.wait_for_selector("text=已复制")
    assert "CASE-2016-0001" in page.evaluate("navigator.clipboard.readText()")
    context.close()


def test_only_the_checklist_is_printed_when_asked(chromium: Browser, server: str) -> None:
    page = chromium.new_page()
    page.goto(server + "p/PB-004/")
    page.evaluate("window.print = () => { window.printed = document.body.dataset.kbPrint }")
    page.click("button[data-kb-print=checklist]")
    assert page.evaluate("window.printed") == "checklist"
    page.emulate_media(media="print")
    page.evaluate("document.body.dataset.kbPrint = 'checklist'")
    assert page.locator(".kb-checklist").is_visible()
    assert page.locator(".kb-steps").is_hidden()
    assert page.locator(".md-header").is_hidden()
    page.close()
