"""How long after a save `kb watch` has printed what it changed, in a base of about 3,000 files.

    python benchmarks/watch.py [--files 3000] [--saves 50] [--data complaints_resolved.xlsx]

The base is made of the complaints beside this repository, imported as drafts, and of the repository's own cases, playbooks
and lessons; copies fill it up. Each save is of another file, in the middle of the base; every other one
brings a problem in. The clock runs from before the file is written until the last line of the report was read. Before the saves,
it is started twice: where nothing was ever checked, and with what that came to.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from pipeline import KB, ROOT, run

DATA = ROOT.parent / "shared" / "data" / "complaints_resolved.xlsx"
END = " 秒）"
"""The last line of a report ends with this."""


def make_base(folder: Path, data: Path, files: int) -> Path:
    """A base of at least so many files: complaints, the repository's own pages, and copies of the complaints."""
    base = folder / "base"
    run([*KB, "init", str(base)], folder)
    example = ROOT / "site_config" / "imports" / "complaints-resolved.yml"
    run([*KB, "--root", str(base), "import", str(data), "--map", str(example)], folder)
    for name in ("resolved", "playbooks", "lessons"):
        shutil.copytree(ROOT / "cases" / name, base / "cases" / name, dirs_exist_ok=True)
    imported = sorted((base / "cases" / "resolved").rglob("*.md"))
    year = base / "cases" / "resolved" / "2031"
    year.mkdir()
    for number in range(max(0, files - sum(1 for _ in (base / "cases").rglob("*.md")))):
        source = imported[number % len(imported)]
        text = source.read_text(encoding="utf-8").replace(
            source.stem, f"CASE-2031-{number + 1:04d}"
        )
        (year / f"CASE-2031-{number + 1:04d}.md").write_text(text, encoding="utf-8")
    return base


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--saves", type=int, default=50)
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    if not options.data.is_file():
        sys.exit(f"{options.data} is missing: this benchmark needs the complaints")
    with tempfile.TemporaryDirectory() as folder:
        base = make_base(Path(folder), options.data, options.files)
        measure(base, options.saves)


def measure(base: Path, saves: int) -> None:
    """Save files one after the other, and wait for the report of each."""
    paths = sorted((base / "cases" / "resolved").rglob("*.md"))
    process, cold, cold_cpu = begin(base)
    process.kill()
    process.wait()
    process, warm, warm_cpu = begin(base)
    times = psutil.Process(process.pid).cpu_times()
    before = times.user + times.system
    seconds = []
    for number in range(saves):
        # As each save is of another file, nothing of it is still in a cache.
        path = paths[(number * 53) % len(paths)]
        text = path.read_text(encoding="utf-8")
        more = "请打 13800138000。" if number % 2 else "补记一句。"
        time.sleep(0.2)
        began = time.perf_counter()
        path.write_text(f"{text}\n{more}\n", encoding="utf-8")
        until(process, END)
        seconds.append(time.perf_counter() - began)
    usage = psutil.Process(process.pid)
    times = usage.cpu_times()
    cpu = (times.user + times.system - before) / saves
    memory = usage.memory_info().rss / 1024 / 1024
    process.kill()
    process.wait()
    seconds.sort()
    print(
        f"files {sum(1 for _ in (base / 'cases').rglob('*.md')):,}  saves {saves}  first check cold {cold:.1f} s "
        f"({cold_cpu:.1f} s CPU), from what is kept {warm:.1f} s ({warm_cpu:.1f} s CPU)"
    )
    print(
        f"from save to report: median {1000 * statistics.median(seconds):.0f} ms, "
        f"95 % {1000 * seconds[int(0.95 * (saves - 1))]:.0f} ms, most {1000 * seconds[-1]:.0f} ms"
    )
    print(
        f"CPU per save {1000 * cpu:.0f} ms, memory {memory:.0f} MB, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs"
    )


def begin(base: Path) -> tuple[subprocess.Popen[str], float, float]:
    """A `kb watch` that has made its first check, and the wall and CPU seconds until then."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [*KB, "--root", str(base), "watch"],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=dict(os.environ, PYTHONPATH=str(ROOT), PYTHONUNBUFFERED="1"),
    )
    until(process, "Ctrl-C")
    wall = time.perf_counter() - began
    times = psutil.Process(process.pid).cpu_times()
    return process, wall, times.user + times.system


def until(process: subprocess.Popen[str], end: str) -> None:
    """Read what is printed up to a line with these words."""
    assert process.stdout is not None
    for line in process.stdout:
        if end in line:
            return
    sys.exit("kb watch ended")


if __name__ == "__main__":
    main()
