"""Checking a base again after a change, by running only the rules whose answer may be another one.

A rule sees nothing but its document and what it asks of the context. So what it asks is written down with the
answer, and after a change it is run again only for the documents that changed and where an answer did. What a new
rule asks is written down like all the rest, so that nothing has to be declared and nothing can be forgotten.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from kb_builder.diagnostics import Diagnostic, Finding
from kb_builder.insight.duplicates import Duplicates
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings
from kb_builder.privacy.documents import Place
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
    scoped,
    with_record,
)

_Way = tuple[str, ...]
"""From the context to what was asked: the names of attributes."""

_Run = tuple[str, str]
"""A path and the id of the rule that looked at the document there."""

_ALL = object()
"""The key of who asked for all of it, not for one entry."""

_ABSENT = object()

_SETTLED = {"settings", "today", "gate", "personal"}
"""What is the same for as long as the document, the settings and the day are."""

_FOLLOWS_FROM = {"nearest_id": ("ids",), "referring": ()}
"""Method of the corpus → what its answer depends on. Nothing: its own answer is compared."""

_WHOLE = ("documents", "pages", "pictures")
"""What any other method depends on."""


class Rechecker:
    """Keeps what the check of a base came to, and brings it up to date.

    One is for one set of settings and one day. A document counts as changed when it is not the very object that
    was there before.
    """

    def __init__(self, settings: Settings, today: datetime.date) -> None:
        self._settings = settings
        self._today = today
        self._in_force = levels(settings)
        self._notes = _Notes()
        self._rules = tuple(
            self._notes.taken_of(each)
            for each in all_rules()
            if self._in_force[each.id] is not None
        )
        self._documents: dict[str, Document] = {}
        self._found: dict[str, dict[str, list[Diagnostic]]] = {}
        self._personal: dict[str, tuple[Place, ...]] = {}
        self._records: dict[str, Document] = {}
        self._duplicates = Duplicates()

    def check(self, corpus: Corpus) -> list[Diagnostic]:
        """Everything the rules find, as `rules.check` says it."""
        documents = {document.path: document for document in corpus.documents}
        for path, document in self._documents.items():
            if documents.get(path) is not document:
                self._notes.forget(path, [each.id for each in self._rules])
                self._found.pop(path)
                self._personal.pop(path, None)
        context = self._context(corpus, documents)
        outdated = self._notes.outdated(context)
        everything = scoped(self._rules)
        for path, document in documents.items():
            if path not in self._found:
                self._look(document, context, everything)
            elif path in outdated:
                again = [each for each in self._rules if each.id in outdated[path]]
                self._notes.forget(path, outdated[path])
                for each in again:
                    self._found[path].pop(each.id, None)
                self._look(document, context, scoped(again))
        self._documents = documents
        found = [
            diagnostic
            for path in documents
            for of_a_rule in self._found[path].values()
            for diagnostic in of_a_rule
        ]
        found.extend(needless_reviews(context, self._in_force))
        return sorted(found, key=lambda diagnostic: diagnostic.sort_key)

    def _look(
        self, document: Document, context: Context, active: Mapping[On, Sequence[Rule]]
    ) -> None:
        by_rule = self._found.setdefault(document.path, {})
        for diagnostic in diagnose(document, context, active, self._in_force):
            by_rule.setdefault(diagnostic.rule, []).append(diagnostic)

    def _context(self, corpus: Corpus, documents: Mapping[str, Document]) -> Context:
        context = Context(corpus, self._settings, self._today)
        records = with_record(corpus)
        changed = {
            id_: record(document)
            for id_, document in records.items()
            if self._records.get(id_) is not document
        }
        self._duplicates.update(changed | dict.fromkeys(self._records.keys() - records.keys()))
        self._records = records
        # A cached property looks for its value here first: what is known need not be found out again.
        vars(context).update(
            documents_by_path=documents,
            copies=by_later(self._duplicates.pairs),
            _personal=self._personal,
        )
        return context


class _Notes:
    """What each run of a rule asked, and what the answers were at the last check."""

    def __init__(self) -> None:
        self._answers: dict[_Way, dict[Any, Any]] = {}
        self._askers: dict[tuple[_Way, Any], set[_Run]] = {}
        self._asked: defaultdict[_Run, set[tuple[_Way, Any]]] = defaultdict(set)

    def taken_of(self, rule: Rule) -> Rule:
        """The rule, with notes taken of what it asks."""

        def check(document: Document, context: Context) -> list[Finding]:
            asking = _Asking(context, (), self, (document.path, rule.id))
            return list(rule.check(document, cast(Context, asking)))

        return replace(rule, check=check)

    def note(self, run: _Run, way: _Way, key: Any, answer: Any) -> None:
        """Write down one question and its answer."""
        question = (way, key)
        self._answers.setdefault(way, {})[key] = answer
        self._askers.setdefault(question, set()).add(run)
        self._asked[run].add(question)

    def forget(self, path: str, rules: Iterable[str]) -> None:
        """Drop what these rules asked about a document."""
        for rule in rules:
            run = (path, rule)
            for way, key in self._asked.pop(run, ()):
                askers = self._askers[way, key]
                askers.discard(run)
                if not askers:
                    del self._askers[way, key]
                    del self._answers[way][key]

    def outdated(self, context: Context) -> Mapping[str, set[str]]:
        """Path → the rules that would get another answer now than they got then."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for way, answers in self._answers.items():
            value: Any = context
            for name in way:
                value = getattr(value, name)
            for key, before in answers.items():
                now = _answer(value, key)
                if now is not before and now != before:
                    for path, rule in self._askers[way, key]:
                        found[path].add(rule)
        return found


def _answer(value: Any, key: Any) -> Any:
    if key is _ALL:
        return value
    if isinstance(value, Mapping):
        return value.get(key, _ABSENT)
    return value(*key)


class _Asking:
    """Stands for the context, or the corpus in it, and notes what is asked of it."""

    def __init__(self, value: object, way: _Way, notes: _Notes, run: _Run) -> None:
        self._value = value
        self._way = way
        self._notes = notes
        self._run = run

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._value, name)
        way = (*self._way, name)
        if not self._way and name in _SETTLED:
            return found
        if isinstance(found, Corpus):
            return _Asking(found, way, self._notes, self._run)
        if isinstance(found, Mapping):
            return _AskedMapping(found, way, self._notes, self._run)
        if callable(found):
            return self._method(name, found)
        self._notes.note(self._run, way, _ALL, found)
        return found

    def _method(self, name: str, method: Any) -> Any:
        def ask(*arguments: Any) -> Any:
            answer = method(*arguments)
            follows_from = _FOLLOWS_FROM.get(name, _WHOLE)
            for other in follows_from:
                self._notes.note(self._run, (*self._way, other), _ALL, getattr(self._value, other))
            if not follows_from:
                self._notes.note(self._run, (*self._way, name), arguments, answer)
            return answer

        return ask


class _AskedMapping(Mapping[Any, Any]):
    """A mapping that notes which of its entries are asked for."""

    def __init__(self, inner: Mapping[Any, Any], way: _Way, notes: _Notes, run: _Run) -> None:
        self._inner = inner
        self._way = way
        self._notes = notes
        self._run = run

    def __getitem__(self, key: Any) -> Any:
        self._note(key, self._inner.get(key, _ABSENT))
        return self._inner[key]

    def get(self, key: Any, default: Any = None) -> Any:
        found = self._inner.get(key, _ABSENT)
        self._note(key, found)
        return default if found is _ABSENT else found

    def __contains__(self, key: object) -> bool:
        self._note(key, self._inner.get(key, _ABSENT))
        return key in self._inner

    def __iter__(self) -> Iterator[Any]:
        self._note(_ALL, self._inner)
        return iter(self._inner)

    def __len__(self) -> int:
        self._note(_ALL, self._inner)
        return len(self._inner)

    def _note(self, key: Any, answer: Any) -> None:
        self._notes.note(self._run, self._way, key, answer)
