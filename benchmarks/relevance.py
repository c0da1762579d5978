"""How good is the order of `kb search`? nDCG@10, MRR@10 and Recall@10, beside words-only Whoosh.

    python benchmarks/relevance.py [--data ../shared/data/eval] [--sets complaints enquiries]

Each set is indexed by `index.update` and searched by `Searcher`, as the commands do. The other
column is what one gets without this package: jieba's `cut_for_search` in a Whoosh TEXT field, any
word matching, ranked by Whoosh's BM25F. Same process, same machine, same texts.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import evaluation
from evaluation import EvaluationSet

from kb_builder.analysis.analyzer import Analyzer
from kb_builder.index import Entry, Searcher, update

Search = Callable[[str], list[str]]
# What the project promises: nDCG@10 on the whole set.
TARGETS = {"complaints": 0.89, "enquiries": 0.45, "traditional": 0.94}


def build_ours(folder: Path, documents: Mapping[str, tuple[str, str]]) -> Search:
    """Index with `update`; the search gives the ids of the first ten."""

    def entry_of(id_: str) -> Entry:
        title, text = documents[id_]
        return Entry(id_, "case", title, f"/c/{id_}/", (("title", 1, title), ("body", 1, text)), {})

    analyzer = Analyzer()
    digests = {
        id_: hashlib.sha256("\0".join(texts).encode()).hexdigest()
        for id_, texts in documents.items()
    }
    update(folder, analyzer, digests, entry_of)
    searcher = Searcher.open(folder, analyzer)
    return lambda query: [id_ for _, id_ in searcher.rank(query)]


def build_words_only(folder: Path, documents: Mapping[str, tuple[str, str]]) -> Search:
    """Index jieba's words with Whoosh as it comes."""
    import jieba
    from whoosh import analysis, fields, index, query, scoring

    jieba.setLogLevel("ERROR")
    tokenizer = jieba.Tokenizer()

    def words(text: str) -> str:
        return " ".join(word for word in tokenizer.cut_for_search(text.lower()) if word.strip())

    schema = fields.Schema(
        id=fields.ID(stored=True), text=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer())
    )
    folder.mkdir(parents=True)
    whoosh = index.create_in(str(folder), schema)
    writer = whoosh.writer()
    for id_, texts in documents.items():
        writer.add_document(id=id_, text=words("\n\n".join(texts)))
    writer.commit()
    searcher = whoosh.searcher(weighting=scoring.BM25F(B=0.75, K1=1.2))

    def search(text: str) -> list[str]:
        terms = [query.Term("text", word) for word in dict.fromkeys(words(text).split())]
        return [hit["id"] for hit in searcher.search(query.Or(terms), limit=10)]

    return search


def report(data: EvaluationSet, name: str, build: Callable[..., Search], folder: Path) -> str:
    """One line of the table."""
    started = time.process_time()
    search = build(folder, data.documents)
    indexed = time.process_time()
    answers = {id_: search(text) for id_, text in data.queries.items()}
    searched = time.process_time()
    quality = evaluation.measure(data.judgements, answers)
    target = f"{TARGETS[data.name]:.2f}" if build is build_ours else ""
    return (
        f"| {data.name} | {name} | {quality.ndcg:.4f} | {target} | {quality.mrr:.4f} "
        f"| {quality.recall:.4f} | {quality.empty} | {indexed - started:.1f} "
        f"| {(searched - indexed) * 1000 / len(answers):.1f} |"
    )


def main() -> None:
    """Print one Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=evaluation.DATA)
    parser.add_argument("--sets", nargs="+", default=list(evaluation.SETS))
    options = parser.parse_args()
    sets = [evaluation.load(options.data / name) for name in options.sets]
    print(
        "| set | search | nDCG@10 | promised | MRR@10 | Recall@10 | no result | index CPU s", end=""
    )
    print(" | ms a query |\n|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for data in sets:
            for name, build in (("kb search", build_ours), ("words only", build_words_only)):
                print(report(data, name, build, Path(folder) / data.name / name), flush=True)


if __name__ == "__main__":
    main()
