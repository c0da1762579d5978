"""The gate in a real browser against the gate in Python: the shared vectors, and random texts."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import labelled_lines
import pytest
from playwright.sync_api import Browser, Page

import kb_builder
from kb_builder.model.settings import Settings
from kb_builder.privacy import Gate, redact
from kb_builder.privacy.portable import portable
from kb_builder.rules.personal import roles_of

pytestmark = pytest.mark.browser

CLIENT = Path(kb_builder.__file__).parent / "browser" / "client" / "privacy"
VECTORS = Path(__file__).parents[1] / "vectors" / "privacy.json"

# JavaScript counts UTF-16 units, Python characters.
RUN = """async ([data, texts]) => {
    const { Gate } = await import("./gate.js");
    const { redact } = await import("./redaction.js");
    const gate = new Gate(data);
    return texts.map((text) => {
        const at = [0];
        for (const char of text) at.push(at.at(-1) + char.length);
        const found = gate.find(text).map((d) => [at.indexOf(d.start), at.indexOf(d.end), d.category, d.value]);
        return { given: text, found, redacted: redact(text, gate) };
    });
}"""


class _Quiet(SimpleHTTPRequestHandler):
    """Without a line in the log for each request; an empty page beside the modules."""

    def do_GET(self) -> None:
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    handler = partial(_Quiet, directory=str(CLIENT))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = chromium.new_context()
    opened = context.new_page()
    opened.goto(f"http://127.0.0.1:{server.server_port}/")
    yield opened
    context.close()
    server.shutdown()


@pytest.fixture(scope="module")
def data(settings: Settings) -> Any:
    return portable(settings.privacy, roles_of(settings))


def test_the_browser_makes_the_same_of_the_vectors(page: Page, data: Any) -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    made = page.evaluate(RUN, [data, [vector["given"] for vector in vectors]])
    for vector, result in zip(vectors, made, strict=True):
        assert result == vector, vector["given"]


def test_the_browser_makes_the_same_of_random_texts(page: Page, data: Any, gate: Gate) -> None:
    rng = random.Random(2016)
    lines = [line.text for line in labelled_lines.lines(("tune", "held", "bare", "third"))]
    joints = [
        "",
        "，",
        "\n",
        " ",
        "**",
        "客户",
        "、",
        "-",
        "1",
        "张",
        "&#48;",
        "\u200b",
        "路",
        "号",
        "ｖｘ",
    ]
    texts = lines + [
        rng.choice(joints).join(
            line[rng.randrange(len(line)) :] if rng.random() < 0.3 else line
            for line in rng.choices(lines, k=4)
        )
        for _ in range(1500)
    ]
    for text, result in zip(texts, page.evaluate(RUN, [data, texts]), strict=True):
        found = [[d.start, d.end, d.category.value, d.value] for d in gate.find(text)]
        assert result == {"given": text, "found": found, "redacted": redact(text, gate)}
