"""What do the reports add to the cost of a build?

    python benchmarks/reports.py [--data ../shared/data/complaints_resolved.xlsx] [--runs 3]

The complaints are imported as drafts into a new base in a temporary folder; those in which the check finds an
error are kept too, for nothing is checked here. The site is built with all pages, without any index, once with the reports and
once with an empty list of reports in their place: user and system time, each build a process of its own, the two in
turn, the median of the runs. *Cold*: with nothing analysed and no chart drawn before; *warm*: both kept from the last
build. What the reports cost themselves is also given one by one, counted and not yet written as pages.
"""

from __future__ import annotations

import argparse
import datetime
import platform
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from pipeline import ROOT, import_base, run

from kb_builder import loader
from kb_builder.insight.digest import Digest
from kb_builder.insight.material import Material, shown
from kb_builder.insight.reports import OFFERS

BUILD = """\
import sys, datetime
from pathlib import Path
from kb_builder import loader, site
from kb_builder.site.pages import reports
if sys.argv[3] == "without":
    reports.Reports.pages = lambda self: iter(())
    reports.Reports.made = ()
base = loader.load(Path(sys.argv[1]))
site.build(base, Path(sys.argv[2]), drafts=True, search=False, unpublishable=frozenset(), today=datetime.date(2026, 1, 1))
"""


def cost(base: Path, output: Path, how: str, *, cold: bool) -> float:
    """CPU seconds of one build."""
    shutil.rmtree(output, ignore_errors=True)
    if cold:
        shutil.rmtree(base / loader.STATE, ignore_errors=True)
    command = [sys.executable, "-c", BUILD, str(base), str(output), how]
    return run(command, base.parent).cpu


def one_by_one(base: Path) -> None:
    """Print what it takes to count each report."""
    loaded = loader.load(base)
    material = Material(
        shown(loaded.corpus, drafts=True), loaded.settings, datetime.date(2026, 1, 1)
    )
    makers = [(offer.key, offer.make) for offer in OFFERS]
    for key, make in (*makers, ("all months", lambda material: list(Digest(material).reports()))):
        start = time.process_time()
        make(material)
        print(f"    {key}: {time.process_time() - start:.2f} s")


def main() -> None:
    """Build again and again, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    shared = ROOT.parent / "shared" / "data" / "complaints_resolved.xlsx"
    parser.add_argument("--data", type=Path, default=shared)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    if not options.data.is_file():
        sys.exit(f"skipped: {options.data} is missing (--data names another table)")
    print(f"{platform.machine()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        base = import_base(folder, options.data)
        for name, cold in (("cold", True), ("warm", False)):
            costs: dict[str, list[float]] = {"without": [], "with": []}
            for _ in range(options.runs):
                for how, found in costs.items():
                    found.append(cost(base, folder / "site", how, cold=cold))
            without, reports = (statistics.median(found) for found in costs.values())
            print(
                f"{name}: {without:.2f} s CPU without reports, {reports:.2f} s with: "
                f"{reports / without - 1:+.0%} (n = {options.runs} each)"
            )
        one_by_one(base)


if __name__ == "__main__":
    main()
