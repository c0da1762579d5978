"""Checking a base again after a change, by running only the rules whose answer may be another one.

A rule sees nothing but its document and what it asks of the context. So what it asks is written down with a seal of the
answer, and after a change it is run again only for the documents that changed and where a seal is another one now. What
a new rule asks is written down like all the rest, so that nothing has to be declared and nothing can be forgotten. What
is kept can be stored: it consists of texts and numbers.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any, cast

from kb_builder.diagnostics import Diagnostic, Finding
from kb_builder.insight.duplicates import Duplicates
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings
from kb_builder.rules import (
    Context,
    Rule,
    all_rules,
    by_later,
    diagnose,
    levels,
    needless_reviews,
    record,
    reviewed_in,
    scoped,
    with_record,
)

Way = tuple[str, ...]
"""From the context to what was asked: the names of attributes."""

Question = tuple[str, Way, Any, str]
"""The rule that asked, the way, the key (`ALL` for all there is) and the seal of the answer."""

ALL = ("",)
"""The key of who asked for all of it, not for one entry."""

_ABSENT = object()

_SETTLED = {"settings", "gate", "personal"}
"""What is the same for as long as the document and the settings are."""

_FOLLOWS_FROM = {"nearest_id": ("ids",), "referring": (), "days_ahead": ()}
"""Method → what its answer depends on. Nothing: its own answer is sealed."""

_WHOLE = ("documents", "pages", "pictures")
"""What any other method depends on."""

_CONTENT: Way = ("digest",)
"""The way to all that another document says: the key is its path, the answer the digest of its bytes."""

_FACE = {"path", "kind", "name", "id", "title", "status", "published", "readable", "face"}
"""What may be asked of another document without depending on all that it says: its `face` seals that."""


@dataclass(slots=True)
class Kept:
    """What the check of a document came to: its diagnostics by rule, what the rules asked, and the reviewed
    values that it writes.
    """

    found: dict[str, list[Diagnostic]] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)
    reviewed: frozenset[str] = frozenset()


class Rechecker:
    """Keeps what the check of a base came to, and brings it up to date.

    One is for one set of settings. A document counts as changed when it is not the very object that was there before.
    """

    def __init__(self, settings: Settings) -> None:
        """A rechecker that knows nothing yet. Raises KbError as `levels` does."""
        self._settings = settings
        self._in_force = levels(settings)
        self._rules = tuple(each for each in all_rules() if self._in_force[each.id] is not None)
        self._documents: dict[str, Document] = {}
        self.kept: dict[str, Kept] = {}
        """What is known of each document, by path."""
        self.duplicates = Duplicates()
        """What is known of near-duplicates."""
        self.looked_at: frozenset[str] = frozenset()
        """The paths of the documents at which the last check looked."""

    def know(
        self, documents: Iterable[Document], kept: Mapping[str, Kept], duplicates: Duplicates
    ) -> None:
        """Begin with what another rechecker with the same settings came to for these documents.

        Args:
            documents: those that are still what they were then.
            kept: what was kept, of them at least.
            duplicates: as it was then.
        """
        self._documents = {document.path: document for document in documents}
        self.kept = {path: kept[path] for path in self._documents}
        self.duplicates = duplicates

    def check(self, corpus: Corpus, today: datetime.date) -> list[Diagnostic]:
        """Everything the rules find, as `rules.check` says it."""
        documents = {each.path: each for each in (*corpus.documents, *corpus.beside)}
        beside = {document.path for document in corpus.beside}
        for path, document in self._documents.items():
            if documents.get(path) is not document:
                del self.kept[path]
        context = self._context(corpus, today)
        outdated = self._outdated(context)
        self.looked_at = frozenset(outdated) | (documents.keys() - self.kept.keys())
        for path, document in documents.items():
            if path not in self.kept:
                self.kept[path] = Kept()
                rules = [each for each in self._rules if each.beside or path not in beside]
                self._look(document, context, rules)
                self.kept[path].reviewed = reviewed_in(document, context)
            elif path in outdated:
                again = [each for each in self._rules if each.id in outdated[path]]
                self._forget(path, outdated[path])
                self._look(document, context, again)
        self._documents = documents
        found = [
            diagnostic
            for path in documents
            for of_a_rule in self.kept[path].found.values()
            for diagnostic in of_a_rule
        ]
        seen = {value for path in documents for value in self.kept[path].reviewed}
        found.extend(needless_reviews(self._settings, seen, self._in_force))
        return sorted(found, key=lambda diagnostic: diagnostic.sort_key)

    def _look(self, document: Document, context: Context, rules: Iterable[Rule]) -> None:
        kept = self.kept[document.path]
        noting = [_noting(each, kept.asked) for each in rules]
        for diagnostic in diagnose(document, context, scoped(noting), self._in_force):
            kept.found.setdefault(diagnostic.rule, []).append(diagnostic)

    def _forget(self, path: str, rules: Collection[str]) -> None:
        kept = self.kept[path]
        kept.asked = [question for question in kept.asked if question[0] not in rules]
        for each in rules:
            kept.found.pop(each, None)

    def _outdated(self, context: Context) -> Mapping[str, set[str]]:
        """Path → the rules that would get another answer now than they got then."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        answers: dict[Way, Callable[[Any], str]] = {}
        for path, kept in self.kept.items():
            for rule, way, key, seal in kept.asked:
                answer = answers.get(way)
                if answer is None:
                    answer = answers[way] = _answering(context, way)
                if answer(key) != seal:
                    found[path].add(rule)
        return found

    def _context(self, corpus: Corpus, today: datetime.date) -> Context:
        context = Context(corpus, self._settings, today)
        records = with_record(corpus)
        versions = {
            id_: f"{document.kind.name} {document.digest}" if document.kind else ""
            for id_, document in records.items()
        }
        self.duplicates.update(versions, lambda id_: record(records[id_]))
        # A cached property looks for its value here first: what is known need not be found out again.
        vars(context).update(copies=by_later(self.duplicates.pairs))
        return context


def _noting(rule: Rule, asked: list[Question]) -> Rule:
    """The rule, with notes taken of what it asks."""

    def check(document: Document, context: Context) -> list[Finding]:
        asking = _Asking(context, (), _Notes(rule.id, document, asked, set()))
        return list(rule.check(document, cast(Context, asking)))

    return replace(rule, check=check)


def _answering(context: Context, way: Way) -> Callable[[Any], str]:
    """What seals the answers that are found on a way now, by their keys."""
    if way == _CONTENT:
        documents = context.documents_by_path
        return lambda path: documents[path].digest if path in documents else ""
    value: Any = context
    for name in way:
        value = getattr(value, name)
    whole = cache(lambda: _seal(value))
    if isinstance(value, Mapping):
        return lambda key: whole() if key == ALL else _seal(value.get(key, _ABSENT))
    if callable(value):
        return lambda key: _seal(value(*key))
    return lambda _key: whole()


def _seal(answer: Any) -> str:
    """A text that is another one for another answer; of documents, only the face counts."""
    if isinstance(answer, Document):
        return answer.face
    if answer is _ABSENT:
        return ""
    if isinstance(answer, tuple):
        return f"({','.join(map(_seal, answer))})"
    if isinstance(answer, Mapping):
        # In their order, for findings may follow it.
        return _digest(f"{key!r} {_seal(value)}" for key, value in answer.items())
    if isinstance(answer, frozenset):
        return _digest(sorted(map(repr, answer)))
    return repr(answer)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Notes:
    """Where a run of a rule on a document writes down what it asks; each question once."""

    rule: str
    document: Document
    asked: list[Question]
    known: set[tuple[Way, Any]]

    def note(self, way: Way, key: Any, seal: Callable[[], str]) -> None:
        """Write down one question and the seal of its answer."""
        if (way, key) not in self.known:
            self.known.add((way, key))
            self.asked.append((self.rule, way, key, seal()))

    def shown(self, answer: Any) -> Any:
        """The answer as the rule gets it: what it asks of other documents is noted too."""
        if isinstance(answer, Document) and answer is not self.document:
            return _Other(answer, self)
        if isinstance(answer, tuple) and any(isinstance(each, Document) for each in answer):
            return tuple(map(self.shown, answer))
        return answer


class _Other:
    """Stands for another document, and notes whether more is asked of it than its face."""

    def __init__(self, document: Document, notes: _Notes) -> None:
        self._document = document
        self._notes = notes

    def __getattr__(self, name: str) -> Any:
        if name not in _FACE:
            document = self._document
            self._notes.note(_CONTENT, document.path, lambda: document.digest)
        return getattr(self._document, name)


class _Asking:
    """Stands for the context, or the corpus in it, and notes what is asked of it."""

    def __init__(self, value: object, way: Way, notes: _Notes) -> None:
        self._value = value
        self._way = way
        self._notes = notes

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._value, name)
        way = (*self._way, name)
        if not self._way and name in _SETTLED:
            return found
        if isinstance(found, Corpus):
            return _Asking(found, way, self._notes)
        if isinstance(found, Mapping):
            return _AskedMapping(found, way, self._notes)
        if callable(found):
            return self._method(name, found)
        self._notes.note(way, ALL, lambda: _seal(found))
        return self._notes.shown(found)

    def _method(self, name: str, method: Any) -> Any:
        def ask(*arguments: Any) -> Any:
            answer = method(*arguments)
            follows_from = _FOLLOWS_FROM.get(name, _WHOLE)
            for other in follows_from:
                self._notes.note(
                    (*self._way, other), ALL, partial(_seal, getattr(self._value, other))
                )
            if not follows_from:
                self._notes.note((*self._way, name), arguments, lambda: _seal(answer))
            return self._notes.shown(answer)

        return ask


class _AskedMapping(Mapping[Any, Any]):
    """A mapping that notes which of its entries are asked for."""

    def __init__(self, inner: Mapping[Any, Any], way: Way, notes: _Notes) -> None:
        self._inner = inner
        self._way = way
        self._notes = notes

    def __getitem__(self, key: Any) -> Any:
        self._note(key)
        return self._notes.shown(self._inner[key])

    def get(self, key: Any, default: Any = None) -> Any:
        self._note(key)
        return self._notes.shown(self._inner.get(key, default))

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return key in self._inner

    def __iter__(self) -> Iterator[Any]:
        self._notes.note(self._way, ALL, lambda: _seal(self._inner))
        return iter(self._inner)

    def __len__(self) -> int:
        self._notes.note(self._way, ALL, lambda: _seal(self._inner))
        return len(self._inner)

    def _note(self, key: Any) -> None:
        self._notes.note(self._way, key, lambda: _seal(self._inner.get(key, _ABSENT)))
