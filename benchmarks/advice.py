"""How good is the advice on a complaint in everyday language? On the texts of tests/precedents.

    python benchmarks/advice.py [--file tests/precedents/complaints.yml]

Prints the shares that the project promises something of, then every miss. The figure to speak of is that of a file
that nothing was tuned on: cues, sayings and weights were made with `complaints.yml` and `fresh.yml`, which is
what is read without `--file`, in view. The base is this repository's own. In the README of this folder stand
the reasons for the misses.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "precedents"))

from answers import FRESH, Answer, answer, texts


def row(name: str, right: int, all_: int, promised: str = "") -> str:
    """One line of the table."""
    return f"| {name} | {right} | {all_} | {right / max(all_, 1):.1%} | {promised} |"


def figures(answers: Sequence[Answer]) -> None:
    """Print the table."""
    said = [(field, each) for each in answers for field in each.asked.expects]
    missed = [miss for each in answers for miss in each.missed()]
    first = sum(each.found[:1] == tuple(each.asked.cases[:1]) for each in answers)
    among = sum(bool(set(each.found) & set(each.asked.cases)) for each in answers)
    opened = sum(each.opened in each.asked.playbooks for each in answers)
    offered = sum(bool(set(each.offered) & set(each.asked.playbooks)) for each in answers)
    strict = sum(each.opened == each.asked.playbooks[0] for each in answers)
    print("| what | right | of | share | promised |\n|---|---|---|---|---|")
    print(row("right case among the first three", among, len(answers), "85 %"))
    print(row("right case first", first, len(answers)))
    print(row("right playbook first", opened, len(answers), "80 %"))
    print(row("right playbook among the first three", offered, len(answers)))
    print(row("right playbook first, only the one named first counts", strict, len(answers)))
    print(row("what the text clearly says, seen", len(said) - len(missed), len(said)))


def misses(answers: Sequence[Answer]) -> None:
    """Print every miss."""
    print("\n| text | missed | right | given |\n|---|---|---|---|")
    for each in answers:
        asked = each.asked
        if not set(each.found) & set(asked.cases):
            print(f"| {asked.id} | case | {', '.join(asked.cases)} | {', '.join(each.found)} |")
        if each.opened not in asked.playbooks:
            why = "；".join(each.given.playbooks[0].why)
            print(
                f"| {asked.id} | playbook | {', '.join(asked.playbooks)} | {each.opened}：{why} |"
            )
        for field, wanted, seen in each.missed():
            print(f"| {asked.id} | {field} | {wanted or 'none'} | {seen or 'none'} |")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=FRESH)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        answers = answer(texts(options.file), Path(folder) / "index")
    figures(answers)
    misses(answers)


if __name__ == "__main__":
    main()
