"""Do the early warnings find what a reader finds, and how often do they cry wolf?

    python benchmarks/warning.py [--data ../shared/data/complaints_resolved.xlsx] [--shuffles 1000] [--show]

The complaints are imported into a new base in a temporary folder through `kb init` and `kb import`.

*Rising.* The imported drafts have no categories, so they are given two that the text tells: the place it is about (the
letter and number by which the publisher masked it) and the matter (the first of a dozen words that stands in the
title). Every month is judged against the year before on the real dates; then the dates are shuffled
among the cases, where nothing rises, and the latest month is judged again. The share of shuffles in which anything
was called rising is the error rate; beside it, that of a naïve rule (twice the expected number, and five).

*Clusters.* How many matters are found, how large, over how many days; in how many of them the titles share
a place; and how many are found when the dates are shuffled, where only chance brings cases together. `--show`
prints the titles of the ten strongest, to be read; nothing of them is to be kept.
"""

from __future__ import annotations

import argparse
import datetime
import platform
import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from pipeline import ROOT, import_base

from kb_builder import loader
from kb_builder.insight.brewing import account_of
from kb_builder.insight.clusters import Account, Cluster, accounts
from kb_builder.insight.days import Dated, dated, written_day
from kb_builder.insight.material import Material, shown
from kb_builder.insight.rising import Period, judge, place

_PLACE = re.compile(r"[A-M]\d+(?:县|市|区)|[A-M]市")
_MATTERS = (
    "公交", "地铁", "学校", "幼儿园", "医", "社保", "公积金", "房", "拆迁", "噪音", "污染", "物业", "路", "水", "电", "工资",
)  # fmt: skip


def shuffled(cases: Sequence[Dated], chance: random.Random) -> list[Dated]:
    """The same cases with each other's days."""
    days = [(case.first, case.last) for case in cases]
    chance.shuffle(days)
    return sorted(Dated(*day, case.id) for day, case in zip(days, cases, strict=True))


def month_of(day: datetime.date) -> Period:
    """The month that begins on a day, and the year before."""
    after = (day + datetime.timedelta(days=31)).replace(day=1)
    before = day.replace(year=day.year - 1)
    return Period(before.toordinal(), day.toordinal(), after.toordinal() - 1)


def rising(
    categories: dict[str, frozenset[str]],
    cases: Sequence[Dated],
    shuffles: int,
    limits: tuple[float, int],
) -> None:
    """Print what rises on real dates, and the error rate on shuffled ones."""
    level, least = limits
    months = sorted({datetime.date.fromordinal(case.first).replace(day=1) for case in cases})
    months = [month for month in months if month >= months[0].replace(year=months[0].year + 1)]
    called = months_with = tested = 0
    for month in months:
        rises = judge(categories, place(cases, month_of(month)), level=level, least=least)
        found = sum(rise.rising for rise in rises)
        tested, called, months_with = tested + len(rises), called + found, months_with + bool(found)
    print(
        f"real dates: {len(months)} months, {tested / len(months):.0f} categories a month tested; "
        f"{called} called rising, in {months_with} months"
    )
    # The month with the most cases a year before the end: the hardest test, for it has the most categories.
    period = month_of(max(months, key=lambda month: len(place(cases, month_of(month)).window)))
    chance = random.Random(20)
    wrong = naive = 0
    for _ in range(shuffles):
        rises = judge(categories, place(shuffled(cases, chance), period), level=level, least=least)
        wrong += any(rise.rising for rise in rises)
        naive += any(len(rise.window) >= max(5, 2 * rise.expected) for rise in rises)
    print(
        f"shuffled dates, {shuffles} times: anything called rising in {wrong / shuffles:.1%} "
        f"(level {level:.0%}); by the naïve rule in {naive / shuffles:.1%}"
    )


def clusters(
    texts: dict[str, Account], cases: Sequence[Dated], limits: tuple[int, int, int], *, show: bool
) -> None:
    """Print what is found on real dates, and on shuffled ones."""
    start = time.process_time()
    found = accounts(texts, cases, *limits)
    spent = time.process_time() - start
    placed = sum(_one_place(cluster, texts) for cluster in found)
    sizes = sorted((len(cluster.ids) for cluster in found), reverse=True)
    print(
        f"clusters: {len(found)} of {sum(sizes)} cases (largest {sizes[:3]}), "
        f"{placed} with one place in most titles; {spent:.1f} s CPU"
    )
    chance = random.Random(21)
    runs = [len(accounts(texts, shuffled(cases, chance), *limits)) for _ in range(10)]
    print(
        f"shuffled dates, 10 times: {sum(runs) / len(runs):.1f} clusters a run, at most {max(runs)}"
    )
    if show:
        for cluster in sorted(found, key=lambda one: (-len(one.ids), -one.last))[:10]:
            print(f"{written_day(cluster.first)} to {written_day(cluster.last)}: {cluster.words}")
            for id_ in cluster.ids:
                print(f"    {id_} {texts[id_].title}")


def _one_place(cluster: Cluster, texts: dict[str, Account]) -> bool:
    counts: defaultdict[str, int] = defaultdict(int)
    for id_ in cluster.ids:
        for name in set(_PLACE.findall(texts[id_].title)):
            counts[name] += 1
    return 2 * max(counts.values(), default=0) > len(cluster.ids)


def main() -> None:
    """Import, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    shared = ROOT.parent / "shared" / "data" / "complaints_resolved.xlsx"
    parser.add_argument("--data", type=Path, default=shared)
    parser.add_argument("--shuffles", type=int, default=1000)
    parser.add_argument("--show", action="store_true", help="print titles, to be read and not kept")
    options = parser.parse_args()
    if not options.data.is_file():
        sys.exit(f"skipped: {options.data} is missing (--data names another table)")
    with tempfile.TemporaryDirectory() as temporary:
        base = loader.load(import_base(Path(temporary), options.data))
    material = Material(shown(base.corpus, drafts=True), base.settings, datetime.date.today())
    cases = dated(material.cases)
    texts = {case.id: account_of(case) for case in material.cases}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for id_, text in texts.items():
        for name in _PLACE.findall(text.title):
            found[name].add(id_)
        matter = next((word for word in _MATTERS if word in text.title), "")
        if matter:
            found[matter].add(id_)
    limits = material.limits
    print(f"{platform.machine()}, Python {platform.python_version()}, {len(cases)} cases\n")
    rising(
        {name: frozenset(ids) for name, ids in found.items()},
        cases,
        options.shuffles,
        (limits.rising_level / 100, limits.rising_minimum),
    )
    clusters(
        texts,
        cases,
        (limits.cluster_days, limits.cluster_minimum, limits.cluster_share),
        show=options.show,
    )


if __name__ == "__main__":
    main()
