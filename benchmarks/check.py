"""What does `kb check` cost, beside yamllint and a JSON Schema validator over the same front matter?

    python benchmarks/check.py [--sizes 2816,10000] [--data complaints_resolved.xlsx] [--more scale-100k.jsonl.gz]

The complaints are imported as drafts; where a size asks for more, texts of the scale corpus are imported with the same map.
yamllint (`pip install yamllint`, rules `relaxed`) gets the front matter as files of their own; the validator is `jsonschema`
with the schema that `kb schema` prints and PyYAML's C parser, dates kept as texts. Both are one process for all files.
Every figure is of a process of its own: user and system time, wall time, largest resident set. *One change* adds a line to
one document; the figures of that are medians of five, one after the other, and the last row shows what they left behind. A warm-up
run first fills byte-code and disk caches (byte code in a folder of its own: an installed program has it, whatever the environment says).
Prints Markdown.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
MAP = ROOT / "site_config" / "imports" / "complaints-resolved.yml"
KB = [sys.executable, "-m", "kb_builder"]
HEADER = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"]

VALIDATE = """\
import json, sys
from pathlib import Path
import yaml
from jsonschema import Draft202012Validator
class Loader(yaml.CSafeLoader): pass
# A date is a text to the schema.
Loader.yaml_implicit_resolvers = {
    first: [each for each in found if each[0] != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
validator = Draft202012Validator(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
wrong = 0
for path in sorted(Path(sys.argv[1]).rglob("*.yaml")):
    found = yaml.load(path.read_text(encoding="utf-8"), Loader)
    wrong += any(True for _ in validator.iter_errors(found))
print(wrong, "files with errors")
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU (user + system, children included) and wall seconds, and peak memory in MB of one process."""

    cpu: float
    wall: float
    memory: float

    def __str__(self) -> str:
        return f"{self.cpu:.2f} s, {self.wall:.2f} s, {self.memory:.0f} MB"


def environment(folder: Path) -> dict[str, str]:
    """The environment of the programs, with byte code below a folder."""
    found = dict(os.environ, PYTHONPATH=str(ROOT), PYTHONPYCACHEPREFIX=str(folder / "byte-code"))
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    return found


def run(command: list[str], folder: Path, codes: tuple[int, ...] = (0,)) -> Cost:
    """Run a command to its end and take its cost; any other exit code ends the benchmark."""
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=output, env=environment(folder)
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        if os.waitstatus_to_exitcode(status) not in codes:
            output.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{output.read().decode()[-3000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def make_base(folder: Path, size: int, data: Path, more: Path) -> Path:
    """A base of so many imported drafts."""
    base = folder / f"base-{size}"
    run([*KB, "init", str(base)], folder)
    shutil.rmtree(base / "cases" / "resolved", ignore_errors=True)
    run([*KB, "--root", str(base), "import", str(data), "--map", str(MAP)], folder)
    drafts = sorted((base / "cases" / "resolved").rglob("*.md"))
    missing = size - len(drafts)
    if missing > 0:
        table = folder / "more.csv"
        write_table(table, more, missing)
        run([*KB, "--root", str(base), "import", str(table), "--map", str(MAP)], folder)
    for path in drafts[size:]:
        path.unlink()
    return base


def write_table(path: Path, more: Path, rows: int) -> None:
    """Texts of the scale corpus as if they were complaints, on days of 2021 to 2025."""
    chance = random.Random(rows)
    with path.open("w", encoding="utf-8", newline="") as file, gzip.open(more, "rt") as texts:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number, line in zip(range(rows), texts, strict=False):
            text = json.loads(line)
            day = f"{2021 + number % 5}/{chance.randint(1, 12)}/{chance.randint(1, 28)}"
            title = text["title"][:60] or "无题"
            reply = "已联系客户，给出办法。"
            cells = [
                1_000_000 + number,
                f"U{number}",
                title,
                f"{day} 9:30:00",
                text["text"],
                reply,
                day,
            ]
            writer.writerow(cells)


def front_matter(base: Path, folder: Path) -> Path:
    """The front matter of all cases, as files of their own."""
    target = folder / f"front-{base.name}"
    target.mkdir()
    for path in sorted((base / "cases" / "resolved").rglob("*.md")):
        _, text, _ = path.read_text(encoding="utf-8").split("---\n", 2)
        (target / f"{path.stem}.yaml").write_text(f"---\n{text}", encoding="utf-8")
    return target


def measure(base: Path, folder: Path) -> dict[str, Cost]:
    """The cost of each way to look at the base."""
    check = [*KB, "--root", str(base), "check", "--format", "concise"]
    files = front_matter(base, folder)
    schema = folder / "case.json"
    printed = subprocess.run(
        [*KB, "--root", str(base), "schema", "case"],
        capture_output=True,
        check=True,
        env=environment(folder),
    )
    schema.write_bytes(printed.stdout)
    run(check, folder, (0, 1))
    costs: dict[str, Cost] = {}
    costs["yamllint"] = run(
        [sys.executable, "-m", "yamllint", "-d", "relaxed", str(files)], folder, (0, 1)
    )
    costs["JSON Schema"] = run([sys.executable, "-c", VALIDATE, str(files), str(schema)], folder)
    shutil.rmtree(base / ".kb")
    costs["`kb check`, cold"] = run(check, folder, (0, 1))
    costs["`kb check`, nothing changed"] = run(check, folder, (0, 1))
    paths = sorted((base / "cases" / "resolved").rglob("*.md"))
    changed: list[Cost] = []
    for number in range(5):
        with paths[(number + 1) * len(paths) // 7].open("a", encoding="utf-8") as file:
            file.write("\n补记一句。\n")
        changed.append(run(check, folder, (0, 1)))
    costs["`kb check`, one change"] = Cost(
        statistics.median(each.cpu for each in changed),
        statistics.median(each.wall for each in changed),
        max(each.memory for each in changed),
    )
    costs["`kb check`, nothing more changed"] = run(check, folder, (0, 1))
    return costs


def main() -> None:
    """Measure every size and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="2816,10000")
    parser.add_argument("--data", type=Path, default=SHARED / "complaints_resolved.xlsx")
    parser.add_argument("--more", type=Path, default=SHARED / "scale-100k.jsonl.gz")
    options = parser.parse_args()
    for needed in (options.data, options.more):
        if not needed.is_file():
            sys.exit(f"skipped: {needed} is missing")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("CPU, wall, peak memory; load before each size in brackets\n")
    print("| | documents | cost | of the two together |\n| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as temporary:
        for size in map(int, options.sizes.split(",")):
            base = make_base(Path(temporary), size, options.data, options.more)
            load = os.getloadavg()[0]
            costs = measure(base, Path(temporary))
            both = costs["yamllint"].cpu + costs["JSON Schema"].cpu
            for name, cost in costs.items():
                print(f"| {name} | {size:,} (load {load:.0f}) | {cost} | {cost.cpu / both:.2f}× |")


if __name__ == "__main__":
    main()
