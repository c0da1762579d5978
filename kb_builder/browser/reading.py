"""Reading the index as the client does: for the self-test and for the tests of the client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from kb_builder import ranking
from kb_builder.analysis.cutting import (
    Cut,
    cut_query,
    find_synonyms,
    parts_of,
    synonym_table,
)
from kb_builder.browser import documents, files, manifest
from kb_builder.browser.bits import BitReader
from kb_builder.browser.documents import Column, Shown
from kb_builder.browser.keys import Located, read_list, read_shard, shard_of
from kb_builder.browser.lists import Postings
from kb_builder.browser.manifest import Manifest
from kb_builder.diagnostics import KbError
from kb_builder.ranking import QueryTerm, Scores

_NOTHING = ranking.Postings((), ())
# Sets of postings files, and the set of the shards of keys that know which files there are.
_KEYS_OF = {"postings": "terms", "characters": "singles"}


class DamagedError(KbError):
    """A file of the index is missing, or is not what was written."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a query finds: scores by document number, and the selected terms."""

    scores: Scores
    terms: tuple[QueryTerm, ...]


class Reader:
    """An exported index. Raises `DamagedError` when a file can't be used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            entry = json.loads((folder / files.ENTRY).read_text("utf-8"))
        except (OSError, ValueError):
            raise DamagedError(f"{folder} 里没有搜索索引，请运行 kb export-search") from None
        match entry:
            case {"format": files.FORMAT, "manifest": str(path)}:
                self.manifest: Manifest = manifest.decode(self._load(path))
            case {"format": int(), "manifest": str()}:
                raise DamagedError(
                    f"{folder} 里的搜索索引是另一个版本做的，请运行 kb export-search"
                )
            case _:
                raise DamagedError(f"{folder} 里的搜索索引已损坏，请运行 kb export-search")
        self.bytes_read = 0
        self._keys: dict[tuple[str, int], dict[str, Located]] = {}
        self._decoded: dict[str, Postings] = {}
        self._synonyms = synonym_table(self.manifest.synonyms)

    def __len__(self) -> int:
        """The number of documents."""
        return self.manifest.scheme.documents

    def rank(self, text: str, limit: int = 10) -> list[tuple[int, str]]:
        """Scores and ids of the best documents, as `Searcher.rank` for text without signs."""
        totals = self.match(text).scores.totals
        best = sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [(score, self.document(number).id) for number, score in best]

    def match(self, text: str) -> Match:
        """Everything that a text finds."""
        cut = self.cut(text)
        terms = self.select(cut)
        synonyms = find_synonyms(cut, self._synonyms)
        scores = ranking.add_up(
            [(term.term, self.postings(term.kind, term.term)) for term in terms],
            ranking.choose_synonyms(synonyms, parts_of, self.postings, len(self)),
        )
        return Match(scores, tuple(terms))

    def cut(self, text: str) -> Cut:
        """The terms of a text."""
        return cut_query(text, len(self), self.frequency)

    def select(self, cut: Cut) -> list[QueryTerm]:
        """The terms that count."""
        return ranking.select_terms(
            (
                QueryTerm(kind, term, frequency)
                for kind, term in cut.terms
                if (frequency := self.frequency(kind, term))
            ),
            len(self),
        )

    def frequency(self, kind: str, term: str) -> int:
        """In how many documents a term is; of an infix of three and more the least of its parts."""
        if kind == "infix" and len(term) > 2:
            return min(self.frequency(*part) for part in parts_of(term))
        located = self._find(term)
        if located is None:
            return 0
        return located.key.words if kind == "word" else located.key.base

    def postings(self, kind: str, term: str) -> ranking.Postings:
        """The documents that hold a term."""
        if kind == "infix" and len(term) > 2:
            return ranking.intersect([self.postings(*part) for part in parts_of(term)])
        located = self._find(term)
        if located is None:
            return _NOTHING
        held = self._list(located)
        if kind != "word" or len(term) > 2:
            return ranking.Postings(held.documents, held.impacts)
        pairs = [(n, v) for n, v in zip(held.documents, held.words, strict=True) if v]
        return ranking.Postings([n for n, _ in pairs], [v for _, v in pairs])

    def document(self, number: int) -> Shown:
        """What a hit shows of a document."""
        block, place = divmod(number, self.manifest.block)
        return self._block(block)[place]

    def documents(self) -> Iterator[Shown]:
        """All documents, by number."""
        for block in range(self.manifest.sets["docs"].count):
            yield from documents.read_block(self._shard("docs", block))

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns by name: kind, date, and the facets."""
        names = ["kind", "date", *(facet.name for facet in self.manifest.facets)]
        return {
            name: documents.decode_column(self._shard("columns", number))
            for number, name in enumerate(names)
        }

    def check(self) -> None:
        """Read every file."""
        for name, shards in self.manifest.sets.items():
            for number in range(shards.count if name not in _KEYS_OF else 0):
                self._shard(name, number)
        for name, keys in _KEYS_OF.items():
            for number in range(self.manifest.sets[keys].count):
                for located in self._keys_in(keys, number).values():
                    if located.file >= 0:
                        self._file(name, number, located)

    def _find(self, text: str) -> Located | None:
        found = self.manifest
        if not text or any(char not in found.alphabet.ranks for char in text[:2]):
            return None
        name = "singles" if len(text) == 1 else "terms"
        if not found.sets[name].count:
            return None
        shard = shard_of(text, found.alphabet, found.sets[name].count)
        return self._keys_in(name, shard).get(text)

    def _keys_in(self, name: str, shard: int) -> dict[str, Located]:
        keys = self._keys.get((name, shard))
        if keys is None:
            read = read_shard(
                self._shard(name, shard), self.manifest.scheme, self.manifest.alphabet
            )
            keys = self._keys[name, shard] = {located.key.text: located for located in read}
        return keys

    def _list(self, located: Located) -> Postings:
        if located.postings is not None:
            return located.postings
        text = located.key.text
        held = self._decoded.get(text)
        if held is None:
            name, shards = ("characters", "singles") if len(text) == 1 else ("postings", "terms")
            shard = shard_of(text, self.manifest.alphabet, self.manifest.sets[shards].count)
            bits = BitReader(self._file(name, shard, located))
            for other in self._keys[shards, shard].values():
                if other.file == located.file and other.place >= 0:
                    self._decoded[other.key.text] = read_list(bits, other.key, self.manifest.scheme)
            held = self._decoded[text]
        return held

    @lru_cache(maxsize=256)  # noqa: B019  A reader lives as long as the process.
    def _block(self, number: int) -> list[Shown]:
        return documents.read_block(self._shard("docs", number))

    def _file(self, name: str, shard: int, located: Located) -> bytes:
        path = self.manifest.sets[name].path(shard, located.file)
        data = self._load(path)
        if files.check_sum(data) != located.check_sum:
            raise DamagedError(f"搜索索引的文件 {path} 不是这一版的，请运行 kb export-search")
        return data

    def _shard(self, name: str, number: int) -> bytes:
        return self._load(self.manifest.sets[name].path(number))

    def _load(self, path: str) -> bytes:
        try:
            content = (self._folder / path).read_bytes()
        except OSError:
            raise DamagedError(f"搜索索引缺少文件 {path}，请运行 kb export-search") from None
        data = files.unseal(path, content)
        if data is None:
            raise DamagedError(f"搜索索引的文件 {path} 已损坏，请运行 kb export-search")
        return data
