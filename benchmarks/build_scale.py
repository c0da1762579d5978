"""How `kb build` grows: cold, nothing changed, one case changed; beside a plain `mkdocs build` of the same pages.

    python benchmarks/build_scale.py [--documents 1000 10000 100000] [--keep FOLDER] [--plain 10000] [--whoosh 100000]

Cases are made of the first texts of ../shared/data/scale-100k.jsonl.gz, as drafts, with values for the fields that lists are
made of; personal data is masked, and those in which `kb check` still finds an error are left out, as they would stop the build. *all* is check, pages, the
browser's index and that of the command line; *without Whoosh* leaves the last one out. CPU is user and system time of the
process and its children, memory its largest resident set. *The next one* finds the site before the last, which it fills again. Above `--plain` documents MkDocs alone is left out, above `--whoosh` what is with Whoosh. Prints Markdown, each
row as soon as it is measured.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pipeline import KB, ROOT, Cost, machine, plain_site, run, touch_one

from kb_builder import loader
from kb_builder.privacy import redact
from kb_builder.rules.personal import gate_of

DATA = ROOT.parent / "shared" / "data" / "scale-100k.jsonl.gz"
_A_YEAR = 5_000
_FACETS = ("channel", "complaint_type", "severity", "appeal", "outcome")
_MANY = ("channel", "complaint_type")
PLAIN = "plain `mkdocs build`"


def texts(count: int) -> Iterator[dict[str, str]]:
    """The first documents of the scale corpus."""
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        for line in islice(file, count):
            yield json.loads(line)


def make_base(folder: Path, count: int) -> Path:
    """A new base with `count` cases, less those in which the check finds an error."""
    base = folder / f"scale-{count}"
    if base.exists():
        drop_wrong(base)  # by the rules of today
        return base
    fresh = folder / f"scale-{count}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    run([*KB, "init", str(fresh)], folder)
    settings = loader.load_settings(fresh)
    gate = gate_of(settings)
    labels = {name: [v.label for v in settings.vocabularies[name]] for name in _FACETS}
    for number, row in enumerate(texts(count)):
        title, _, told = redact(f"{_title(row)}\n{row['text']}", gate).partition("\n")
        year, place = 1990 + number // _A_YEAR, number % _A_YEAR + 1
        id_ = f"CASE-{year}-{place:04d}"
        lines = [
            "---",
            f"id: {id_}",
            f"title: {json.dumps(title[:30], ensure_ascii=False)}",
            "status: 草稿",
            f"occurred_on: {year}-{number % 12 + 1:02d}",
        ]
        for step, (name, values) in enumerate(labels.items(), 1):
            value = values[number // step % len(values)]
            lines.append(f"{name}: [{value}]" if name in _MANY else f"{name}: {value}")
        text = "\n\n".join(filter(None, map(str.strip, told.split("\n"))))
        lines += ["---", "", "## 记录", "", text, ""]
        path = fresh / "cases" / "resolved" / str(year) / f"{id_}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines), encoding="utf-8")
    drop_wrong(fresh)
    fresh.rename(base)
    return base


def _title(row: dict[str, str]) -> str:
    return " ".join((row.get("title") or row["text"][:20]).split())


def drop_wrong(base: Path) -> None:
    """Remove the cases that would stop a build."""
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    check = [*KB, "--root", str(base), "check", "--format", "json"]
    found = subprocess.run(check, cwd=base, env=environment, capture_output=True, check=False)
    problems = json.loads(found.stdout)["diagnostics"]
    for path in sorted({each["path"] for each in problems if each["level"] == "error"}):
        (base / path).unlink()


def measure(base: Path, folder: Path, *, plain: bool, whoosh: bool) -> Iterator[tuple[str, Cost]]:
    """All figures for one base, each as soon as it is measured."""
    if plain:
        mkdocs = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(folder / "plain-site")]
        yield PLAIN, run(mkdocs, plain_site(base, folder))
    ways = [("without Whoosh", ["--no-index"]), ("all", [])]
    for name, more in ways if whoosh else ways[:1]:
        site = folder / f"site-{base.name}{len(more)}"
        build = [*KB, "--root", str(base), "build", "--drafts", "--output", str(site), *more]
        shutil.rmtree(base / ".kb", ignore_errors=True)
        shutil.rmtree(site, ignore_errors=True)
        yield f"{name}, cold", run(build, folder)
        yield f"{name}, nothing changed", run(build, folder)
        touch_one(base)
        yield f"{name}, one case changed", run(build, folder)
        touch_one(base)
        yield f"{name}, the next one", run(build, folder)


def size(folder: Path) -> tuple[int, int]:
    """How many files, and how many MB."""
    files = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return len(files), sum(files) >> 20


def main() -> None:
    """Measure every size and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--plain", type=int, default=10_000)
    parser.add_argument("--whoosh", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="where to keep the bases; they are used again")
    options = parser.parse_args()
    if not DATA.is_file():
        sys.exit(f"skipped: {DATA} is missing")
    print(f"{machine()}\n")
    print("| documents | | CPU s | × plain | wall s | peak MB |")
    print("| ---: | --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for count in options.documents:
            base = make_base((options.keep or folder).absolute(), count)
            cases = sum(1 for _ in (base / "cases" / "resolved").rglob("*.md"))
            plain, whoosh = count <= options.plain, count <= options.whoosh
            first: Cost | None = None
            for name, cost in measure(base, folder, plain=plain, whoosh=whoosh):
                first = cost if name == PLAIN else first
                ratio = f"{cost.cpu / first.cpu:.2f}" if first else ""
                print(
                    f"| {cases:,} | {name} | {cost.cpu:.2f} | {ratio} | {cost.wall:.1f} | {cost.memory:.0f} |",
                    flush=True,
                )
            files, megabytes = size(folder / f"site-{base.name}1")
            print(f"| {cases:,} | *files* {files:,}, {megabytes:,} MB | | | | |", flush=True)


if __name__ == "__main__":
    main()
