"""How long after a save the preview of `kb serve` shows the saved page, and how long until all pages are right.

    python benchmarks/serve_latency.py [--documents 1000] [--saves 30] [--base FOLDER]

The base is made of texts of ../shared/data/scale-100k.jsonl.gz as `build_scale.py` does, or is the one named, which is
copied. Each save adds a sentence to another case. *page*: from before the write until a browser that asks for the page gets
the sentence; *all*: until the list of cases, whose entries show the new title, is right too. Prints Markdown.
"""

from __future__ import annotations

import argparse
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from build_scale import DATA, make_base
from pipeline import KB, ROOT, machine

_PATIENCE = 300.0


def wait_for(url: str, words: str) -> str:
    """The page at `url` as soon as it holds `words`."""
    end = time.perf_counter() + _PATIENCE
    while time.perf_counter() < end:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                page: str = answer.read().decode()
                if words in page:
                    return page
        except (urllib.error.URLError, ConnectionError):
            pass  # it has not started yet
        time.sleep(0.01)
    sys.exit(f"{words} never came to {url}")


def save(path: Path, number: int) -> tuple[str, str]:
    """Add a sentence to a case and change its title; what was added, and the new title."""
    lines = path.read_text(encoding="utf-8").split("\n")
    place = next(place for place, line in enumerate(lines) if line.startswith("title: "))
    title, sentence = f"改过{number}次的标题", f"第{number}次补记一句。"
    lines[place] = f"title: {title}"
    path.write_text("\n".join([*lines, sentence, ""]), encoding="utf-8")
    return sentence, title


def measure(base: Path, saves: int) -> tuple[list[float], list[float]]:
    """Seconds until the page, and until the list, is right."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*KB, "--root", str(base), "serve", "--drafts", "--port", str(port)]
    server = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    pages, lists = [], []
    try:
        site = f"http://127.0.0.1:{port}"
        listed = re.findall(r'<h3><a href="[./]*c/([^/"]+)/', wait_for(f"{site}/cases/", "<h1"))
        paths = {path.stem: path for path in (base / "cases" / "resolved").rglob("*.md")}
        for number, id_ in enumerate(listed[:saves], 1):
            started = time.perf_counter()
            sentence, title = save(paths[id_], number)
            wait_for(f"{site}/c/{id_}/", sentence)
            pages.append(time.perf_counter() - started)
            wait_for(f"{site}/cases/", title)
            lists.append(time.perf_counter() - started)
            # Lists come before the index: editors write on while that is made.
            time.sleep(2 + 2 * lists[-1])
    finally:
        server.terminate()
        server.wait(30)
    return pages, lists


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--saves", type=int, default=30)
    parser.add_argument("--base", type=Path)
    options = parser.parse_args()
    if options.base is None and not DATA.is_file():
        sys.exit(f"skipped: {DATA} is missing (--base names a base)")
    print(f"{machine()}\n")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        base = options.base or make_base(folder, options.documents)
        copy = folder / "copy"
        shutil.copytree(base, copy, ignore=shutil.ignore_patterns(".kb", "site"))
        cases = sum(1 for _ in (copy / "cases" / "resolved").rglob("*.md"))
        results = dict(zip(("page", "all"), measure(copy, options.saves), strict=True))
    print("| cases | | median ms | 95 % | most |\n| ---: | --- | ---: | ---: | ---: |")
    for name, seconds in results.items():
        ordered = sorted(1000 * each for each in seconds)
        high = ordered[-(-len(ordered) * 95 // 100) - 1]
        middle = statistics.median(ordered)
        print(f"| {cases:,} | {name} | {middle:.0f} | {high:.0f} | {ordered[-1]:.0f} |")


if __name__ == "__main__":
    main()
