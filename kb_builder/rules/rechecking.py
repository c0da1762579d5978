"""Checking a base again after a change, by running only the rules whose answer may be another one.

A rule sees nothing but its document and what it asks of the context. So what it asks is written down with a seal of the
answer, and after a change it is run again only for the documents that changed and where a seal is another one now. What
a new rule asks is written down like all the rest, so that nothing has to be declared and nothing can be forgotten. What
is kept can be stored: it consists of texts and numbers.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

from kb_builder.diagnostics import Diagnostic, Finding
from kb_builder.insight.duplicates import Duplicates
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings
from kb_builder.rules import (
    Context,
    On,
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


class Questions:
    """What the rules asked, each question once, with the seal of its answer; a question goes by its number.

    A question is a way and a key on it (`ALL` for all there is). Keys are texts, or the arguments of a method.
    """

    def __init__(
        self, numbers: Mapping[Way, Mapping[Any, int]] | None = None, seals: Sequence[str] = ()
    ) -> None:
        """None yet, or those that another one has come to: its attributes of these names."""
        self.numbers: dict[Way, dict[Any, int]] = {
            way: dict(keys) for way, keys in (numbers or {}).items()
        }
        """Way → key → number."""
        self.seals = list(seals)
        """The seals of the answers, by number."""

    def note(self, way: Way, key: Any, seal: str) -> int:
        """Write down one question and the seal of its answer."""
        number = self.numbers.setdefault(way, {}).setdefault(key, len(self.seals))
        if number == len(self.seals):
            self.seals.append(seal)
        else:
            self.seals[number] = seal
        return number

    def renew(self, context: Context) -> set[int]:
        """Seal the answers that are given now; the numbers of those that were others before."""
        changed = set()
        for way, keys in self.numbers.items():
            for number, seal in zip(keys.values(), _seals(context, way, keys), strict=True):
                if self.seals[number] != seal:
                    self.seals[number] = seal
                    changed.add(number)
        return changed

    def keep(self, wanted: Collection[int]) -> Mapping[int, int]:
        """Forget all but these; what was the number of each of them → what it is now."""
        now = {number: place for place, number in enumerate(sorted(wanted))}
        self.seals = [self.seals[number] for number in now]
        kept = {
            way: {key: now[number] for key, number in keys.items() if number in now}
            for way, keys in self.numbers.items()
        }
        self.numbers = {way: keys for way, keys in kept.items() if keys}
        return now


@dataclass(slots=True)
class Kept:
    """What the check of a document came to: its diagnostics by rule, the numbers of the questions that each rule
    asked, and the reviewed values that it writes.
    """

    found: dict[str, list[Diagnostic]] = field(default_factory=dict)
    asked: dict[str, list[int]] = field(default_factory=dict)
    reviewed: frozenset[str] = frozenset()


@dataclass(slots=True)
class Knowledge:
    """What a check came to: the digest of each document (empty where it was not read) and what is kept of it, by
    path, all that was asked, and what is known of near-duplicates.
    """

    digests: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    questions: Questions = field(default_factory=Questions)
    duplicates: Duplicates = field(default_factory=Duplicates)

    def tidy(self) -> None:
        """Forget the questions that nobody asks any more."""
        asked = {
            number
            for kept in self.kept.values()
            for numbers in kept.asked.values()
            for number in numbers
        }
        if len(asked) == len(self.questions.seals):
            return
        now = self.questions.keep(asked)
        for kept in self.kept.values():
            kept.asked = {
                rule: [now[number] for number in numbers] for rule, numbers in kept.asked.items()
            }


class Rechecker:
    """Brings up to date what the check of a base came to.

    One is for one set of settings. A document that was not made from the bytes of a file is looked at every time.
    """

    def __init__(self, settings: Settings, known: Knowledge | None = None) -> None:
        """Begin with what another rechecker with the same settings came to. Raises KbError as `levels` does."""
        self._settings = settings
        self._in_force = levels(settings)
        self._rules = tuple(each for each in all_rules() if self._in_force[each.id] is not None)
        self.known = known or Knowledge()
        self._looking = Kept()
        self._noted: dict[tuple[str, ...], Mapping[On, Sequence[Rule]]] = {}
        self.looked_at: frozenset[str] = frozenset()
        """The paths of the documents at which the last check looked."""

    def check(self, corpus: Corpus, today: datetime.date) -> list[Diagnostic]:
        """Everything the rules find, as `rules.check` says it."""
        documents = {each.path: each for each in (*corpus.documents, *corpus.beside)}
        beside = {document.path for document in corpus.beside}
        known = self.known
        digests = {path: each.digest if _is_read(each) else "" for path, each in documents.items()}
        known.kept = {
            path: kept
            for path, kept in known.kept.items()
            if digests.get(path) and digests[path] == known.digests[path]
        }
        context = self._context(corpus, today)
        outdated = self._outdated(known.questions.renew(context))
        self.looked_at = frozenset(outdated) | (documents.keys() - known.kept.keys())
        for path in sorted(self.looked_at):
            if path in outdated:
                again = [each for each in self._rules if each.id in outdated[path]]
                self._forget(path, outdated[path])
                self._look(documents[path], context, again)
            else:
                known.kept[path] = Kept()
                rules = [each for each in self._rules if each.beside or path not in beside]
                self._look(documents[path], context, rules)
                known.kept[path].reviewed = reviewed_in(documents[path], context)
        known.digests = digests
        found = [
            diagnostic
            for path in documents
            for of_a_rule in known.kept[path].found.values()
            for diagnostic in of_a_rule
        ]
        seen = {value for kept in known.kept.values() for value in kept.reviewed}
        found.extend(needless_reviews(self._settings, seen, self._in_force))
        return sorted(found, key=lambda diagnostic: diagnostic.sort_key)

    def _look(self, document: Document, context: Context, rules: Sequence[Rule]) -> None:
        kept = self._looking = self.known.kept[document.path]
        for diagnostic in diagnose(document, context, self._noting(rules), self._in_force):
            kept.found.setdefault(diagnostic.rule, []).append(diagnostic)

    def _noting(self, rules: Sequence[Rule]) -> Mapping[On, Sequence[Rule]]:
        """The rules, with notes taken of what they ask in what is kept of the document that is looked at.

        Made once for all documents: there are a hundred rules.
        """
        ids = tuple(each.id for each in rules)
        if ids not in self._noted:
            self._noted[ids] = scoped(map(self._noting_one, rules))
        return self._noted[ids]

    def _noting_one(self, rule: Rule) -> Rule:
        def check(document: Document, context: Context) -> list[Finding]:
            notes = _Notes(rule.id, document, self.known.questions, self._looking)
            return list(rule.check(document, cast(Context, _Asking(context, (), notes))))

        return replace(rule, check=check)

    def _forget(self, path: str, rules: Collection[str]) -> None:
        kept = self.known.kept[path]
        for each in rules:
            kept.asked.pop(each, None)
            kept.found.pop(each, None)

    def _outdated(self, changed: Collection[int]) -> Mapping[str, set[str]]:
        """Path → the rules that asked one of these questions."""
        if not changed:
            return {}
        return {
            path: rules
            for path, kept in self.known.kept.items()
            if (
                rules := {
                    rule
                    for rule, numbers in kept.asked.items()
                    if any(number in changed for number in numbers)
                }
            )
        }

    def _context(self, corpus: Corpus, today: datetime.date) -> Context:
        context = Context(corpus, self._settings, today)
        records = with_record(corpus)
        versions = {
            id_: f"{document.kind.name} {document.digest}" if document.kind else ""
            for id_, document in records.items()
        }
        self.known.duplicates.update(versions, lambda id_: record(records[id_]))
        # A cached property looks for its value here first: what is known need not be found out again.
        vars(context).update(copies=by_later(self.known.duplicates.pairs))
        return context


def _is_read(document: Document) -> bool:
    """Whether a document was made from the bytes of its file; a link or a device is not read."""
    return document.readable or not any(fault.rule == "unsafe-file" for fault in document.faults)


def _seals(context: Context, way: Way, keys: Collection[Any]) -> Iterable[str]:
    """What seals the answers that are found on a way now, in the order of the keys."""
    if way == _CONTENT:
        documents = context.documents_by_path
        return (documents[path].digest if path in documents else "" for path in keys)
    value: Any = context
    for name in way:
        value = getattr(value, name)
    if isinstance(value, Mapping):
        return (_seal(value if key == ALL else value.get(key, _ABSENT)) for key in keys)
    if callable(value):
        return (_seal(value(*key)) for key in keys)
    return (_seal(value) for _ in keys)


def _seal(answer: Any) -> str:
    """A text that is another one for another answer; of documents, only the face counts."""
    if answer is _ABSENT:
        return ""
    if isinstance(answer, Document):
        return answer.face
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
    questions: Questions
    kept: Kept
    known: set[tuple[Way, Any]] = field(default_factory=set)

    def note(self, way: Way, key: Any, seal: Callable[[], str]) -> None:
        """Write down one question and the seal of its answer."""
        if (way, key) not in self.known:
            self.known.add((way, key))
            number = self.questions.note(way, key, seal())
            self.kept.asked.setdefault(self.rule, []).append(number)

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
