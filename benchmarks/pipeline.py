"""What check, index and build cost, beside MkDocs alone and Whoosh with jieba's own analyzer.

    python benchmarks/pipeline.py [--sizes 100,1000,2292] [--data ../shared/data/complaints_resolved.xlsx]

The complaints are imported into a new base in a temporary folder through `kb init` and `kb import`; those in
which `kb check` finds an error, such as a name that may be somebody's, are left out, as they would stop a build.
Every figure is of a process of its own, user and system time of it and its children, and its
largest resident set. A warm-up run first fills the byte-code and disk caches. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
KB = [sys.executable, "-m", "kb_builder"]

PLAIN_MKDOCS = """\
site_name: 对照
theme: {name: material, language: zh, font: false}
plugins: []
nav: [index.md]
not_in_nav: /resolved/
validation: {omitted_files: ignore}
markdown_extensions:
  - tables
  - toc
  - footnotes
  - admonition
  - sane_lists
  - fenced_code
  - def_list
  - pymdownx.tasklist
"""

PLAIN_WHOOSH = """\
import sys, shutil
from pathlib import Path
from jieba.analyse import ChineseAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.index import create_in
folder = Path(sys.argv[2]); shutil.rmtree(folder, ignore_errors=True); folder.mkdir()
schema = Schema(id=ID(stored=True, unique=True), text=TEXT(analyzer=ChineseAnalyzer(), stored=True))
writer = create_in(folder, schema).writer(limitmb=256)
for path in sorted(Path(sys.argv[1]).rglob("*.md")):
    writer.add_document(id=path.stem, text=path.read_text(encoding="utf-8"))
writer.commit()
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU in seconds (user + system, children included), peak memory in MB and seconds by the clock."""

    cpu: float
    memory: float
    wall: float


def run(command: list[str], folder: Path, *, codes: tuple[int, ...] = (0,)) -> Cost:
    """Run a command to its end and take its cost; any other exit code ends the benchmark."""
    environment = dict(os.environ, PYTHONPATH=str(ROOT), NO_MKDOCS_2_WARNING="1")
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=output, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) not in codes:
            output.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{output.read().decode()[-3000:]}")
    wall = time.perf_counter() - started
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, wall)


def machine() -> str:
    """Where figures are from."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def import_base(folder: Path, data: Path, name: str = "base") -> Path:
    """A new base with all complaints as drafts."""
    base = folder / name
    example = ROOT / "site_config" / "imports" / "complaints-resolved.yml"
    run([*KB, "init", str(base)], folder)
    run([*KB, "--root", str(base), "import", str(data), "--map", str(example)], folder)
    return base


def make_base(folder: Path, data: Path, rows: int) -> Path:
    """A new base with `rows` complaints as drafts, or as many as can be published."""
    base = import_base(folder, data, f"base-{rows}")
    check = [*KB, "--root", str(base), "check", "--format", "json"]
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    found = subprocess.run(check, cwd=folder, env=environment, capture_output=True, check=False)
    wrong = {
        problem["path"]
        for problem in json.loads(found.stdout)["diagnostics"]
        if problem["level"] == "error"
    }
    kept = 0
    for path in sorted((base / "cases" / "resolved").rglob("*.md")):
        if path.relative_to(base).as_posix() in wrong or kept == rows:
            path.unlink()
        else:
            kept += 1
    return base


def touch_one(base: Path) -> None:
    """Change one case by a sentence."""
    path = sorted((base / "cases" / "resolved").rglob("*.md"))[7]
    path.write_text(path.read_text(encoding="utf-8") + "\n补记一句。\n", encoding="utf-8")


def plain_site(base: Path, folder: Path) -> Path:
    """The same Markdown as an ordinary MkDocs project with Material."""
    plain = folder / f"plain-{base.name}"
    shutil.copytree(base / "cases", plain / "docs")
    (plain / "docs" / "index.md").write_text("# 对照\n", encoding="utf-8")
    shutil.rmtree(plain / "docs" / "guide", ignore_errors=True)
    (plain / "mkdocs.yml").write_text(PLAIN_MKDOCS, encoding="utf-8")
    return plain


def measure(base: Path, folder: Path) -> dict[str, Cost]:
    """All figures for one base."""
    kb = [*KB, "--root", str(base)]
    pages = [
        *kb,
        "build",
        "--drafts",
        "--no-index",
        "--no-search",
        "--output",
        str(folder / "pages"),
    ]
    build = [*kb, "build", "--drafts", "--no-search", "--output", str(folder / "site")]
    searchable = [*kb, "build", "--drafts", "--output", str(folder / "searchable")]
    plain = plain_site(base, folder)
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(folder / "plain-site")]
    whoosh = [sys.executable, "-c", PLAIN_WHOOSH, str(base / "cases"), str(folder / "whoosh")]
    run(mkdocs, plain)
    costs = {
        "plain `mkdocs build`": run(mkdocs, plain),
        "plain Whoosh + `ChineseAnalyzer`": run(whoosh, folder),
        "`kb check`": run([*kb, "check"], folder),
        "check and pages, cold": run(pages, folder),
    }
    costs["`kb index`, cold"] = run([*kb, "index", "--drafts"], folder)
    costs["`kb index`, nothing changed"] = run([*kb, "index", "--drafts"], folder)
    touch_one(base)
    costs["`kb index`, one file changed"] = run([*kb, "index", "--drafts"], folder)
    shutil.rmtree(base / ".kb")
    costs["check, Whoosh index and pages, cold"] = run(build, folder)
    costs["all of it, nothing changed"] = run(build, folder)
    touch_one(base)
    costs["all of it, one file changed"] = run(build, folder)
    shutil.rmtree(base / ".kb")
    costs["with the browser's index too, cold"] = run(searchable, folder)
    costs["with the browser's index too, nothing changed"] = run(searchable, folder)
    touch_one(base)
    costs["with the browser's index too, one file changed"] = run(searchable, folder)
    shutil.rmtree(base / ".kb")
    costs["check, browser's index and pages, cold"] = run([*searchable, "--no-index"], folder)
    return costs


def main() -> None:
    """Measure every size and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100,1000,2292")
    shared = ROOT.parent / "shared" / "data" / "complaints_resolved.xlsx"
    parser.add_argument("--data", type=Path, default=shared)
    options = parser.parse_args()
    if not options.data.is_file():
        sys.exit(f"skipped: {options.data} is missing (--data names another table)")
    sizes = [int(size) for size in options.sizes.split(",")]
    results: dict[int, dict[str, Cost]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for size in sizes:
            results[size] = measure(make_base(folder, options.data, size), folder)
    print(f"{machine()}\n")
    print("CPU seconds (ratio to plain `mkdocs build`), peak MB\n")
    print("| | " + " | ".join(f"{size:,}" for size in sizes) + " |")
    print("| --- |" + " ---: |" * len(sizes))
    for name in results[sizes[0]]:
        cells = []
        for size in sizes:
            cost, plain = results[size][name], results[size]["plain `mkdocs build`"]
            cells.append(f"{cost.cpu:.2f} ({cost.cpu / plain.cpu:.2f}×), {cost.memory:.0f} MB")
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
