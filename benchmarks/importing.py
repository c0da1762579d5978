"""What does `kb import` cost, and does its memory stay the same however long the table is?

    python benchmarks/importing.py [--sizes 1000,10000,100000] [--formats csv,xlsx] [--again]

Tables are made up: complaints of three sentences with names and phone numbers in them, so that redaction has its work,
every text different. Each import is a process of its own into a new base: rows a second of wall and
of CPU time (of it and its children), its largest resident set. *reading* only reads the table, row by
row, as a floor; `--again` also measures a second import of the same table, in which nothing changes. Prints
Markdown.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
KB = [sys.executable, "-m", "kb_builder"]
MAP = ROOT / "site_config" / "imports" / "complaints-resolved.yml"
HEADER = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"]

READING = """\
import sys
from pathlib import Path
from kb_builder.intake.tables import open_tables
with open_tables(Path(sys.argv[1]), sheets=(), encoding="", header_row=1) as (table,):
    assert sum(1 for _ in table.rows(set(table.columns))) == int(sys.argv[2])
"""

_THINGS = [
    "手机屏幕",
    "空调外机",
    "汽车座椅套",
    "洗衣机门封",
    "电饭煲内胆",
    "扫地机器人",
    "热水器水箱",
    "冰箱隔板",
]
_FAULTS = [
    "第二天就碎了",
    "开机就有异响",
    "一直没有送到",
    "装好就漏水",
    "颜色和下单的不一样",
    "用了一周就坏了",
]
_REPLIES = ["已换新", "已退款", "已上门维修", "已补发配件", "已致歉并赠送延保"]
_SURNAMES = "张王李赵陈杨黄周吴徐"
_GIVEN = "伟娜强静磊敏涛艳军丽"


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall and CPU seconds (children included) and peak memory in MB of one process."""

    wall: float
    cpu: float
    memory: float


def rows(count: int) -> Iterator[list[str]]:
    """Complaints; the same ones for the same count."""
    chance = random.Random(count)
    for number in range(1, count + 1):
        thing, fault = chance.choice(_THINGS), chance.choice(_FAULTS)
        name = chance.choice(_SURNAMES) + chance.choice(_GIVEN)
        phone = f"138{chance.randrange(10**8):08d}"
        day = f"{2016 + number % 5}/{chance.randint(1, 12)}/{chance.randint(1, 28)}"
        detail = (
            f"本人{name}在门店买的{thing}，{fault}，批次{chance.randrange(10**6)}。打了 {chance.randint(2, 9)} 次电话没人管，"
            f"联系电话{phone}。要求{chance.choice(_REPLIES)[1:]}，否则就去投诉第{number}次。" * 2
        )
        reply = f"您好，关于{thing}{fault}的问题，{chance.choice(_REPLIES)}，请{name}放心。编次{number}。"
        title = f"{thing}{fault}"
        yield [str(number), f"U{number:08d}", title, f"{day} 9:30:00", detail, reply, day]


def write_table(path: Path, count: int) -> None:
    """Write a table; .xlsx with its texts in one shared list, as spreadsheet programs do."""
    if path.suffix == ".csv":
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerow(HEADER)
            csv.writer(file).writerows(rows(count))
        return
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("留言")
    sheet.append(HEADER)
    for row in rows(count):
        sheet.append(row)
    book.save(path)


def run(command: list[str], folder: Path) -> Cost:
    """Run a command to its end and take its cost; a failure ends the benchmark."""
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=output, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            output.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{output.read().decode()[-3000:]}")
    wall = time.perf_counter() - start
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measure(folder: Path, kind: str, count: int, *, again: bool) -> dict[str, Cost]:
    """The costs of one table."""
    table = folder / f"table-{count}.{kind}"
    base = folder / f"base-{kind}-{count}"
    # A child's peak begins with what its parent held, so the table is made by another process.
    run([sys.executable, __file__, "--write", str(table), "--sizes", str(count)], folder)
    run([*KB, "init", str(base)], folder)
    command = [*KB, "--root", str(base), "import", str(table), "--map", str(MAP)]
    report = ["--report", str(folder / "report.csv")]
    costs = {
        "reading": run([sys.executable, "-c", READING, str(table), str(count)], folder),
        "import": run([*command, *report], folder),
    }
    if again:
        costs["again"] = run([*command, *report], folder)
    return costs


def main() -> None:
    """Measure every size and format and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--formats", default="csv,xlsx")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--write", type=Path, help="only write a table of the one size, here")
    options = parser.parse_args()
    if options.write:
        write_table(options.write, int(options.sizes))
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| table | rows | what | rows/s | rows per CPU s | peak MB |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for kind in options.formats.split(","):
        for count in map(int, options.sizes.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                costs = measure(Path(folder), kind, count, again=options.again)
            for what, cost in costs.items():
                print(
                    f"| {kind} | {count:,} | {what} | {count / cost.wall:,.0f} "
                    f"| {count / cost.cpu:,.0f} | {cost.memory:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
