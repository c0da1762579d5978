"""What may be published: one file a rule, found by its name `kb<number>_<fault>.py`.

A rule is a function from a document and its context to findings. Its docstring is its page: the
title, why it matters, and two examples that a test runs.
"""

from __future__ import annotations

import datetime
import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property

from kb_builder.diagnostics import Diagnostic, Finding, Level, Span
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings

GROUPS = {
    "KB0": "读取文件",
    "KB1": "字段",
    "KB2": "取值",
    "KB3": "编号、引用和链接",
    "KB4": "小节和内容",
}
"""The first three characters of rule ids, and what such rules are about."""


_WRAPPED = re.compile(r"(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])")


class On(Enum):
    """Which documents a rule looks at."""

    EVERY_FILE = "every file, even one that can't be read"
    FAULTS = "those whose reading met faults"
    DOCUMENT = "those that could be read and belong to a kind"
    PUBLISHED = "those of the former that are published"


@dataclass(frozen=True)
class Context:
    """What a rule may ask about besides the document."""

    corpus: Corpus
    settings: Settings
    today: datetime.date

    @cached_property
    def documents_by_path(self) -> Mapping[str, Document]:
        """Every document under its path."""
        return {document.path: document for document in self.corpus.documents}

    @cached_property
    def redirecting(self) -> Mapping[str, tuple[Document, ...]]:
        """Old id → the documents that claim it in `redirect_from`."""
        claims: defaultdict[str, tuple[Document, ...]] = defaultdict(tuple)
        for document in self.corpus.documents:
            for text in dict.fromkeys(document.texts("redirect_from")):
                claims[text] += (document,)
        return claims

    @cached_property
    def highest(self) -> Mapping[tuple[str, str], int]:
        """Kind and year (empty where ids have none) → the highest number in use."""
        found: defaultdict[tuple[str, str], int] = defaultdict(int)
        for kind in self.settings.schema.kinds.values():
            for identity in (*self.corpus.by_id, *self.redirecting):
                parsed = kind.parse_id(identity)
                if parsed:
                    key = (kind.name, parsed[0])
                    found[key] = max(found[key], parsed[1])
        return found


Check = Callable[[Document, Context], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; `id` and `name` are for ever."""

    id: str
    name: str
    level: Level
    on: On
    check: Check

    @property
    def page(self) -> str:
        """What `kb explain` and the site show, as Markdown; its first line is the title."""
        text = inspect.cleandoc(self.check.__doc__ or "")
        # The source is wrapped; Chinese needs no space where lines meet, and code stays as it is.
        parts = text.split("```")
        parts[::2] = [_WRAPPED.sub("", part) for part in parts[::2]]
        return "```".join(parts)

    @property
    def title(self) -> str:
        """The fault in one line."""
        return self.page.partition("\n")[0]


def rule(
    identity: str, name: str, *, level: Level = Level.ERROR, on: On = On.DOCUMENT
) -> Callable[[Check], Rule]:
    """Make a function with a docstring a rule."""

    def decorate(check_function: Check) -> Rule:
        return Rule(identity, name, level, on, check_function)

    return decorate


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by id."""
    found: list[Rule] = []
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        if module.name.rpartition(".")[2].startswith("kb"):
            members = vars(importlib.import_module(module.name)).values()
            found.extend(member for member in members if isinstance(member, Rule))
    return tuple(sorted(found, key=lambda each: each.id))


def find(text: str) -> Rule | None:
    """The rule with this id or name, letter case aside."""
    wanted = text.casefold()
    return next((each for each in all_rules() if wanted in (each.id.casefold(), each.name)), None)


def check(corpus: Corpus, settings: Settings, today: datetime.date) -> list[Diagnostic]:
    """Everything the rules find, by file and place."""
    context = Context(corpus, settings, today)
    by_scope = {on: [each for each in all_rules() if each.on is on] for on in On}
    found = []
    for document in corpus.documents:
        for on in _scopes(document):
            for each in by_scope[on]:
                for finding in each.check(document, context):
                    found.append(_diagnostic(document, each, finding))
    return sorted(found, key=lambda diagnostic: diagnostic.sort_key)


def _scopes(document: Document) -> list[On]:
    scopes = [On.EVERY_FILE]
    # Where nothing is known about a file, that is what is reported, not its missing front matter.
    if document.faults and document.kind is not None:
        scopes.append(On.FAULTS)
    if document.readable and document.kind is not None:
        scopes.append(On.DOCUMENT)
        if document.published:
            scopes.append(On.PUBLISHED)
    return scopes


def _diagnostic(document: Document, found_by: Rule, finding: Finding) -> Diagnostic:
    span = finding.span
    # A file that is too large or isn't read at all has no lines to show.
    lines = document.lines or ("",)
    source = lines[span.line - 1]
    # A value over several lines is as long as its first one; at the end of a line nothing is.
    column = min(span.column, len(source) + 1)
    length = max(1, min(span.length, len(source) - column + 1))
    return Diagnostic(
        path=document.path,
        span=Span(span.line, column, length),
        rule=found_by.id,
        name=found_by.name,
        level=found_by.level,
        message=finding.message,
        hint=finding.hint,
        source=source,
    )
