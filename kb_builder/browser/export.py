"""Making the index for the browser."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kb_builder.analysis.analyzer import Analyzer
from kb_builder.analysis.folding import simplified_table
from kb_builder.browser import bundle, files, manifest, suggestions
from kb_builder.browser.advice import AdviceData, shards
from kb_builder.browser.documents import Column, Shown, blocks, encode_column
from kb_builder.browser.encoding import Keys
from kb_builder.browser.files import Output, layout_of
from kb_builder.browser.keys import SMALLEST_SHARD, Alphabet, Scheme, Shards, shard_size
from kb_builder.browser.manifest import Choice, Facet, Manifest
from kb_builder.browser.writing import Writer
from kb_builder.index import Entry
from kb_builder.index.counted import Counted, count_entries
from kb_builder.index.store import Count
from kb_builder.insight.inverted import Inversion
from kb_builder.model.settings import Settings

Progress = Callable[[str, int, int], None]
"""Called with what is being done (Chinese), how much is done, and how much there is."""

_STATUS = "status"


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
    `build` names this index; `parts` are the numbers of shards and their bytes by sort; `files` the SHA-256 of
    every file, by path.
    """

    documents: int
    terms: int
    size: int
    build: str
    parts: Mapping[str, tuple[int, int]]
    files: Mapping[str, str]


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
    count = count or partial(count_entries, analyzer=analyzer)
    invert = partial(_invert, ordered, count, progress)
    return export_terms(ordered, invert, tables, folder, progress, advice)


def export_terms(
    ordered: Sequence[Entry],
    invert: Callable[[], Inversion],
    tables: Tables,
    folder: Path,
    progress: Progress | None = None,
    advice: AdviceData | None = None,
    held: Mapping[str, str] | None = None,
) -> ExportReport:
    """Write the index of entries in the order of their ids: see `export`. `invert` gives their terms in this order; it is called
    once, and nobody else need hold what it gives, which is large.

    `held` is what `folder` is known to hold: SHA-256 by path in it.
    """
    keys = Keys(invert())
    alphabet = Alphabet.of(set("".join(keys.texts)))
    scheme = Scheme.of(len(ordered))
    pairs, singles = _write_keys(keys, scheme, alphabet, progress)
    words, terms = keys.frequencies_of_words(), len(keys.texts)
    del keys  # half of all memory
    block, shown = blocks(map(_shown, ordered))
    columns, used = _columns(ordered, tables)
    shape = scheme.shape(), alphabet.characters, len(pairs.terms), len(singles.terms), block
    output = Output(layout_of(*shape, [entry.id for entry in ordered]))
    titles = [(entry.title, entry.address) for entry in ordered]
    suggested = suggestions.make(words, titles, len(ordered), alphabet.characters)
    sets = {
        "terms": output.add_lasting("terms", pairs.terms),
        "postings": output.add_files("postings", pairs.files),
        "singles": output.add_lasting("singles", singles.terms),
        "characters": output.add_files("characters", singles.files),
        "docs": output.add_lasting("docs", shown),
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
            layout=output.layout,
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
    first, more, _ = bundle.scripts()
    output.files |= {bundle.SCRIPT: first.encode(), bundle.MORE: more.encode()}
    for module, text in bundle.modules().items():
        output.files[f"client/{module}"] = text.encode()
    written = files.write(folder, output.files, name, held or {})
    parts = {name: (each.count, output.sizes[name]) for name, each in sets.items()}
    parts["manifest"] = (1, len(sealed))
    size = sum(output.sizes.values()) + len(sealed)
    return ExportReport(len(ordered), terms, size, build, parts, written)


def _invert(entries: Sequence[Entry], count: Count, progress: Progress | None) -> Inversion:
    def counted() -> Iterator[Counted]:
        for done, each in enumerate(count(entries), 1):
            yield each
            if progress is not None:
                progress("分析", done, len(entries))

    return Inversion.made(counted())


def _write_keys(
    keys: Keys, scheme: Scheme, alphabet: Alphabet, progress: Progress | None
) -> tuple[Shards, Shards]:
    """The shards of keys of two and more characters, and those of one."""
    writer = Writer(keys, scheme, alphabet)
    done, total = 0, len(keys.texts)

    def count(written: int) -> None:
        nonlocal done
        done += written
        if progress is not None:
            progress("导出", done, total)

    single = keys.lengths == 1
    pairs = writer.write(~single, shard_size(scheme.documents), count)
    return pairs, writer.write(single, SMALLEST_SHARD, count)


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
