"""The vectors that Python and JavaScript share; `KB_UPDATE=1` writes what Python makes of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from kb_builder.analysis import excerpt as excerpts
from kb_builder.analysis.cutting import cut_query, find_synonyms, synonym_table
from kb_builder.analysis.excerpt import cut_excerpt
from kb_builder.analysis.folding import fold, fold_with_offsets
from kb_builder.analysis.query import find, parse, take_fields
from kb_builder.index.fields import Fields, Names
from kb_builder.insight import similarity
from kb_builder.ranking import Postings

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


def telling(vector: Any) -> Any:
    terms = excerpts.telling(vector["terms"], vector["rows"])
    marks = [list(span) for span in excerpts.mark(vector["text"], terms)]
    return {"terms": list(terms), "marks": marks}


def fields(vector: Any) -> Any:
    kinds = [Names(name, (label,)) for name, label in vector["kinds"]]
    facets = [
        (Names(name, (label,)), [Names(id_, tuple(others)) for id_, *others in choices])
        for name, label, choices in vector["facets"]
    ]
    used = {name: {id_ for id_, *_ in choices} for name, _, choices in vector["facets"]}
    known = Fields(kinds, facets)
    rest, chosen = take_fields(vector["text"], lambda *pair: known.resolve(*pair, used))
    return {"rest": rest, "filters": [{"name": c.name, "value": c.value} for c in chosen]}


class Table:
    """An index of frequencies; of its documents, number 0 holds the terms that are in a text."""

    def __init__(self, table: Any, text: str) -> None:
        self.table = table
        self.text = fold(text)

    def __len__(self) -> int:
        return int(self.table["documents"])

    def frequency(self, kind: str, term: str) -> int:
        return int(self.table[kind].get(term, 0))

    def postings(self, kind: str, term: str) -> Postings:
        held = self.frequency(kind, term) and term in self.text
        return Postings((0,), (10,)) if held else Postings((), ())


def similar(vector: Any) -> Any:
    index = Table(vector["index"], vector["document"])
    found = similarity.find(vector["text"], index)
    words = similarity.because(found, vector["text"], 0, index, [vector["document"]])
    return {
        "terms": [[each.kind, each.term, each.weight] for each in found.terms],
        "because": list(words),
    }


MAKERS = {
    "folding": folding,
    "cutting": cutting,
    "query": query,
    "fields": fields,
    "finding": finding,
    "excerpt": excerpt,
    "telling": telling,
    "similar": similar,
}


@pytest.mark.parametrize("name", MAKERS)
def test_vectors(name: str) -> None:
    path = VECTORS / f"{name}.json"
    vectors = json.loads(path.read_text(encoding="utf-8"))
    made = [{"given": vector["given"], "made": MAKERS[name](vector["given"])} for vector in vectors]
    if os.environ.get("KB_UPDATE"):
        path.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert made == vectors or os.environ.get("KB_UPDATE")
