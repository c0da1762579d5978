"""Bringing the index up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kb_builder.analysis.analyzer import KINDS, Analyzer
from kb_builder.diagnostics import KbError
from kb_builder.index import documents, generations
from kb_builder.index.counted import count_entries
from kb_builder.index.documents import Row
from kb_builder.index.entry import Entry
from kb_builder.index.generations import Manifest, NoIndexError
from kb_builder.index.store import Count

# Postings held in memory before they are written: about 5,000 cases, 100 MB.
_BATCH = 5_000_000


@dataclass(frozen=True, slots=True)
class Update:
    """How many documents were new, changed, gone and as before."""

    added: int
    changed: int
    removed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which documents to analyse and which to forget, against the generation that counts."""

    previous: Manifest | None
    added: list[str]
    changed: list[str]
    removed: list[str]
    unchanged: int

    @property
    def outcome(self) -> Update:
        return Update(len(self.added), len(self.changed), len(self.removed), self.unchanged)


def update(
    directory: Path,
    analyzer: Analyzer,
    digests: Mapping[str, str],
    entry_of: Callable[[str], Entry],
    progress: Callable[[int, int], None] | None = None,
    count: Count | None = None,
) -> Update:
    """Make the index in `directory` hold exactly the documents of `digests`: id → content digest.

    `entry_of(id)` is asked for those documents only whose digest is not the one in the index.
    `progress(done, to do)` is called after each. `count` gives the counts that `analyzer` makes, from
    where they are kept; without it, every such document is analysed. An index that is missing, damaged or of another
    version is made anew. Raises `KbError` when somebody else is writing or the disk does not take
    it; then, as when the process is killed, the index is what it was.
    """
    plan = _plan(directory, analyzer, digests)
    if plan.previous is not None and plan.unchanged == len(plan.previous.digests) == len(digests):
        return plan.outcome
    try:
        with generations.locked(directory):
            # Again, now that nobody else can change it.
            plan = _plan(directory, analyzer, digests)
            folder = generations.new_generation(directory, plan.previous)
            try:
                analyse = count or partial(count_entries, analyzer=analyzer)
                _fill(folder, plan, analyse, entry_of, progress)
                generations.publish(directory, _describe(folder, plan, analyzer, digests))
            except BaseException:
                generations.discard(directory, folder)
                raise
    except OSError as error:
        raise KbError(f"索引写不进 {directory}：{error.strerror or error}") from error
    return plan.outcome


def _plan(directory: Path, analyzer: Analyzer, digests: Mapping[str, str]) -> _Plan:
    try:
        previous: Manifest | None = generations.read(directory)
    except NoIndexError:
        previous = None
    if previous is not None and previous.analysis != analyzer.version:
        previous = None
    known = previous.digests if previous else {}
    changed = [id_ for id_ in sorted(digests) if id_ in known and known[id_] != digests[id_]]
    return _Plan(
        previous,
        added=[id_ for id_ in sorted(digests) if id_ not in known],
        changed=changed,
        removed=[id_ for id_ in sorted(known) if id_ not in digests],
        unchanged=sum(id_ in known for id_ in digests) - len(changed),
    )


def _fill(
    folder: Path,
    plan: _Plan,
    count: Count,
    entry_of: Callable[[str], Entry],
    progress: Callable[[int, int], None] | None,
) -> None:
    """Write the new generation's index and table of documents."""
    from kb_builder.index import segments

    rows: dict[str, Row] = {}
    deleted: list[int] = []
    if plan.previous is None:
        segments.create(folder)
    else:
        table = folder.parent / plan.previous.generation / documents.NAME
        ids, rows = documents.load(table)
        gone = {*plan.changed, *plan.removed}
        deleted = [docnum for docnum, id_ in enumerate(ids) if id_ in gone]
        for id_ in gone:
            del rows[id_]
    todo = sorted([*plan.added, *plan.changed])
    inversion = segments.Inversion()
    batch: list[tuple[str, object]] = []
    entries = [entry_of(id_) for id_ in todo]
    counts = zip(todo, entries, count(entries), strict=True)
    for done, (id_, entry, counted) in enumerate(counts, 1):
        for place, kind in enumerate(KINDS):
            inversion.add_counts(len(batch), kind, counted.of(place))
        rows[id_] = Row(entry.kind, entry.date, counted.lengths(), entry.facets)
        batch.append((id_, (entry.title, entry.address, entry.texts)))
        if progress is not None:
            progress(done, len(todo))
        if inversion.size > _BATCH:
            segments.write(folder, batch, inversion, deleted)
            inversion, batch, deleted = segments.Inversion(), [], []
    if batch or deleted:
        segments.write(folder, batch, inversion, deleted)
    reader = segments.Reader(folder)
    documents.save(folder / documents.NAME, reader.ids(), rows)
    reader.close()


def _describe(
    folder: Path, plan: _Plan, analyzer: Analyzer, digests: Mapping[str, str]
) -> Manifest:
    # A file of the same name as before is the same file: Whoosh never writes one twice.
    known = dict(plan.previous.files) if plan.previous else {}
    known.pop(documents.NAME, None)
    files = {
        path.name: known.get(path.name) or generations.hash_file(path)
        for path in sorted(folder.iterdir())
    }
    return Manifest(
        folder.name, analyzer.version, generations.engine_version(), files, dict(digests)
    )
