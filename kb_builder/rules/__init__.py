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
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property

from kb_builder.diagnostics import Diagnostic, Finding, KbError, Level, Span
from kb_builder.insight.duplicates import Pair, duplicates
from kb_builder.model.audience import VISIBILITY, visibility_in
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.pages import holders
from kb_builder.model.prose import Passage
from kb_builder.model.settings import Settings
from kb_builder.model.taxonomy import nearest
from kb_builder.privacy import Gate, masked
from kb_builder.privacy.documents import Place
from kb_builder.rules import personal
from kb_builder.rules.exceptions import exceptions

GROUPS = {
    "KB0": "读取文件",
    "KB1": "字段",
    "KB2": "取值",
    "KB3": "编号、引用和链接",
    "KB4": "小节和内容",
    "KB5": "个人信息",
    "KB6": "文字和版面",
    "KB7": "读者和安全",
}
"""The first three characters of rule ids, and what such rules are about."""

FIXED = ("KB0", "KB1", "KB2", "KB3", "KB5", "KB7")
"""Groups whose errors no base can make less: without what they ask for there is no page, what is personal
is excused one by one, with a reason, and what is hostile or for other eyes is not published."""

_WRAPPED = re.compile(r"(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])")


class On(Enum):
    """Which documents a rule looks at."""

    ANYTHING = "every file, and what is no document: pages, settings and pictures"
    EVERY_FILE = "every file, even one that can't be read"
    FAULTS = "those, and pages, whose reading met faults"
    TEXT = "those, and pages, that could be read"
    DOCUMENT = "those that could be read and belong to a kind"
    PUBLISHED = "those of the former that are published"


@dataclass(frozen=True)
class Context:
    """What a rule may ask about besides the document."""

    corpus: Corpus
    settings: Settings
    today: datetime.date

    @cached_property
    def gate(self) -> Gate:
        """What finds personal data."""
        return personal.gate_of(self.settings)

    def days_ahead(self, year: int, month: int, day: int) -> int:
        """1 for a day to come, 0 for today, -1 for a day gone by."""
        asked, now = (year, month, day), (self.today.year, self.today.month, self.today.day)
        return (asked > now) - (asked < now)

    def personal(self, document: Document) -> tuple[Place, ...]:
        """The personal data in a document, reviewed or not; looked for once."""
        if document.path not in self._personal:
            self._personal[document.path] = personal.look(document, self.gate, self.settings)
        return self._personal[document.path]

    @cached_property
    def _personal(self) -> dict[str, tuple[Place, ...]]:
        return {}

    @cached_property
    def documents_by_path(self) -> Mapping[str, Document]:
        """Every document under its path."""
        return {document.path: document for document in self.corpus.documents}

    @cached_property
    def page_visibility(self) -> Mapping[str, str]:
        """Path of a hand-written page → the id of its visibility, empty where it can't be told."""
        vocabulary = self.settings.vocabularies.get(VISIBILITY)
        return {
            page.path: visibility_in("\n".join(page.lines), vocabulary)
            for page in self.corpus.beside
            if page.path in self.corpus.pages
        }

    @cached_property
    def page_holders(self) -> Mapping[str, str]:
        """Folded address → the hand-written page that has it (see `pages.holders`)."""
        return holders(self.corpus.pages)

    @cached_property
    def redirecting(self) -> Mapping[str, tuple[Document, ...]]:
        """Old id → the documents that claim it in `redirect_from`."""
        claims: defaultdict[str, tuple[Document, ...]] = defaultdict(tuple)
        for document in self.corpus.documents:
            for text in dict.fromkeys(document.texts("redirect_from")):
                claims[text] += (document,)
        return claims

    @cached_property
    def titled(self) -> Mapping[str, tuple[Document, ...]]:
        """Bare title → the published documents of that title."""
        found: defaultdict[str, tuple[Document, ...]] = defaultdict(tuple)
        for document in self.corpus.documents:
            if document.readable and document.published and document.text("title"):
                found[bare(document.title)] += (document,)
        return found

    @cached_property
    def copies(self) -> Mapping[str, tuple[Pair, ...]]:
        """Id of a case → the earlier cases whose record is nearly the same."""
        records = with_record(self.corpus)
        return by_later(duplicates({id_: record(found) for id_, found in records.items()}))

    @cached_property
    def banned(self) -> Mapping[str, tuple[str, str]]:
        """What no playbook may recommend to say, bare → as written, and the playbook that bans it."""
        return {
            phrase: (text, document.id)
            for document in reversed(self.corpus.documents)
            if document.published
            for text in document.texts("banned_phrases")
            # In brackets stands to whom or when, not what is said.
            if (phrase := bare(_IN_BRACKETS.sub("", text)))
        }

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


_RELATED = "related"


def with_record(corpus: Corpus) -> dict[str, Document]:
    """The documents whose record is compared with those of the others, by id."""
    return {
        document.id: document
        for document in corpus.by_id.values()
        if document.readable and document.kind is not None and _RELATED in document.kind.fields
    }


def by_later(pairs: Iterable[Pair]) -> Mapping[str, tuple[Pair, ...]]:
    """Id of the later of two → the pairs."""
    found: defaultdict[str, tuple[Pair, ...]] = defaultdict(tuple)
    for pair in pairs:
        found[pair.later] += (pair,)
    return found


def record(document: Document) -> str:
    """What a case tells of what happened: its first section, or all of a short one."""
    assert document.kind is not None
    first = document.kind.sections[:1]
    for section in document.sections:
        if section.title in first:
            return section.text
    return document.body


def bare(text: str) -> str:
    """A text without marks and spaces, for telling whether two say the same.

    >>> bare("您打错部门了！")
    '您打错部门了'
    """
    return _MARKS.sub("", text)


def clauses(text: str) -> list[str]:
    """The bare clauses of a sentence."""
    return [bare(part) for part in _CLAUSE_END.split(text)]


def in_prose(
    document: Document, pattern: re.Pattern[str]
) -> Iterator[tuple[Passage, re.Match[str], Span]]:
    """Where the sentences of a document match a pattern, which must not need what is around them."""
    # Most documents have no match at all, and one search of the whole is quicker than a hundred.
    if not pattern.search("\n".join(document.lines)):
        return
    for passage in document.prose:
        for match, span in passage.find(pattern):
            yield passage, match, span


_NEEDLESS = "KB520"
_ABOUT_EXCUSES = (_NEEDLESS, "KB521")
_FILE_NAME = "KB515"
_MARKS = re.compile(r"[\W_]+")
_CLAUSE_END = re.compile("[，。；！？…—：,;!?]+")
_IN_BRACKETS = re.compile("（[^）]*）|\\([^)]*\\)")


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
    def beside(self) -> bool:
        """Whether it also looks at what is no document: pages, settings and pictures."""
        if self.on in (On.ANYTHING, On.FAULTS, On.TEXT):
            return True
        return self.id.startswith(personal.PREFIX) and self.id not in (*_ABOUT_EXCUSES, _FILE_NAME)

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


def levels(settings: Settings) -> Mapping[str, Level | None]:
    """Rule id → the level in force; None where the base has switched the rule off.

    Raises KbError where `checks.yml` names a rule that doesn't exist, or lowers one it can't.
    """
    found: dict[str, Level | None] = {each.id: each.level for each in all_rules()}
    for change in settings.checks.levels:
        changed = find(change.rule)
        if changed is None:
            best = nearest(
                change.rule, [name for each in all_rules() for name in (each.id, each.name)]
            )
            hint = f"；是不是 {best}？" if best else "；全部规则见 kb explain"
            raise KbError(f"{change.place}: 没有“{change.rule}”这条规则{hint}")
        is_lower = change.level is None or change.level < changed.level
        if is_lower and changed.level is Level.ERROR and changed.id.startswith(FIXED):
            raise KbError(
                f"{change.place}: {changed.id} 是{GROUPS[changed.id[:3]]}的错误，不能放宽"
            )
        found[changed.id] = change.level
    return found


def check(corpus: Corpus, settings: Settings, today: datetime.date) -> list[Diagnostic]:
    """Everything the rules find, by file and place. Raises KbError as `levels` does."""
    context = Context(corpus, settings, today)
    in_force = levels(settings)
    active = scoped(each for each in all_rules() if in_force[each.id] is not None)
    found = [
        diagnostic
        for document in corpus.documents
        for diagnostic in diagnose(document, context, active, in_force)
    ]
    gate_rules = scoped(
        each for each in all_rules() if in_force[each.id] is not None and each.beside
    )
    for beside in corpus.beside:
        found.extend(diagnose(beside, context, gate_rules, in_force))
    seen = {
        value
        for document in ((*corpus.documents, *corpus.beside) if context.gate.reviewed else ())
        for value in reviewed_in(document, context)
    }
    found.extend(needless_reviews(settings, seen, in_force))
    return sorted(found, key=lambda diagnostic: diagnostic.sort_key)


def scoped(rules: Iterable[Rule]) -> Mapping[On, Sequence[Rule]]:
    """The rules by which documents they look at."""
    found: dict[On, list[Rule]] = {on: [] for on in On}
    for each in rules:
        found[each.on].append(each)
    return found


def diagnose(
    document: Document,
    context: Context,
    active: Mapping[On, Iterable[Rule]],
    in_force: Mapping[str, Level | None],
) -> Iterator[Diagnostic]:
    """What these rules find in one document, but for what it excuses itself."""
    excused = exceptions(document)
    for each, finding in _findings(document, context, active):
        level = in_force[each.id]
        assert level is not None  # or it would not be active
        if not any(excuse.excuses(each.id, finding.span.line) for excuse in excused):
            diagnostic = _diagnostic(document, each, level, finding)
            shown = context.personal(document)
            yield personal.discreet(diagnostic, shown) if shown else diagnostic


def reviewed_in(document: Document, context: Context) -> frozenset[str]:
    """The reviewed values that a document writes; where they are declared doesn't count."""
    if document.path == context.settings.privacy.path:
        return frozenset()
    found = (place.disclosure.value for place in context.personal(document))
    return context.gate.reviewed.intersection(found)


def needless_reviews(
    settings: Settings, seen: Collection[str], in_force: Mapping[str, Level | None]
) -> Iterator[Diagnostic]:
    """What the list of reviewed values in the settings no longer needs; `seen` are those that documents write."""
    privacy = settings.privacy
    needless = find(_NEEDLESS)
    assert needless is not None  # it is one of ours
    level = in_force[needless.id]
    if not privacy.reviewed or level is None:
        return
    for each in personal.idle(privacy, seen):
        message = f"核准公开的“{masked(each.value)}”哪里都没有写"
        yield Diagnostic(
            privacy.path, each.span, needless.id, needless.name, level, message, "删去这一条", ""
        )


def reported(document: Document, context: Context) -> Iterator[tuple[str, int]]:
    """Id and line of everything the rules find in a document, excused or not."""
    rules = [each for each in all_rules() if each.id not in _ABOUT_EXCUSES]
    for each, finding in _findings(document, context, scoped(rules)):
        yield each.id, finding.span.line


def _findings(
    document: Document, context: Context, by_scope: Mapping[On, Iterable[Rule]]
) -> Iterator[tuple[Rule, Finding]]:
    for on in _scopes(document, context):
        for each in by_scope[on]:
            for finding in each.check(document, context):
                yield each, finding


def _scopes(document: Document, context: Context) -> list[On]:
    scopes = [On.ANYTHING, On.EVERY_FILE]
    # Of a file of no kind that is no page nothing is known: that is what is reported, not its missing front matter.
    is_content = document.kind is not None or document.path in context.corpus.pages
    if document.faults and is_content:
        scopes.append(On.FAULTS)
    if document.readable and is_content:
        scopes.append(On.TEXT)
    if document.readable and document.kind is not None:
        scopes.append(On.DOCUMENT)
        if document.published:
            scopes.append(On.PUBLISHED)
    return scopes


def _diagnostic(document: Document, found_by: Rule, level: Level, finding: Finding) -> Diagnostic:
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
        level=level,
        message=finding.message,
        hint=finding.hint,
        source=source,
    )
