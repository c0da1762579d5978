"""Making the index for the browser."""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb_builder import ranking
from kb_builder.analysis.analyzer import KINDS, Analyzer, Kind, is_han
from kb_builder.analysis.folding import simplified_table
from kb_builder.browser import bundle, files, manifest, suggestions
from kb_builder.browser.advice import AdviceData, shards
from kb_builder.browser.documents import Column, Shown, blocks, encode_column
from kb_builder.browser.files import Output
from kb_builder.browser.keys import (
    SMALLEST_SHARD,
    Alphabet,
    Key,
    Scheme,
    Shards,
    ShardWriter,
    shard_size,
)
from kb_builder.browser.lists import SMALL, Census, Postings
from kb_builder.browser.manifest import Choice, Facet, Manifest
from kb_builder.index import Entry
from kb_builder.index.counted import count_entry
from kb_builder.index.store import Count
from kb_builder.model.settings import Settings

Progress = Callable[[str, int, int], None]
"""Called with what is being done (Chinese), how much is done, and how much there is."""

_STATUS = "status"
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Tables:
    """What the search must know of a base besides its documents.

    `kinds` are (name, label); `facets` are the fields to filter by; `synonyms` are groups of words.
    """

    kinds: tuple[tuple[str, str], ...] = ()
    facets: tuple[Facet, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written: `size` is the bytes that a web server sends, all shards together;
    `build` names this index; `parts` are the numbers of shards and their bytes by sort.
    """

    documents: int
    terms: int
    size: int
    build: str
    parts: Mapping[str, tuple[int, int]]


def tables_of(settings: Settings) -> Tables:
    """The tables of a base."""
    facets: dict[str, Facet] = {}
    for kind in settings.schema.kinds.values():
        for spec in (*kind.facets(), kind.fields.get(_STATUS)):
            if spec is not None and spec.name not in facets:
                values = tuple(spec.vocabulary) if spec.vocabulary else ()
                choices = tuple(Choice(v.id, v.label, v.aliases) for v in values)
                facets[spec.name] = Facet(spec.name, spec.label, choices)
    return Tables(
        tuple((kind.name, kind.label) for kind in settings.schema.kinds.values()),
        tuple(facets.values()),
        settings.synonyms,
    )


def export(
    entries: Iterable[Entry],
    analyzer: Analyzer,
    tables: Tables,
    folder: Path,
    progress: Progress | None = None,
    count: Count | None = None,
    advice: AdviceData | None = None,
) -> ExportReport:
    """Write the index of `entries` into `folder`, in the place of the one that is there.

    The same entries give the same bytes, in whatever order they come. `count` gives the counts that
    `analyzer` makes, from where they are kept; without it, every entry is analysed. `advice` is what the
    page 找先例 needs; without it, the client can't advise.
    """
    ordered = sorted(entries, key=lambda entry: entry.id)
    inversion = _Inversion(ordered, count or (lambda entry: count_entry(entry, analyzer)), progress)
    output = Output()
    alphabet = Alphabet.of(char for key in inversion.keys for char in key)
    scheme = inversion.scheme()
    pairs, singles = _write_keys(inversion, scheme, alphabet, progress)
    block, shown = blocks(map(_shown, ordered))
    columns, used = _columns(ordered, tables)
    words = {word: len(held) for word, held in inversion.lists["word"].items()}
    titles = [(entry.title, entry.address) for entry in ordered]
    suggested = suggestions.make(words, titles, len(ordered), alphabet.characters)
    sets = {
        "terms": output.add("terms", pairs.terms),
        "postings": output.add("postings", pairs.files),
        "singles": output.add("singles", singles.terms),
        "characters": output.add("characters", singles.files),
        "docs": output.add("docs", shown),
        "columns": output.add("columns", columns),
        "suggest": output.add("suggest", suggested),
    }
    if advice is not None:
        sets |= {name: output.add(name, each) for name, each in shards(advice).items()}
    traditional = {
        source: target
        for source, target in simplified_table().items()
        if target in alphabet.ranks and source not in alphabet.ranks
    }
    made = manifest.encode(
        Manifest(
            alphabet=alphabet,
            scheme=scheme,
            sets=sets,
            kinds=tables.kinds,
            years=tuple(sorted({entry.date[:4] for entry in ordered})),
            facets=used,
            synonyms=tables.synonyms,
            traditional=traditional,
            block=block,
        )
    )
    build = hashlib.sha256(made).hexdigest()[:12]
    name = f"manifest-{build}.bin"
    sealed = files.seal(name, made)
    output.files[name] = sealed
    output.files[f"manifest-{build}.js"] = files.as_script(name, sealed)
    first, more = bundle.scripts()
    output.files |= {bundle.SCRIPT: first.encode(), bundle.MORE: more.encode()}
    for module, text in bundle.modules().items():
        output.files[f"client/{module}"] = text.encode()
    files.write(folder, output.files, name)
    parts = {
        name: (each.count, sum(len(output.files[each.path(n)]) for n in range(each.count)))
        for name, each in sets.items()
    }
    parts["manifest"] = (1, len(sealed))
    size = output.size + len(sealed)
    return ExportReport(len(ordered), len(inversion.keys), size, build, parts)


class _Inversion:
    """Counts of all terms, and what the ranking formula makes of them."""

    def __init__(self, entries: Sequence[Entry], count: Count, progress: Progress | None) -> None:
        self.documents = len(entries)
        # Of each term, for each document that holds it: its number << 32 | how often.
        self.lists: dict[Kind, dict[str, array[int]]] = {
            kind: defaultdict(lambda: array("Q")) for kind in KINDS
        }
        lengths = []
        for docnum, entry in enumerate(entries):
            counted = count(entry)
            lengths.append(counted.lengths())
            for place, kind in enumerate(KINDS):
                held = self.lists[kind]
                for often, terms in counted.each(place):
                    posting = docnum << 32 | often
                    for term in terms:
                        held[term].append(posting)
            if progress is not None:
                progress("分析", docnum + 1, self.documents)
        self._dampings = {
            kind: ranking.dampings([row[place] for row in lengths], self.documents)
            for place, kind in enumerate(KINDS)
        }
        self.keys = sorted({key for kind in KINDS for key in self.lists[kind]})

    def scheme(self) -> Scheme:
        """The centres of short lists, for which all of them are looked through."""
        found = {}
        for kind in KINDS:
            census = Census()
            for held in self.lists[kind].values():
                if len(held) < SMALL:
                    census.add(self._impacts(kind, held)[1])
            found[kind] = census.centres()
        return Scheme(self.documents, **found)

    def postings(self, key: str) -> tuple[Key, Postings]:
        """The postings of a key."""
        words = self.lists["word"].get(key)
        if len(key) > 2:
            assert words is not None
            numbers, impacts = self._impacts("word", words)
            return Key(key, len(numbers), len(numbers)), Postings(numbers, impacts)
        kind = _base_of(key)
        numbers, impacts = self._impacts(kind, self.lists[kind][key])
        if words is None:
            return Key(key, len(numbers), 0), Postings(numbers, impacts)
        as_word = dict(zip(*self._impacts("word", words), strict=True))
        held = [as_word.get(number, 0) for number in numbers]
        return Key(key, len(numbers), len(as_word)), Postings(numbers, impacts, held)

    def _impacts(self, kind: Kind, held: array[int]) -> tuple[list[int], list[int]]:
        numbers = [posting >> 32 for posting in held]
        counts = [posting & 0xFFFFFFFF for posting in held]
        weight = ranking.term_weight(kind, self.documents, len(numbers))
        return numbers, ranking.impacts(weight, numbers, counts, self._dampings[kind])


def _base_of(key: str) -> Kind:
    """As what a key of one or two characters is in a document, word or not."""
    if not any(map(is_han, key)):
        return "infix"
    return "char" if len(key) == 1 else "bigram"


def _write_keys(
    inversion: _Inversion, scheme: Scheme, alphabet: Alphabet, progress: Progress | None
) -> tuple[Shards, Shards]:
    """The shards of keys of two and more characters, and those of one."""
    pairs = ShardWriter(scheme, alphabet, shard_size(scheme.documents))
    singles = ShardWriter(scheme, alphabet, SMALLEST_SHARD)
    total = len(inversion.keys)
    for done, text in enumerate(inversion.keys, 1):
        (singles if len(text) == 1 else pairs).add(*inversion.postings(text))
        if progress is not None and done % _CHUNK == 0:
            progress("导出", done, total)
    return pairs.finish(), singles.finish()


def _shown(entry: Entry) -> Shown:
    texts = tuple((name, text) for name, _, text in entry.texts[1:])
    return Shown(entry.id, entry.address, entry.title, entry.kind, entry.date, entry.facets, texts)


def _columns(entries: Sequence[Entry], tables: Tables) -> tuple[list[bytes], tuple[Facet, ...]]:
    """The columns kind, date and one for each facet that any document has; and these facets."""
    rows: list[list[tuple[str, ...]]] = [
        [(entry.kind,) for entry in entries],
        [(entry.date,) for entry in entries],
    ]
    used = []
    for facet in tables.facets:
        values = [tuple(entry.facets.get(facet.name, ())) for entry in entries]
        found = {value for row in values for value in row}
        if not found or (facet.name == _STATUS and len(found) == 1):
            continue
        known = [choice for choice in facet.choices if choice.id in found]
        others = sorted(found - {choice.id for choice in known})
        extra = [Choice(value, _BOOLEANS.get(value, value)) for value in others]
        used.append(Facet(facet.name, facet.label, (*known, *extra)))
        rows.append(values)
    return [_column(values) for values in rows], tuple(used)


_BOOLEANS = {"true": "是", "false": "否"}


def _column(values: Sequence[tuple[str, ...]]) -> bytes:
    names = tuple(sorted({value for row in values for value in row}))
    numbers = {name: number for number, name in enumerate(names)}
    return encode_column(Column(names, [tuple(numbers[v] for v in row) for row in values]))
