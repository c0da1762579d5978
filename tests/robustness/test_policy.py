"""The Content-Security-Policy: on every page, strict, and never in the way of our own pages."""

from __future__ import annotations

import functools
import re
import shutil
import threading
from collections.abc import Iterator
from fnmatch import fnmatchcase
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from places import REPOSITORY
from playwright.sync_api import Browser, Page, expect

from kb_builder import loader, site
from kb_builder.site import policy

BOX = 'form[data-kbs="box"]'
COMPLAINT = "订了两个星期的蛋糕没有做，打电话没人管，换了三个人谁也做不了主，给我一个说法！"
LISTEN = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(event.violatedDirective + " " + event.blockedURI);
});
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this repository."""
    folder = tmp_path_factory.mktemp("policy")
    site.build(loader.load(REPOSITORY), folder, unpublishable=frozenset())
    return folder


@pytest.fixture(scope="module")
def server(output: Path) -> Iterator[str]:
    """Its address on a host that sends the headers of the file `_headers`."""

    class Host(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            for name, value in policy.sent_with(output):
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    handler = functools.partial(Host, directory=str(output))
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}/"
    running.shutdown()


def _pages(output: Path) -> list[str]:
    """One page of every type: of each folder that has pages below it, the first; the errors' page."""
    found: dict[str, str] = {}
    for path in sorted(output.rglob("*.html")):
        name = path.relative_to(output).as_posix()
        kind = re.sub(r"[^/]+(?=/index\.html$)", "*", name) if name.count("/") > 1 else name
        found.setdefault(kind, name)
    return sorted(found.values())


def _violations(page: Page, said: list[str]) -> list[str]:
    # A violation before the listener was there is in the console all the same.
    told = [line for line in said if "Content Security Policy" in line]
    return [*page.evaluate("window.violations"), *told]


def _watched(chromium: Browser, scheme: str = "light") -> tuple[Page, list[str]]:
    context = chromium.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    context.add_init_script(LISTEN)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_default_timeout(15_000)
    return page, said


def test_every_page_carries_the_policy_before_anything_that_loads(output: Path) -> None:
    pages = sorted(output.rglob("*.html"))
    assert len(pages) > 100
    for path in pages:
        html = path.read_text("utf-8")
        found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
        assert found, path
        assert found.start() < min(
            at for at in (html.find("<script"), html.find("<link"), len(html)) if at >= 0
        )
        assert html.find("charset") < 200
        assert found[1].startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in found[1]
        assert "http" not in found[1]
        assert all(f"'{each}'" in found[1] for each in policy.inline_hashes(html))


def test_the_headers_allow_what_every_page_allows_and_no_more(output: Path) -> None:
    sent = dict(policy.sent_with(output))
    assert sent["X-Content-Type-Options"] == "nosniff"
    header = sent["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in header
    hashes = set(re.findall(r"sha256-[\w+/=]+", header))
    in_pages = {
        each for path in output.rglob("*.html") for each in policy.inline_hashes(path.read_text())
    }
    assert hashes == in_pages


def _cache_controls(output: Path, address: str) -> list[str]:
    """What the file says of an address, as hosts read it: an asterisk stands for anything."""
    found, pattern = [], ""
    for line in (output / policy.HEADERS).read_text("utf-8").splitlines():
        if not line.startswith(" "):
            pattern = line
        elif "Cache-Control" in line and fnmatchcase(address, pattern):
            found.append(line.split(": ", 1)[1])
    return found


def test_each_file_says_once_how_long_it_may_be_kept(output: Path) -> None:
    names = [path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()]
    for name in names:
        if name == policy.HEADERS:
            continue
        hashed = re.search("[-.][0-9a-f]{8,12}(?=[./])", name)
        wanted = policy.FOR_EVER if hashed else policy.NEVER
        addresses = {f"/{name}", f"/{name.removesuffix('index.html')}"}
        assert [_cache_controls(output, each) for each in addresses] == [[wanted]] * len(addresses)
    forever = [name for name in names if policy.CONTENT_NAMED.match(name)]
    assert {name.partition("/")[0] for name in forever} == {"assets", "search-index"}
    # Cloudflare Pages reads a hundred rules.
    lines = (output / policy.HEADERS).read_text("utf-8").splitlines()
    assert sum(line.startswith("/") for line in lines) < 80


def test_the_guide_says_what_the_file_says(output: Path) -> None:
    guide = (REPOSITORY / "cases/guide/publish.md").read_text("utf-8")
    assert policy.CONTENT_NAMED.pattern in guide
    assert f"Cache-Control: {policy.FOR_EVER}" in guide
    assert f"Cache-Control: {policy.NEVER}" in guide
    for name, value in policy.sent_with(output):
        assert (name if name.startswith("Content-S") else f"{name}: {value}") in guide
    assert "Cache-Control" not in dict(policy.sent_with(output))


def test_patterns_are_apart_and_few() -> None:
    paths = [
        "index.html", "404.html", "c/A/index.html", "c/B/index.html", "assets/kb.0123abcd.css",
        "assets/images/favicon.png", "search-index/entry.json", "search-index/docs-0123456789ab/0.bin",
    ]  # fmt: skip
    assert list(policy.cache_rules(paths)) == [
        ("/404.html", policy.NEVER),
        ("/assets/images/*", policy.NEVER),
        ("/assets/kb.0123abcd.css", policy.FOR_EVER),
        ("/c/*", policy.NEVER),
        ("/index.html", policy.NEVER),
        ("/", policy.NEVER),
        ("/search-index/docs-0123456789ab/*", policy.FOR_EVER),
        ("/search-index/entry.json", policy.NEVER),
    ]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_violates_it(chromium: Browser, output: Path, server: str, scheme: str) -> None:
    page, said = _watched(chromium, scheme)
    pages = _pages(output)
    assert len(pages) > 20
    found = []
    for name in pages:
        page.goto(f"{server}{name.removesuffix('index.html')}")
        found += [(name, each) for each in _violations(page, said)]
        said.clear()
    page.context.close()
    assert found == []


@pytest.mark.browser
@pytest.mark.parametrize("from_disk", [False, True], ids=["http", "file"])
def test_what_pages_do_does_not_violate_it(
    chromium: Browser, output: Path, server: str, *, from_disk: bool
) -> None:
    page, said = _watched(chromium)
    base, end = (output.as_uri() + "/", "index.html") if from_disk else (server, "")
    page.goto(f"{base}{end}")
    page.wait_for_selector("html[data-kbs-ready]")
    # The theme's own script, which remembers the choice of colours.
    page.locator("label[title='换成深色']:visible").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.locator(f"{BOX} input").fill("座椅套")
    expect(page.locator(f"{BOX} [role=option]").first).to_be_visible()
    page.goto(f"{base}search/{end}#q=座椅套")
    expect(page.locator('[data-kbs="list"] li').first).to_be_visible()
    page.goto(f"{base}precedents/{end}")
    page.locator(".kbp-text").fill(COMPLAINT)
    expect(page.locator(".kbp-summary")).to_be_visible()
    page.goto(f"{base}reports/overview/{end}")
    assert page.locator("svg").count() > 0
    found = _violations(page, said)
    page.context.close()
    assert found == []


@pytest.mark.browser
def test_it_stops_what_cleaning_might_let_through(
    chromium: Browser, output: Path, tmp_path: Path
) -> None:
    """The control: the same page with script in it, with the policy and without."""
    html = (output / "glossary" / "index.html").read_text("utf-8")
    hostile = "<img src=x onerror='window.ran=1'><script>window.ran=1</script>"
    ran = {}
    for name, text in (
        ("with", html),
        ("without", re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)),
    ):
        folder = tmp_path / name
        shutil.copytree(output / "assets", folder / "assets")
        (folder / "glossary").mkdir()
        (folder / "glossary" / "index.html").write_text(text.replace("</h1>", f"</h1>{hostile}"))
        page, said = _watched(chromium)
        page.goto((folder / "glossary" / "index.html").as_uri())
        ran[name] = (page.evaluate("window.ran"), bool(_violations(page, said)))
        page.context.close()
    assert ran == {"with": (None, True), "without": (1, False)}
