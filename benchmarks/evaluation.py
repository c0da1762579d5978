"""The evaluation sets in ../shared/data/eval, and how good an order of documents is for them.

Not part of the package: the data belongs to others and is not in the repository.
"""

from __future__ import annotations

import gzip
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "eval"
SETS = ("complaints", "enquiries", "traditional")


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Documents (id → title, text), queries (id → text), judgements (query → document → grade)."""

    name: str
    documents: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    judgements: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over all queries; `empty` is the number of queries without any result."""

    ndcg: float
    mrr: float
    recall: float
    empty: int


def load(folder: Path) -> EvaluationSet:
    """Read docs.jsonl.gz, queries.jsonl.gz and qrels.tsv.gz; leaves with a message if they are missing."""
    if not (folder / "docs.jsonl.gz").is_file():
        sys.exit(f"skipped: no evaluation data in {folder}")
    documents = {d["id"]: (d["title"], d["text"]) for d in _lines(folder / "docs.jsonl.gz")}
    queries = {q["id"]: q["text"] for q in _lines(folder / "queries.jsonl.gz")}
    judgements: dict[str, dict[str, float]] = defaultdict(dict)
    with gzip.open(folder / "qrels.tsv.gz", "rt", encoding="utf-8") as file:
        for line in file:
            query, document, grade = line.rstrip("\n").split("\t")
            judgements[query][document] = float(grade)
    return EvaluationSet(folder.name, documents, queries, judgements)


def measure(
    judgements: Mapping[str, Mapping[str, float]], answers: Mapping[str, Sequence[str]]
) -> Quality:
    """nDCG@10 (gain 2^grade - 1), MRR@10 and Recall@10 of the document ids found for each query."""
    ndcg = mrr = recall = 0.0
    for query, found in answers.items():
        grades = judgements.get(query, {})
        gains = [2 ** grades.get(document, 0.0) - 1 for document in found[:10]]
        ideal = _discounted(sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:10])
        ndcg += _discounted(gains) / ideal if ideal else 0.0
        mrr += next((1 / place for place, gain in enumerate(gains, 1) if gain > 0), 0.0)
        relevant = sum(grade > 0 for grade in grades.values())
        recall += sum(gain > 0 for gain in gains) / relevant if relevant else 0.0
    count = len(answers) or 1
    empty = sum(not found for found in answers.values())
    return Quality(ndcg / count, mrr / count, recall / count, empty)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
