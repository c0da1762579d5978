"""Searching the index."""

from __future__ import annotations

import heapq
import re
import time
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kb_builder import ranking
from kb_builder.analysis.analyzer import KINDS, Analyzer
from kb_builder.analysis.cutting import cut_query, find_synonyms, parts_of, synonym_table
from kb_builder.analysis.excerpt import Excerpt, cut_excerpt, mark, telling
from kb_builder.analysis.folding import fold
from kb_builder.analysis.query import Query, contains, parse
from kb_builder.index import documents, generations
from kb_builder.index.corrections import Correction, suggest
from kb_builder.index.entry import UNSHOWN
from kb_builder.index.fields import KIND, YEAR, Chosen
from kb_builder.index.generations import Manifest, NoIndexError
from kb_builder.insight import similarity
from kb_builder.ranking import Postings, QueryTerm, Scores

if TYPE_CHECKING:
    from kb_builder.index.segments import Reader

# Decoded postings kept in memory, 5 bytes each.
_CACHE = 16_000_000
# Documents whose folded text is kept in memory.
_FOLDED = 2_000
# A longer unknown word is a sentence, and has no neighbours in a dictionary.
_WORD = re.compile(r"[^\W_]{2,6}")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must be besides matching.

    `facets` map a field to value ids: one of the values of each field. `kind` is the kind of
    document, `year` the beginning of its date (2016, or 2016-03). Empty means any. `chosen` are further
    values by name, kind and year among them; they join those of the same name.
    """

    facets: Mapping[str, Collection[str]] = field(default_factory=dict)
    kind: str = ""
    year: str = ""
    chosen: tuple[Chosen, ...] = ()

    def wanted(self, name: str, more: Iterable[str] = ()) -> set[str]:
        """The values of which a hit must have one; empty means any."""
        return {*more, *(each.value for each in self.chosen if each.name == name)} - {""}


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found; `title_marks` are the (start, end) of what matched in the title.

    `synonyms` are the (word, synonym) by which it was found though it does not hold the word.
    """

    id: str
    kind: str
    title: str
    address: str
    date: str
    score: int
    facets: Mapping[str, tuple[str, ...]]
    title_marks: tuple[tuple[int, int], ...]
    excerpt: Excerpt
    synonyms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query.

    `total` and `facets` (field → value → number) count all matches, `hits` are those of the page
    asked for. `relaxed`: nothing holds the quoted text, so it was taken as words. `shortened`: only the
    first part of the query was read. `corrections` are for words that no document holds.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    corrections: tuple[Correction, ...]
    relaxed: bool
    shortened: bool
    milliseconds: float


@dataclass(frozen=True, slots=True)
class SimilarHit:
    """A document that is like a text.

    `because` are the folded words that made it so, best first: they are marked in the excerpt and the title of
    `hit`, and in the text by `text_marks`.
    """

    hit: Hit
    because: tuple[str, ...]
    text_marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SimilarResults:
    """What is like a text. `shortened`: only its first 5,000 characters were read."""

    total: int
    hits: tuple[SimilarHit, ...]
    shortened: bool
    milliseconds: float


@dataclass(frozen=True, slots=True)
class _Match:
    """All matches by document number, and the terms to mark with their weights."""

    scores: Mapping[int, int]
    marked: Mapping[str, float]
    through: Mapping[int, Collection[tuple[str, str]]]
    relaxed: bool = False


class Searcher:
    """An open index.

    Scores are added up term by term over Whoosh's postings; decoded postings and their impacts are
    kept, so that a second query with the same word is faster. A query is cut with the words of the
    index, so that jieba is not loaded.
    """

    @classmethod
    def open(
        cls, directory: Path, analyzer: Analyzer, synonyms: Iterable[Iterable[str]] = ()
    ) -> Searcher:
        """Open the index in `directory`; raises `KbError` when it must be made anew first.

        `synonyms` are groups of words that may stand in for each other.
        """
        from kb_builder.index.segments import Reader

        def open_files(manifest: Manifest) -> Searcher:
            if manifest.analysis != analyzer.version:
                raise NoIndexError(f"{directory} 中的索引是用另一版词典做的，请运行 kb index")
            folder = directory / manifest.generation
            ids, rows = documents.load(folder / documents.NAME)
            return cls(analyzer, Reader(folder), ids, rows, synonyms)

        return generations.load(directory, open_files)

    def __init__(
        self,
        analyzer: Analyzer,
        reader: Reader,
        ids: list[str | None],
        rows: Mapping[str, documents.Row],
        synonyms: Iterable[Iterable[str]] = (),
    ) -> None:
        self._analyzer = analyzer
        self._reader = reader
        self._ids = ids
        self._rows = rows
        lengths = [(0,) * len(KINDS) if id_ is None else rows[id_].lengths for id_ in ids]
        self._dampings: dict[str, list[float]] = {
            kind: ranking.dampings([row[place] for row in lengths], len(rows))
            for place, kind in enumerate(KINDS)
        }
        self._synonyms = synonym_table(synonyms)
        self._scored: dict[tuple[str, str], Postings] = {}
        self._cached = 0
        self._folded: dict[int, tuple[str, ...]] = {}
        self._lexicon: list[str] | None = None

    def __len__(self) -> int:
        """The number of documents."""
        return len(self._rows)

    def close(self) -> None:
        """Close the files."""
        self._reader.close()

    def search(
        self,
        query: Query | str,
        filters: Filters | None = None,
        limit: int = 10,
        offset: int = 0,
    ) -> Results:
        """The documents that answer `query`, best first, from number `offset` on.

        An empty query is answered by every document the filters let through, by id; so is one
        that only excludes. A query without any letter or digit is answered by none.
        """
        started = time.perf_counter()
        if isinstance(query, str):
            query = parse(query)
        filters = filters or Filters()
        match = self._match(query, filters)
        page = self._best(match.scores, offset + limit)[offset:]
        return Results(
            total=len(match.scores),
            hits=tuple(self._hit(docnum, score, match) for score, docnum in page),
            facets=self._count_facets(match.scores),
            corrections=self._correct(query),
            relaxed=match.relaxed,
            shortened=query.shortened,
            milliseconds=(time.perf_counter() - started) * 1000,
        )

    def rank(
        self, query: Query | str, filters: Filters | None = None, limit: int = 10
    ) -> list[tuple[int, str]]:
        """Score and id of the first hits: what `search` gives, without what is shown of them."""
        query = parse(query) if isinstance(query, str) else query
        match = self._match(query, filters or Filters())
        return [(score, self._id(docnum)) for score, docnum in self._best(match.scores, limit)]

    def _id(self, docnum: int) -> str:
        return self._ids[docnum] or ""

    def _best(self, scores: Mapping[int, int], limit: int) -> list[tuple[int, int]]:
        """The first hits as (score, document number)."""
        if len(scores) > 4 * limit:
            # Only those that can be among them need their ids compared.
            least = heapq.nlargest(limit, scores.values())[-1:] or [0]
            scores = {docnum: score for docnum, score in scores.items() if score >= least[0]}
        numbers = {self._id(docnum): docnum for docnum in scores}
        ranked = ranking.order(((s, self._id(docnum)) for docnum, s in scores.items()), limit)
        return [(score, numbers[id_]) for score, id_ in ranked]

    def _match(self, query: Query, filters: Filters) -> _Match:
        """All matches."""
        if query.is_open:
            every = {docnum: 0 for docnum, id_ in enumerate(self._ids) if id_ is not None}
            found = Scores(every, {})
            marked: dict[str, float] = {}
        else:
            found, marked = self._score(" ".join((query.text, *query.phrases)))
        scores = found.totals
        if query.phrases:
            holding = set.intersection(*map(self._holding, query.phrases))
            scores = {docnum: scores.get(docnum, 0) for docnum in holding}
        for phrase in query.excluded:
            holding = self._holding(phrase)
            scores = {docnum: score for docnum, score in scores.items() if docnum not in holding}
        if filters != Filters():
            passes = self._sieve(filters)
            scores = {docnum: score for docnum, score in scores.items() if passes(docnum)}
        if query.phrases and query.text and not scores:
            return replace(self._match(query.relax(), filters), relaxed=True)
        marked.update(dict.fromkeys(query.phrases, 2.0 * max(marked.values(), default=1.0)))
        return _Match(scores, marked, found.through)

    def similar(
        self, text: str, filters: Filters | None = None, limit: int = 10, *, said: str | None = None
    ) -> SimilarResults:
        """The documents that are like `text`, of which everything is text: no quotes, no signs.

        Only words of `said` are named and marked, where it is given.
        """
        started = time.perf_counter()
        filters = filters or Filters()
        found = similarity.find(text, self, self._synonyms)
        passes = self._sieve(filters)
        scores = {n: score for n, score in found.scores.items() if passes(n)}
        hits = []
        for score, docnum in self._best(scores, limit):
            _, _, fields = self._reader.stored(docnum)
            texts = [field for _, _, field in fields]
            words = similarity.because(found, text if said is None else said, docnum, self, texts)
            marked = {word: float(len(words) - place) for place, word in enumerate(words)}
            hit = self._hit(docnum, score, _Match(scores, marked, found.through))
            hits.append(SimilarHit(hit, words, mark(text[: similarity.MAX_TEXT], marked)))
        milliseconds = (time.perf_counter() - started) * 1000
        return SimilarResults(len(scores), tuple(hits), found.shortened, milliseconds)

    def _sieve(self, filters: Filters) -> Callable[[int], bool]:
        """Whether a document passes the filters, by number."""
        kinds = filters.wanted(KIND, [filters.kind])
        years = tuple(filters.wanted(YEAR, [filters.year]))
        names = {*filters.facets, *(each.name for each in filters.chosen)} - {KIND, YEAR}
        facets = {name: filters.wanted(name, filters.facets.get(name, ())) for name in names}

        def passes(docnum: int) -> bool:
            row = self._rows[self._id(docnum)]
            return (
                (not kinds or row.kind in kinds)
                and (not years or row.date.startswith(years))
                and all(
                    not values or not values.isdisjoint(row.facets.get(name, ()))
                    for name, values in facets.items()
                )
            )

        return passes

    def used_values(self) -> dict[str, set[str]]:
        """The values of each facet that any document has."""
        used: dict[str, set[str]] = {}
        for row in self._rows.values():
            for name, values in row.facets.items():
                if values:
                    used.setdefault(name, set()).update(values)
        return used

    def _score(self, text: str) -> tuple[Scores, dict[str, float]]:
        """The score of every document that `text` finds; the terms to mark with their weights."""
        cut = cut_query(text, len(self), self.frequency)
        found = [
            QueryTerm(kind, term, frequency)
            for kind, term in cut.terms
            if (frequency := self.frequency(kind, term))
        ]
        terms = ranking.select_terms(found, len(self))
        synonyms = ranking.choose_synonyms(
            find_synonyms(cut, self._synonyms), parts_of, self.postings, len(self)
        )
        scores = ranking.add_up(
            [(term.term, self.postings(term.kind, term.term)) for term in terms], synonyms
        )
        weights: dict[str, float] = {}
        for term in terms:
            weight = ranking.idf(len(self), term.frequency)
            weights[term.term] = max(weight, weights.get(term.term, 0.0))
        for synonym in synonyms:
            weight = ranking.idf(len(self), len(synonym.postings.docnums))
            weights.setdefault(synonym.text, weight / ranking.SYNONYM_DIVISOR)
        return scores, dict(telling(weights, cut.rows))

    def frequency(self, kind: str, term: str) -> int:
        """In how many documents a term is; of an infix of three and more the least of its parts."""
        if kind == "infix" and len(term) > 2:
            return min(self.frequency(*part) for part in parts_of(term))
        scored = self._scored.get((kind, term))
        return len(scored.docnums) if scored else self._reader.frequency(kind, term)

    def postings(self, kind: str, term: str) -> Postings:
        """The documents that hold a term, by number, with its impact in each."""
        if kind == "infix" and len(term) > 2:
            return ranking.intersect([self.postings(*part) for part in parts_of(term)])
        scored = self._scored.get((kind, term))
        if scored is None:
            docnums, counts = self._reader.postings(kind, term)
            weight = ranking.term_weight(kind, len(self), len(docnums)) if docnums else 0.0
            impacts = ranking.impacts(weight, docnums, counts, self._dampings[kind])
            scored = Postings(docnums, array("B", impacts))
            self._cached += len(docnums)
            if self._cached > _CACHE:
                self._scored.clear()
                self._cached = len(docnums)
            self._scored[kind, term] = scored
        return scored

    def _holding(self, phrase: str) -> set[int]:
        """The documents that hold a folded phrase as contiguous text."""
        terms, exact = self._analyzer.required_terms(phrase)
        lists = sorted((self.postings(kind, term).docnums for kind, term in terms), key=len)
        if not lists:
            return set()
        holding = set(lists[0])
        for docnums in lists[1:]:
            holding.intersection_update(docnums)
        if exact:
            return holding
        return {docnum for docnum in holding if self._holds(docnum, phrase)}

    def _holds(self, docnum: int, phrase: str) -> bool:
        texts = self._folded.get(docnum)
        if texts is None:
            if len(self._folded) >= _FOLDED:
                self._folded.clear()
            _, _, fields = self._reader.stored(docnum)
            texts = self._folded[docnum] = tuple(fold(text) for _, _, text in fields)
        return any(contains(text, phrase) for text in texts)

    def _hit(self, docnum: int, score: int, match: _Match) -> Hit:
        terms = match.marked
        title, address, texts = self._reader.stored(docnum)
        row = self._rows[self._id(docnum)]
        excerpts = [
            cut_excerpt(text, terms) for name, _, text in texts[1:] if not name.startswith(UNSHOWN)
        ]
        return Hit(
            id=self._id(docnum),
            kind=row.kind,
            title=title,
            address=address,
            date=row.date,
            score=score,
            facets=row.facets,
            title_marks=mark(title, terms),
            # The longest of equals: when only the title matched, the beginning of the body.
            excerpt=max(
                excerpts, key=lambda e: (e.score, len(e.text)), default=Excerpt("", (), 0.0)
            ),
            synonyms=tuple(match.through.get(docnum, ())),
        )

    def _count_facets(self, docnums: Iterable[int]) -> dict[str, dict[str, int]]:
        counts: dict[str, Counter[str]] = {}
        for docnum in docnums:
            for name, values in self._rows[self._id(docnum)].facets.items():
                counts.setdefault(name, Counter()).update(values)
        return {
            name: dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))
            for name, counter in sorted(counts.items())
        }

    def lexicon(self) -> list[str]:
        """The words of the index, in code point order; a few may be of deleted documents only."""
        if self._lexicon is None:
            self._lexicon = sorted(set(self._reader.terms("word")))
        return self._lexicon

    def documents_with(self, phrase: str) -> int:
        """How many documents hold a folded phrase as contiguous text."""
        return len(self._holding(phrase))

    def _correct(self, query: Query) -> tuple[Correction, ...]:
        """For each word of the query that no document holds, what may have been meant."""
        corrections = []
        words = [*map(fold, query.text.split()), *query.phrases]
        for word in dict.fromkeys(words):
            if not _WORD.fullmatch(word) or self._holding(word):
                continue
            near = suggest(word, self.lexicon(), lambda term: self.frequency("word", term))
            if near:
                corrections.append(Correction(word, near))
        return tuple(corrections)
