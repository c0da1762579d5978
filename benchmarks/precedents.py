"""Does a complaint find the answer that was given to it? nDCG@10, Recall@10; bytes and milliseconds.

    python benchmarks/precedents.py [--data ../shared/data] [--documents 10000] [--queries 400] [--only PART]

Queries are the texts of `complaints_resolved.xlsx`, documents the answers to them; the complaint's own number
and user and its subject line are taken out of both, so that an answer isn't found because it quotes them. The
tables are of one half of the pairs, on which the numbers in `ranking.py` were chosen, and of the
other half, which nothing was chosen on. All answers are searched; asked are all complaints for the lines that say
so, and an even sample of `--queries` for the others, because the textbook baselines take 70 ms each.

Beside ours: BM25 (k1 1.2, b 0.75) over jieba's words, and the cosine of TF-IDF vectors of one and two
characters, with plain and with logarithmic counts; each as its textbook has it, over the whole text.

In the browser: an index of so many documents of the scale corpus, with the playbooks of this repository; texts of
up to 5,000 characters, put together of documents that are not in it; a fresh tab for each. *first* counts every
byte the engine fetched and all of the time until the answer; *later* is the text without its last character,
when the parts have arrived; *corrected* the same text again. `similar` is the cases alone, `advise` all five parts of 找先例.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import math
import re
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import evaluation
from openpyxl import load_workbook
from playwright.sync_api import sync_playwright
from search_scale import texts as scale_texts

from kb_builder import loader, precedents, ranking
from kb_builder.analysis.analyzer import Analyzer
from kb_builder.analysis.cutting import cut_query
from kb_builder.browser import AdviceData, Tables, export
from kb_builder.entries import entry_of
from kb_builder.index import Entry
from kb_builder.index.counted import Counted, count_entry
from kb_builder.insight import similarity
from kb_builder.insight.material import listed, shown
from kb_builder.insight.neighbours import Memory, neighbours
from kb_builder.ranking import QueryTerm

ROOT = Path(__file__).parents[1]
Texts = Mapping[str, str]
Ask = Callable[[str], Mapping[int, float]]
EVERYTHING = 10**9
TARGET = 0.66

_BLANKS = re.compile(r"\s+")
_LETTER = re.compile(r"\w")


def load(path: Path) -> tuple[Texts, Texts]:
    """Complaints and answers, each by the number of the row."""
    rows = load_workbook(path, read_only=True).worksheets[0].iter_rows(min_row=2, values_only=True)
    complaints, answers = {}, {}
    for number, (key, user, subject, _, complaint, answer, *_rest) in enumerate(rows):
        gone = [str(value).strip() for value in (subject, key, user) if value is not None]
        for texts, text in ((complaints, complaint), (answers, answer)):
            bare = str(text or "")
            for each in filter(None, gone):
                bare = bare.replace(each, " ")
            texts[f"{number:05d}"] = bare
    return complaints, answers


def memory(answers: Texts) -> Memory:
    """Our index of the answers."""
    analyzer = Analyzer()
    return Memory([count_entry(_entry(id_, answers[id_]), analyzer) for id_ in sorted(answers)])


def _entry(id_: str, text: str) -> Entry:
    return Entry(id_, "case", id_, f"c/{id_}/", (("body", 1, text),), {})


def ours(index: Memory) -> Ask:
    """What `kb similar` does."""
    return lambda text: similarity.find(text, index).scores


def as_query(index: Memory) -> Ask:
    """The same text pasted into the search: its rarest terms, each once."""

    def frequency(kind: str, term: str) -> int:
        return 0 if kind == "infix" else index.frequency(kind, term)

    def ask(text: str) -> Mapping[int, float]:
        found = [
            QueryTerm(kind, term, held)
            for kind, term in cut_query(text, len(index), frequency).terms
            if (held := frequency(kind, term))
        ]
        terms = ranking.select_terms(found, len(index))
        return ranking.add_up([(t.term, index.postings(t.kind, t.term)) for t in terms], ()).totals

    return ask


def bm25(answers: Texts) -> Ask:
    """BM25 over jieba's words."""
    import jieba

    jieba.setLogLevel("ERROR")
    cut = jieba.Tokenizer().cut_for_search

    def words(text: str) -> Counter[str]:
        return Counter(word for word in cut(text.lower()) if _LETTER.search(word))

    documents = [words(answers[id_]) for id_ in sorted(answers)]
    lengths = [counts.total() for counts in documents]
    mean = sum(lengths) / len(documents)
    lists = _invert(documents)

    def ask(text: str) -> Mapping[int, float]:
        scores: defaultdict[int, float] = defaultdict(float)
        for word, times in words(text).items():
            held = lists.get(word, ())
            idf = math.log(1 + (len(documents) - len(held) + 0.5) / (len(held) + 0.5))
            for number, count in held:
                damping = 1.2 * (0.25 + 0.75 * lengths[number] / mean)
                scores[number] += times * idf * count * 2.2 / (count + damping)
        return scores

    return ask


def cosine(answers: Texts, *, logarithmic: bool) -> Ask:
    """TF-IDF of one and two characters, as scikit-learn's `TfidfVectorizer(analyzer="char")` has it."""

    def grams(text: str) -> Counter[str]:
        text = _BLANKS.sub(" ", text.lower())
        return Counter([*text, *map(str.__add__, text, text[1:])])

    documents = [grams(answers[id_]) for id_ in sorted(answers)]
    held = Counter(gram for counts in documents for gram in counts)
    size = len(documents)
    idf = {gram: math.log((1 + size) / (1 + count)) + 1 for gram, count in held.items()}

    def vector(counts: Counter[str]) -> dict[str, float]:
        weights = {
            gram: (1 + math.log(count) if logarithmic else count) * idf[gram]
            for gram, count in counts.items()
            if gram in idf
        }
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {gram: weight / norm for gram, weight in weights.items()}

    lists = _invert([vector(counts) for counts in documents])

    def ask(text: str) -> Mapping[int, float]:
        scores: defaultdict[int, float] = defaultdict(float)
        for gram, weight in vector(grams(text)).items():
            for number, other in lists[gram]:
                scores[number] += weight * other
        return scores

    return ask


def _invert(documents: Iterable[Mapping[str, float]]) -> dict[str, list[tuple[int, float]]]:
    lists: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, weights in enumerate(documents):
        for term, weight in weights.items():
            lists[term].append((number, weight))
    return dict(lists)


def report(name: str, ask: Ask, complaints: Texts, halves: Sequence[Sequence[str]]) -> None:
    """One line of a table."""
    ids = sorted(complaints)
    cells = []
    started = time.process_time()
    for half in halves:
        answers = {}
        for id_ in half:
            scores = ask(complaints[id_])
            best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:10]
            answers[id_] = [ids[number] for number, _ in best]
        quality = evaluation.measure({id_: {id_: 1.0} for id_ in half}, answers)
        cells.append(f"{quality.ndcg:.4f} | {quality.recall:.4f}")
    each = (time.process_time() - started) * 1000 / sum(map(len, halves))
    print(f"| {name} | {' | '.join(cells)} | {each:.1f} |", flush=True)


def relevance(complaints: Texts, answers: Texts, queries: int) -> None:
    """The tables of relevance."""
    every = [sorted(complaints)[::2], sorted(complaints)[1::2]]
    step = max(len(complaints) // queries, 1)
    halves = [half[::step] for half in every]
    index = memory(answers)
    head = "| | chosen on: nDCG@10 | Recall@10 | reported: nDCG@10 | Recall@10 | CPU ms |"
    rule = "|---|" + "---|" * 5
    asked = " + ".join(str(len(half)) for half in halves)
    print(f"{len(complaints)} pairs, {asked} asked; to reach: {TARGET}\n\n{head}\n{rule}")
    line = partial(report, complaints=complaints, halves=halves)
    words = bm25(answers)
    report("kb similar, all asked", ours(index), complaints, every)
    report("BM25, jieba's words, all asked", words, complaints, every)
    line("kb similar", ours(index))
    line("the text as a query of kb search", as_query(index))
    line("BM25, jieba's words", words)
    line("TF-IDF, 1–2 characters", cosine(answers, logarithmic=False))
    line("TF-IDF, 1–2 characters, logarithmic", cosine(answers, logarithmic=True))
    chosen = ranking.MAX_SIMILAR_TERMS, ranking.MAX_SIMILAR_PAIRS
    print(f"\nPairs looked up, terms scored (in force: {chosen[1]}, {chosen[0]})\n\n{head}\n{rule}")
    numbers = [(chosen[1], terms) for terms in (12, 24, 48, 96, 128, 200, EVERYTHING)]
    numbers += [(pairs, chosen[0]) for pairs in (50, 100, 400, EVERYTHING)]
    for pairs, terms in [*numbers, (EVERYTHING, EVERYTHING)]:
        ranking.MAX_SIMILAR_PAIRS, ranking.MAX_SIMILAR_TERMS = pairs, terms
        names = ["all" if number == EVERYTHING else str(number) for number in (pairs, terms)]
        line(f"{names[0]} pairs, {names[1]} terms", ours(index))
    ranking.MAX_SIMILAR_TERMS, ranking.MAX_SIMILAR_PAIRS = chosen


_ASK = """async ([call, text]) => { await kbSearch.ready; const now = "2026-11-22T15:20";
    const ask = async (text) => { const start = performance.now();
        await kbSearch[call](text, { now, detail: true }); return performance.now() - start; };
    const first = await ask(text); const { bytes, requests } = await kbSearch.traffic();
    // One character less: another text, of which every part is here.
    const later = await ask(text.slice(0, -1));
    return { first, later, corrected: await ask(text.slice(0, -1)), bytes, requests }; }"""


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass


def advice_data(ids: Iterable[str]) -> tuple[list[Entry], AdviceData]:
    """The playbooks of this repository, and its advice with the facts of its cases for these ids in turn."""
    base = loader.load(ROOT)
    known = listed(shown(base.corpus, drafts=False))
    data = precedents.advice_of(base, known)
    facts = [
        dataclasses.replace(its, id=id_, address=f"c/{id_}/")
        for id_, its in zip(ids, itertools.cycle(data.facts), strict=False)
    ]
    playbooks = [entry_of(known.by_id[id_]) for id_ in known.ids["playbook"]]
    return playbooks, dataclasses.replace(data, facts=facts)


def in_browser(count: int, sizes: Sequence[int], repeats: int) -> None:
    """The table of bytes and milliseconds."""
    documents = list(scale_texts(count + 1_000))
    analyzer = Analyzer()
    entries = [_entry(f"{number:06d}", one["text"]) for number, one in enumerate(documents[:count])]
    rest = "\n".join(one["text"] for one in documents[count:])
    playbooks, data = advice_data(entry.id for entry in entries)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        site = Path(temporary)
        started = time.process_time()
        export([*entries, *playbooks], analyzer, Tables(), site / "search", advice=data)
        print(f"\n{count} cases, index made in {time.process_time() - started:.0f} CPU s\n")
        print(
            "| call | characters | fetched KB p50 | most | requests | first ms p50 | later ms p50 | most | corrected |"
        )
        print("|---|---|" + "---|" * 7)
        (site / "index.html").write_text('<script src="search/kb-search.js"></script>')
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        system = Path("/usr/bin/chromium")
        browser = playwright.chromium.launch(
            executable_path=str(system) if system.exists() else None, args=["--no-sandbox"]
        )
        for call, size in itertools.product(("similar", "advise"), sizes):
            found = []
            for start in range(repeats):
                context = browser.new_context()
                page = context.new_page()
                page.goto(f"http://127.0.0.1:{server.server_port}/")
                text = rest[start * 9_001 % (len(rest) - size) :][:size]
                found.append(page.evaluate(_ASK, [call, text]))
                context.close()
            values = {key: sorted(one[key] for one in found) for key in found[0]}
            middle = repeats // 2
            print(
                f"| {call} | {size} | {values['bytes'][middle] / 1e3:.0f} "
                f"| {values['bytes'][-1] / 1e3:.0f} | {values['requests'][middle]} "
                f"| {values['first'][middle]:.0f} | {values['later'][middle]:.0f} "
                f"| {values['later'][-1]:.0f} | {values['corrected'][middle]:.0f} |",
                flush=True,
            )
        server.shutdown()


def lists(count: int) -> None:
    """The time that the lists on the case pages take."""
    analyzer = Analyzer()
    entries = [
        _entry(f"{number:06d}", one["text"]) for number, one in enumerate(scale_texts(count))
    ]
    counted: dict[str, Counted] = {entry.id: count_entry(entry, analyzer) for entry in entries}
    started = time.process_time()
    found = neighbours(counted, {})
    spent = time.process_time() - started
    print(
        f"Similar cases of {count} cases: {spent:.0f} CPU s, {sum(map(bool, found.values()))} with any"
    )


def main() -> None:
    """Print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=evaluation.DATA.parent)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--only", choices=("relevance", "browser", "lists"))
    options = parser.parse_args()
    path = options.data / "complaints_resolved.xlsx"
    if not path.is_file():
        sys.exit(f"skipped: no {path}")
    if options.only in (None, "relevance"):
        relevance(*load(path), options.queries)
    if options.only in (None, "browser"):
        in_browser(options.documents, (200, 5_000), options.repeats)
    if options.only == "lists":
        lists(options.documents)


if __name__ == "__main__":
    main()
