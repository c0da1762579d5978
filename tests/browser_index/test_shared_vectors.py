"""The vectors that Python and JavaScript share; `KB_UPDATE=1` writes what Python makes of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from kb_builder.analysis.cutting import cut_query, find_synonyms, synonym_table
from kb_builder.analysis.excerpt import cut_excerpt
from kb_builder.analysis.folding import fold_with_offsets
from kb_builder.analysis.query import find, parse

VECTORS = Path(__file__).parents[1] / "vectors"


def folding(vector: Any) -> Any:
    folded = fold_with_offsets(vector)
    return {"text": folded.text, "starts": folded.starts, "ends": folded.ends}


def cutting(vector: Any) -> Any:
    index = vector["index"]
    cut = cut_query(
        vector["query"], index["documents"], lambda kind, term: index[kind].get(term, 0)
    )
    synonyms = find_synonyms(cut, synonym_table(vector["synonyms"]))
    return {
        "terms": [list(term) for term in cut.terms],
        "rows": [list(row) for row in cut.rows],
        "synonyms": [list(pair) for pair in synonyms],
    }


def query(vector: Any) -> Any:
    parsed = parse(vector)
    return {
        "text": parsed.text,
        "phrases": list(parsed.phrases),
        "excluded": list(parsed.excluded),
        "shortened": parsed.shortened,
    }


def finding(vector: Any) -> Any:
    return [list(span) for span in find(vector["text"], vector["term"])]


def excerpt(vector: Any) -> Any:
    made = cut_excerpt(vector["text"], vector["terms"])
    return {"text": made.text, "marks": [list(span) for span in made.marks], "score": made.score}


MAKERS = {
    "folding": folding,
    "cutting": cutting,
    "query": query,
    "finding": finding,
    "excerpt": excerpt,
}


@pytest.mark.parametrize("name", MAKERS)
def test_vectors(name: str) -> None:
    path = VECTORS / f"{name}.json"
    vectors = json.loads(path.read_text(encoding="utf-8"))
    made = [{"given": vector["given"], "made": MAKERS[name](vector["given"])} for vector in vectors]
    if os.environ.get("KB_UPDATE"):
        path.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert made == vectors or os.environ.get("KB_UPDATE")
