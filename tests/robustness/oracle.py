"""Says of the pages of a site, as a browser reads them, what a harmless page would not have.

A page consists of what we wrote around it and of blocks in which an author's text stands. The first must
be the same as on a harmless page, element for element; in the second only what is listed here may be.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

BLANK = "kb-blank.html"
_AT_ONCE = 200


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line in the log for each, and one empty page."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path != f"/{BLANK}":
            return super().do_GET()
        body = b"<!doctype html><title>0</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which a folder is served meanwhile."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


_READ = """
async ([addresses, authors]) => {
  const TAGS = new Set(`a abbr b blockquote br caption cite code dd del dfn div dl dt em figcaption
    figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q s samp section small span strong
    sub sup table tbody td tfoot th thead tr u ul var wbr`.split(/\\s+/));
  const ATTRIBUTES = new Set(`align alt aria-labelledby checked class colspan data-n disabled height href
    id lang rel rowspan src start title type width`.split(/\\s+/));
  const HTML = "http://www.w3.org/1999/xhtml";
  // Asked of the prototypes: a form can hide its own properties behind fields of their names.
  const get = (type, name) => { const { get } = Object.getOwnPropertyDescriptor(type.prototype, name); return (node) => get.call(node); };
  const attributes = get(Element, "attributes"), children = get(Node, "childNodes"), sort = get(Node, "nodeType");
  const localName = get(Element, "localName"), namespace = get(Element, "namespaceURI");
  const kind = (value, page) => {
    let url;
    try { url = new URL(value, page); } catch { return "none"; }
    if (url.protocol !== "http:" && url.protocol !== "https:") return url.protocol;
    return url.origin === new URL(page).origin ? "here" : "elsewhere";
  };
  const judge = (node, page, found) => {
    if (sort(node) === Node.COMMENT_NODE) found.push("comment");
    if (sort(node) !== Node.ELEMENT_NODE) return;
    const tag = localName(node);
    if (namespace(node) !== HTML || !TAGS.has(tag)) found.push(`<${tag}>`);
    for (const { name, value } of attributes(node)) {
      if (!ATTRIBUTES.has(name)) found.push(`${tag} ${name}=`);
      if (name === "id" && value.startsWith("__")) found.push(`id=${value}`);
      if (name === "class" && /(^|\\s)(md-(?!typeset)|kbs?-(?!(block|prose|notes|inside)\\b))/.test(value)) found.push(`class=${value}`);
      if (name === "type" && value !== "checkbox") found.push(`type=${value}`);
      if (name === "href" && !["here", "elsewhere", "mailto:", "none"].includes(kind(value, page))) found.push(`href=${value}`);
      if (name === "src" && !(kind(value, page) === "here" && new URL(value, page).pathname.startsWith("/media/"))) found.push(`src=${value}`);
    }
    for (const child of children(node)) judge(child, page, found);
  };
  const outline = (node, page) => {
    if (sort(node) === Node.COMMENT_NODE) return "!";
    if (sort(node) !== Node.ELEMENT_NODE) return "";
    const given = [...attributes(node)].map(({ name, value }) =>
      ["href", "src", "action"].includes(name) ? `${name}=${kind(value, page)}` : name).sort();
    const inside = localName(node) === "script" ? node.textContent.length : [...children(node)].map((n) => outline(n, page)).join("");
    return `<${localName(node)} ${given.join(" ")}>${inside}</>`;
  };
  return Promise.all(addresses.map(async (page) => {
    const answer = await fetch(page);
    if (!answer.ok) return { found: [`status ${answer.status}`], outline: "" };
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = [];
    for (const alike of read.querySelectorAll("section[aria-labelledby=相似案例]")) alike.remove();
    for (const block of read.querySelectorAll(authors)) {
      if (block.matches("article")) for (const child of block.childNodes) judge(child, page, found);
      else judge(block, page, found);
      block.replaceChildren();
      if (!block.matches("article")) block.remove();
    }
    for (const list of read.querySelectorAll("[data-md-type=toc] ul, .md-skip")) {
      for (const node of list.querySelectorAll("*")) {
        if (!["li", "a", "span", "nav", "ul"].includes(node.localName)) found.push(`toc <${node.localName}>`);
      }
      for (const node of list.querySelectorAll("a")) {
        if (kind(node.getAttribute("href"), page) !== "here") found.push("toc href");
      }
      list.remove();
    }
    return { found, outline: outline(read.documentElement, page) };
  }));
}
"""

DOCUMENT = ".kb-doc > .kb-prose, .kb-doc > .kb-notes"
"""Where an author's text stands on the page of a document."""

HAND_WRITTEN = "article"
"""Where it stands on a hand-written page."""


NOBODY = "kb-nobody"
"""For pages on which all is ours."""


def read_pages(
    page: Page, addresses: Sequence[str], authors: str = DOCUMENT
) -> Mapping[str, tuple[list[str], str]]:
    """For each address: what an author's text must not hold, and the outline of what is around it.

    `page` is at the site's empty page. Which cases are alike follows from their words, so that list is left
    out. The parser is the browser's own; no script runs.
    """
    found: dict[str, tuple[list[str], str]] = {}
    for start in range(0, len(addresses), _AT_ONCE):
        part = addresses[start : start + _AT_ONCE]
        for address, result in zip(part, page.evaluate(_READ, [part, authors]), strict=True):
            found[address] = (result["found"], result["outline"])
    return found


_WATCH = """
(() => {
  const say = (what) => console.debug("kb-saw " + what);
  for (const name of ["alert", "confirm", "prompt"]) window[name] = () => say("ran " + name);
  window.open = () => { say("opened a window"); return null; };
  document.addEventListener("securitypolicyviolation", (event) => say("violation " + event.violatedDirective));
})();
"""

_PROVOKE = """
() => {
  const events = ["click", "mouseover", "focus", "error", "load", "toggle", "animationstart", "pointerenter", "keydown"];
  // A link that leads to another page would only take us away; any other runs what it says.
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    if (link && /^(https?|mailto):/.test(link.protocol || "https:")) event.preventDefault();
  }, true);
  document.addEventListener("submit", (event) => event.preventDefault(), true);
  for (const node of document.querySelectorAll("article *")) {
    for (const name of events) node.dispatchEvent(new Event(name, { bubbles: false, cancelable: true }));
    if (node.matches("a, button")) node.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  }
  const footer = document.querySelector("footer.kb-footer");
  return footer !== null && footer.parentElement.matches(".md-container") && footer.offsetHeight > 0;
}
"""


class Watch:
    """Opens pages in a browser and tells what they did that no page of ours does."""

    def __init__(self, browser: Browser, site: str) -> None:
        self._site = site
        self._seen: list[str] = []
        self._context = browser.new_context()
        self._context.add_init_script(_WATCH)
        self._context.route("**/*", self._answer)
        self.page = self._context.new_page()
        self.page.on("console", self._hear)
        self.page.on("dialog", lambda dialog: (self._seen.append("dialog"), dialog.dismiss()))

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()

    def open(self, address: str) -> list[str]:
        """What was seen on this page: when it was loaded, and when everything on it was touched."""
        self._seen.clear()
        self.page.goto(self._site + address, wait_until="load")
        if not self.page.evaluate(_PROVOKE):
            self._seen.append("structure lost")
        self.page.evaluate("new Promise((done) => setTimeout(done, 5))")
        if self.page.url.partition("#")[0] != self._site + address:
            self._seen.append(f"went to {self.page.url}")
        return list(self._seen)

    def _answer(self, route: Any) -> None:
        url: str = route.request.url
        if url.startswith((self._site, "data:", "blob:")):
            route.continue_()
        else:
            self._seen.append(f"asked {url}")
            route.abort()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.text.startswith("kb-saw "):
            self._seen.append(message.text.removeprefix("kb-saw "))
