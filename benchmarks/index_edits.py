"""How many files of the browser's index change when one document does.

    python benchmarks/index_edits.py [--documents 10000] [--edits 20] [--seed 1] [--keep FOLDER]

The base is that of build_scale.py. Each edit adds a sentence or two to the text of one case, chosen at random, and the index is
made again as a whole; then all files are compared with those of the index before any edit. Prints Markdown.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from build_scale import DATA, make_base
from pipeline import machine

from kb_builder import entries, loader
from kb_builder.analysis.analyzer import Analyzer
from kb_builder.browser import export, tables_of
from kb_builder.index import Entry
from kb_builder.index.counted import Counted, count_entries

SENTENCES = (
    "补记一句。",
    "客户第二天来电说已经收到退款，表示满意。",
    "经查，是夜班交接时漏记了一笔，已补发并道歉，客户接受。",
    "师傅周三上午到场，换了主板，试机半小时没有再跳闸；运费由店里承担。",
)
"""What editors add to a case after the fact."""


class Counts:
    """Analyses a text once, however often it is exported."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._kept: dict[tuple[object, ...], Counted] = {}

    def count(self, found: Iterable[Entry]) -> Iterator[Counted]:
        for entry in found:
            key = entry.id, entry.texts
            if key not in self._kept:
                (self._kept[key],) = count_entries([entry], self._analyzer)
            yield self._kept[key]


def main() -> None:
    """Make the index before and after each edit, and print what changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where to keep the base; it is used again")
    options = parser.parse_args()
    if not DATA.is_file():
        sys.exit(f"skipped: {DATA} is missing")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        base = loader.load(make_base((options.keep or folder).absolute(), options.documents))
        found = [entries.entry_of(each) for each in base.corpus.by_id.values() if each.readable]
        counts = Counts(entries.analyzer_of(base.settings))
        analyzer, tables = entries.analyzer_of(base.settings), tables_of(base.settings)

        def files(documents: list[Entry]) -> dict[str, str]:
            made = export(documents, analyzer, tables, folder / "index", count=counts.count)
            return dict(made.files)

        before = files(found)
        chance = random.Random(options.seed)
        changed = []
        for done in range(options.edits):
            place = chance.randrange(len(found))
            *others, (name, weight, text) = found[place].texts
            more = "".join(chance.sample(SENTENCES, chance.randint(1, 2)))
            edited = replace(found[place], texts=(*others, (name, weight, f"{text}\n\n{more}")))
            after = files([*found[:place], edited, *found[place + 1 :]])
            changed.append(sum(after.get(path) != digest for path, digest in before.items()))
            print(f"{done + 1} of {options.edits}", end="\r", file=sys.stderr, flush=True)
    print(f"{machine()}\n")
    print("| documents | files | edits | fewest changed | median | most |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    print(
        f"| {len(found):,} | {len(before):,} | {len(changed)} | {min(changed):,} | {statistics.median(changed):,.0f} | {max(changed):,} |"
    )


if __name__ == "__main__":
    main()
