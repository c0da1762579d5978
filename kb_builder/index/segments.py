# mypy: allow-untyped-calls
"""Whoosh: writing and reading its segments; the one home of its API.

Whoosh keeps the postings, the documents and what was deleted. Of its writer we replace the pool in
which postings wait to be sorted (ours is given ready counts and is five times as fast) and the
loop that hands them to the codec (Whoosh's asks for a field length at each posting, which we keep
exactly and elsewhere). Everything used is the same in Whoosh 2.7.4 and whoosh3 3.54. What lands on
the disk is an ordinary Whoosh index.

This module imports Whoosh when imported: import it when there is something to write or to search.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from whoosh import columns, fields
from whoosh import index as whoosh_index
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3Segment
from whoosh.reading import SegmentReader, TermNotFound

from kb_builder.analysis.analyzer import KINDS, Kind

# Segments are searched one by one, so there should be few; merging copies, so only small ones are.
_MAX_SEGMENTS = 8
_SMALL = 1_000

# (docnum, count, docnum, count …) of one term.
_Postings: TypeAlias = "array[int]"


class Inversion:
    """Postings in memory: kind → term → documents and counts. Also a pool for Whoosh's writer."""

    def __init__(self) -> None:
        self._terms: dict[str, dict[str, _Postings]] = {kind: {} for kind in KINDS}
        self.size = 0

    def add_counts(self, docnum: int, kind: Kind, counts: Mapping[str, int]) -> None:
        """Add how often the terms of one kind are in a document."""
        terms = self._terms[kind]
        get = terms.get
        before = len(terms)
        for term, count in counts.items():
            postings = get(term)
            if postings is None:
                terms[term] = array("I", (docnum, count))
            else:
                postings.append(docnum)
                postings.append(count)
        # A new term costs as much memory as ten more postings.
        self.size += len(counts) + 10 * (len(terms) - before)

    def add(self, item: tuple[str, bytes, int, float, object]) -> None:
        """Take one posting of a segment that Whoosh is merging."""
        kind, term, docnum, weight, _ = item
        self._terms[kind].setdefault(term.decode(), array("I")).extend((docnum, int(weight)))

    def iter_postings(self) -> Iterator[tuple[str, list[tuple[bytes, _Postings]]]]:
        """Field by field and term by term, in the order of their bytes."""
        for kind in sorted(self._terms):
            terms = self._terms[kind]
            if terms:
                yield kind, sorted((term.encode(), postings) for term, postings in terms.items())

    def cleanup(self) -> None:
        """Forget everything; the writer is done."""
        self._terms.clear()


class _FieldWriter(W3FieldWriter):
    def add_postings(
        self,
        schema: fields.Schema,
        lengths: object,  # noqa: ARG002
        items: Iterable[tuple[str, list[tuple[bytes, _Postings]]]],
    ) -> None:
        for kind, terms in items:
            self.start_field(kind, schema[kind])
            for term, postings in terms:
                self.start_term(term)
                pairs = iter(postings)
                for docnum, count in sorted(zip(pairs, pairs, strict=True)):
                    self.add(docnum, count, b"", 0)
                self.finish_term()
            self.finish_field()


class _Codec(W3Codec):
    length_stats = False

    def field_writer(self, storage: Any, segment: W3Segment) -> _FieldWriter:
        return _FieldWriter(self, storage, segment)

    def new_segment(self, storage: Any, indexname: str) -> W3Segment:  # noqa: ARG002
        # The codec of a segment is pickled with it: the one of Whoosh, which reads what ours writes.
        return W3Segment(W3Codec(), indexname)


def create(folder: Path) -> None:
    """Make an empty index in an empty folder."""
    schema = fields.Schema(
        id=fields.COLUMN(columns.VarBytesColumn()),
        entry=fields.STORED(),
        **{kind: fields.ID() for kind in KINDS},
    )
    whoosh_index.create_in(str(folder), schema)


def write(
    folder: Path,
    documents: Iterable[tuple[str, object]] = (),
    inversion: Inversion | None = None,
    deleted: Iterable[int] = (),
) -> None:
    """Delete documents by number and add `documents` (id, stored value) in one commit.

    The numbers in `inversion` count `documents` from 0.
    """
    index = whoosh_index.open_dir(str(folder))
    writer: Any = index.writer(codec=_Codec(), compound=False)
    writer.pool = inversion or Inversion()
    for docnum in deleted:
        writer.delete_document(docnum)
    for id_, value in documents:
        writer.add_document(id=id_.encode(), entry=value)
    writer.commit(mergetype=_merge)
    # A frame that Whoosh never lets go of holds the writer, and this a tuple for each term.
    vars(writer).clear()
    index.close()
    for path in folder.glob("*LOCK"):
        path.unlink()


def _merge(writer: Any, segments: list[W3Segment]) -> list[W3Segment]:
    """Whoosh's hook: copy what is worth copying into the new segment, return the others."""
    crowded = len(segments) >= _MAX_SEGMENTS
    kept = []
    for segment in segments:
        size = segment.doc_count_all()
        if segment.deleted_count() * 2 > size or (crowded and size < _SMALL):
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
        else:
            kept.append(segment)
    return kept


class Reader:
    """The committed index in a folder. Documents have numbers from 0, with gaps for the deleted."""

    def __init__(self, folder: Path) -> None:
        self._index = whoosh_index.open_dir(str(folder))
        self._reader = self._index.reader()
        # An index without documents has one leaf that can't be asked anything.
        self._leaves = [pair for pair in self._reader.leaf_readers() if pair[0].doc_count_all()]
        for leaf, _ in self._leaves:
            # Whoosh opens this file late, when a writer may have removed the generation.
            leaf.stored_fields(0)

    def close(self) -> None:
        """Close the files."""
        self._reader.close()
        self._index.close()

    def ids(self) -> list[str | None]:
        """The id of each document by number; None where it was deleted."""
        found: list[str | None] = []
        for leaf, _ in self._leaves:
            column = leaf.column_reader("id")
            found.extend(
                None if leaf.is_deleted(n) else bytes(column[n]).decode()
                for n in range(leaf.doc_count_all())
            )
        return found

    def postings(self, kind: str, term: str) -> tuple[array[int], array[int]]:
        """The documents that hold a term, in ascending order, and their counts."""
        docnums, counts = array("I"), array("I")
        for leaf, base in self._leaves:
            try:
                matcher = leaf.postings(kind, term)
            except TermNotFound:
                continue
            while matcher.is_active():
                docnums.append(base + matcher.id())
                counts.append(int(matcher.weight()))
                matcher.next()
        return docnums, counts

    def frequency(self, kind: str, term: str) -> int:
        """The number of documents that hold a term."""
        total = 0
        for leaf, _ in self._leaves:
            if leaf.has_deletions():
                # Whoosh counts the deleted ones too.
                return len(self.postings(kind, term)[0])
            if (kind, term) in leaf:
                total += leaf.doc_frequency(kind, term)
        return total

    def terms(self, kind: str) -> Iterator[str]:
        """Every term of a kind, some perhaps of deleted documents only; not in order."""
        for leaf, _ in self._leaves:
            for term in leaf.lexicon(kind):
                yield term.decode()

    def stored(self, docnum: int) -> Any:
        """What was stored with a document."""
        return self._reader.stored_fields(docnum)["entry"]
