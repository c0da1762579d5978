"""What words of the base may be meant by those that readers searched for and did not find."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kb_builder.analysis.analyzer import is_han, stretches
from kb_builder.analysis.cutting import cut_query, cut_words
from kb_builder.analysis.folding import fold
from kb_builder.analysis.query import Query, parse
from kb_builder.analysis.readings import homophones, syllables
from kb_builder.index.corrections import edit_distance, nearest
from kb_builder.index.searching import Searcher

CERTAIN, LIKELY, POSSIBLE = 3, 2, 1
"""How much a reason tells: enough to write a line, enough to propose it, enough to show it."""

_MOST = 3
_COMPANIONS = 20
# A word in more than a tenth of the documents stands beside every other.
_TELLING = 10
# Longer stretches without a known word are sentences or names.
_HAN_WORD = re.compile(r".{2,8}")
_LATIN_WORD = re.compile(r"[a-z][a-z']{1,19}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word of the base, in how many documents it is, and why it may be meant, best reason first."""

    word: str
    documents: int
    reasons: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A word that no document holds and what may be meant by it, best first.

    `query` is one in which readers wrote it, `count` how often all such queries were asked.
    """

    word: str
    query: str
    count: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What came of missed queries: those that find something now, and those nothing can be said of."""

    proposals: tuple[Proposal, ...]
    answered: int
    unexplained: tuple[tuple[str, int], ...]


class Wording:
    """Looks for what may be meant.

    `aliases` are what the owner of the base declared: another word → the word that the base uses.
    """

    def __init__(self, searcher: Searcher, aliases: Mapping[str, str]) -> None:
        self._searcher = searcher
        self._aliases = {fold(alias): word for alias, word in aliases.items()}
        self._lexicon = [word for word in searcher.lexicon() if len(word) > 1]
        self._spelt: dict[str, list[str]] | None = None

    def propose(self, missed: Iterable[tuple[str, int]]) -> Findings:
        """Proposals for missed queries, each with how often it was asked; the most frequent first."""
        counts: Counter[str] = Counter()
        found: dict[str, tuple[str, tuple[Candidate, ...]]] = {}
        answered = 0
        unexplained = []
        for text, count in missed:
            query = parse(text)
            known, unknown = self._sort(query)
            # What only shares single characters with a query is no answer to it.
            if not unknown and self._searcher.rank(query, limit=1):
                answered += 1
                continue
            explained = False
            for word in unknown:
                if word not in found:
                    found[word] = text, tuple(self._candidates(word, known))
                counts[word] += count
                explained = explained or bool(found[word][1])
            if not explained:
                unexplained.append((text, count))
        proposals = [
            Proposal(word, text, counts[word], candidates)
            for word, (text, candidates) in found.items()
            if candidates
        ]
        proposals.sort(key=lambda proposal: (-proposal.count, proposal.word))
        return Findings(tuple(proposals), answered, tuple(unexplained))

    def _sort(self, query: Query) -> tuple[list[str], list[str]]:
        """The words of a query that the base has, and those that it hasn't."""
        known: dict[str, None] = {}
        unknown: dict[str, None] = {}
        for part in (*map(fold, query.text.split()), *query.phrases):
            for run in (run for runs in stretches(part) for run in runs):
                if not is_han(run):
                    held = self._searcher.frequency("word", run) > 0
                    (known if held else unknown)[run] = None
                    continue
                words = cut_words(run, len(self._searcher), self._searcher.frequency)
                known.update(dict.fromkeys(word for word in words if len(word) > 1))
                unknown.update(dict.fromkeys(_strange(words)))
        fitting = [
            word
            for word in unknown
            if (_HAN_WORD if is_han(word) else _LATIN_WORD).fullmatch(word)
            and not self._searcher.documents_with(word)
        ]
        return list(known), fitting

    def _candidates(self, word: str, known: list[str]) -> list[Candidate]:
        reasons: dict[str, list[tuple[int, str]]] = {}
        for other, weight, reason in self._reasons(word):
            reasons.setdefault(other, []).append((weight, reason))
        if not reasons:
            reason = f"和“{'、'.join(known)}”写在同样的文档里"
            reasons = {other: [(POSSIBLE, reason)] for other in self._companions(known)}
        made = []
        for other, given in reasons.items():
            documents = self._searcher.documents_with(fold(other))
            if documents and fold(other) != word:
                given.sort(key=lambda pair: -pair[0])
                made.append(Candidate(other, documents, tuple(r for _, r in given), given[0][0]))
        made.sort(key=lambda c: (-c.weight, -len(c.reasons), -c.documents, c.word))
        return made[:_MOST]

    def _reasons(self, word: str) -> Iterator[tuple[str, int, str]]:
        """Words of the base, with how much a reason tells and the reason in Chinese."""
        if word in self._aliases:
            yield self._aliases[word], CERTAIN, "是它的别名"
        for alias, label in self._aliases.items():
            if alias != word and len(alias) > 2 and (word in alias or alias in word):
                yield label, LIKELY, f"和它的别名“{alias}”相近"
        if is_han(word):
            for other in homophones(word, self._lexicon):
                yield other, CERTAIN, "读音相同"
        else:
            for other in self._spelled(word.replace("'", "")):
                yield other, CERTAIN, "拼音就是它"
        near = nearest(word, self._lexicon, self._searcher.documents_with)
        for other in near:
            far = edit_distance(word, other)
            weight = LIKELY if far == 1 and len(word) > 2 else POSSIBLE
            yield other, weight, "差一个字" if far == 1 else "差两个字"
        for other, shared in self._sharing(word):
            if other not in near:
                yield other, POSSIBLE, f"有相同的字“{shared}”"

    def _sharing(self, word: str) -> Iterator[tuple[str, str]]:
        """The words of about the same length that share half of the characters, and these."""
        chars = set(word) if is_han(word) else set()
        for other in self._lexicon:
            if not chars.isdisjoint(other) and abs(len(other) - len(word)) < 2:
                shared = [char for char in dict.fromkeys(word) if char in other]
                if len(shared) * 2 >= max(len(word), len(other)):
                    yield other, "".join(shared)

    def _spelled(self, pinyin: str) -> list[str]:
        """The words whose syllables run together are what was typed."""
        if self._spelt is None:
            self._spelt = {}
            for word in self._lexicon:
                if is_han(word):
                    self._spelt.setdefault("".join(syllables(word)), []).append(word)
        return self._spelt.get(pinyin, [])

    def _companions(self, known: list[str]) -> list[str]:
        """The words of the titles of documents about what the base does know, the telling ones."""
        if not known:
            return []
        hits = self._searcher.search(Query(" ".join(known)), limit=_COMPANIONS).hits
        counts: Counter[str] = Counter()
        for hit in hits:
            cut = cut_query(hit.title, len(self._searcher), self._searcher.frequency)
            counts.update({word for row in cut.rows for word in row if len(word) > 1})
        telling = {}
        for word, count in counts.items():
            documents = self._searcher.frequency("word", word)
            if word not in known and documents * _TELLING < len(self._searcher):
                telling[word] = -count / documents
        return sorted(telling, key=lambda word: (telling[word], word))[:_MOST]


def _strange(words: list[str]) -> Iterator[str]:
    """The stretches of a cut text in which no word was found.

    A single character is taken together with the word before it and with the word after it: one of
    these may have been written with it.
    """
    stretch, before = "", ""
    for word in (*words, ""):
        if len(word) == 1:
            stretch += word
            continue
        if len(stretch) > 1:
            yield stretch
        elif stretch:
            yield from (
                joined for joined in (before + stretch, stretch + word) if joined != stretch
            )
        stretch, before = "", word
