"""The modules of the client one by one, on the vectors that Python has made."""

from __future__ import annotations

import json
import random
import sys
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from kb_builder.analysis.analyzer import is_han
from kb_builder.analysis.folding import fold_with_offsets, simplified_table

pytestmark = pytest.mark.browser

VECTORS = Path(__file__).parents[1] / "vectors"

# JavaScript counts UTF-16 units, Python characters.
_UNITS = """const units = (text) => { const at = [0]; for (const c of text) at.push(at.at(-1) + c.length); return at; };
const back = (text, spans) => { const at = units(text); return spans.map((n) => at.indexOf(n)); };"""

MAKERS = {
    "folding": """const f = folder.foldWithOffsets(v);
        const chars = Array.from(f.text); let i = 0; const first = chars.map((c) => { const at = i; i += c.length; return at; });
        return {text: f.text, starts: back(v, first.map((k) => f.starts[k])), ends: back(v, first.map((k) => f.ends[k]))};""",
    "cutting": """const found = m.cutting.stretchesOf(v.query, fold);
        const cut = m.cutting.cutQuery(found, v.index.documents, (kind, term) => v.index[kind][term] || 0);
        cut.terms.sort(m.cutting.compareTerms);
        return {terms: cut.terms.map(({kind, term}) => [kind, term]), rows: cut.rows,
                synonyms: m.cutting.findSynonyms(cut, m.cutting.synonymTable(v.synonyms, fold))};""",
    "query": "return m.query.parse(v, fold);",
    "fields": """const facets = v.facets.map(([name, label, choices]) => ({name, label,
            choices: choices.map(([id, label, ...aliases]) => ({id, label, aliases}))}));
        const resolve = (field, value) =>
            m.engine.Engine.prototype.resolve.call({fold, manifest: {kinds: v.kinds, facets}}, field, value);
        return m.query.takeFields(v.text, resolve);""",
    "similar": """const {countCandidates, choosePairs, countTerms, weigh, nameReasons} = m.similar;
        const runs = m.letters.stretches(fold(v.text));
        const table = (kind, term) => v.index[kind][term] || 0;
        const held = choosePairs(countCandidates(runs), v.index.documents, table);
        const frequency = (kind, term) => {
            const chars = Array.from(term);
            return chars.length < 2 || held.has(chars[0] + chars[1]) ? table(kind, term) : 0;
        };
        const terms = weigh(countTerms(runs, v.index.documents, frequency).counts, v.index.documents, frequency);
        const inside = terms.filter(({term}) => fold(v.document).includes(term));
        const parts = inside.map((each) => ({...each, value: each.weight * 10}));
        return {terms: terms.map(({kind, term, weight}) => [kind, term, weight]),
                because: nameReasons(fold(v.text), parts, [], [fold(v.document)])};""",
    "finding": """return m.query.find(v.text, v.term).map((span) => back(v.text, span));""",
    "telling": """const terms = m.excerpt.telling(new Map(Object.entries(v.terms)), v.rows);
        const marks = m.excerpt.mark(v.text, terms, folder);
        return {terms: [...terms.keys()], marks: marks.map((span) => back(v.text, span))};""",
    "excerpt": """const e = m.excerpt.cutExcerpt(v.text, new Map(Object.entries(v.terms)), folder);
        return {text: e.text, marks: e.marks.map((span) => back(e.text, span)), score: e.score};""",
}


def run(page: Page, script: str, values: list[Any]) -> Any:
    """Run a function body for each value, with the modules as `m`."""
    return page.evaluate(
        f"""async ([values, traditional]) => {{
            const m = {{}};
            for (const name of ["cutting", "query", "excerpt", "folding", "letters", "engine", "similar"])
                m[name] = await import(`./search/client/${{name}}.js`);
            const folder = new m.folding.Folder(new Map(Object.entries(traditional)));
            const fold = (text) => folder.fold(text);
            {_UNITS}
            return values.map((v) => {{ {script} }});
        }}""",
        [values, simplified_table()],
    )


@pytest.fixture
def opened(page: Page, serve: Callable[[Path], str], site_with_index: Path) -> Page:
    page.goto(serve(site_with_index) + "kb/index.html")
    return page


@pytest.mark.parametrize("name", MAKERS)
def test_vectors(opened: Page, name: str) -> None:
    vectors = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    made = run(opened, MAKERS[name], [vector["given"] for vector in vectors])
    for vector, result in zip(vectors, made, strict=True):
        assert result == vector["made"], vector["given"]


def test_random_texts_fold_alike(opened: Page) -> None:
    rng = random.Random(2016)
    # Only what this Python's Unicode knows: a browser may know more.
    known = [
        chr(c) for c in range(sys.maxunicode) if unicodedata.category(chr(c)) not in ("Cn", "Cs")
    ]
    blocks = ["客戶投訴處理", "ａ１㎏①", " \n\t\u3000", "e\u0301\u0323각", "\u200b\u00ad\ufe0f"]
    texts = ["".join(rng.choices(known, k=20)) for _ in range(2000)]
    texts += ["".join(rng.choices("".join(blocks), k=20)) for _ in range(2000)]
    for text, made in zip(texts, run(opened, MAKERS["folding"], texts), strict=True):
        folded = fold_with_offsets(text)
        assert made == {"text": folded.text, "starts": folded.starts, "ends": folded.ends}, ascii(
            text
        )


def test_every_character_is_of_the_same_sort(opened: Page) -> None:
    known = [
        chr(c) for c in range(sys.maxunicode) if unicodedata.category(chr(c)) not in ("Cn", "Cs")
    ]
    script = """const own = m.letters;
        return [own.hasTerm(v), own.isHan(v), own.IS_SPACE.test(v), own.edge(v)];"""
    for char, sorts in zip(known, run(opened, script, known), strict=True):
        han = is_han(char)
        edge = "digit" if char.isdecimal() else "letter" if char.isalnum() and not han else ""
        assert sorts == [char.isalnum(), han, char.isspace(), edge], ascii(char)


def test_order_by_code_point(opened: Page) -> None:
    rng = random.Random(1)
    texts = ["".join(rng.choices("aZ投\uff0c\U00020bb7\ue000\U0001f600", k=3)) for _ in range(300)]
    pairs = list(pairwise(texts))
    made = run(opened, "return Math.sign(m.letters.compare(v[0], v[1]));", [list(p) for p in pairs])
    assert made == [(a > b) - (a < b) for a, b in pairs]
