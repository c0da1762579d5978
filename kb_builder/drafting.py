"""The text of a new document from values: front matter, reminders for the editor, sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb_builder.diagnostics import Finding, KbError, Span
from kb_builder.model import front_matter, values
from kb_builder.model.corpus import references
from kb_builder.model.document import Document
from kb_builder.model.front_matter import Scalar
from kb_builder.model.schema import FieldSpec, FieldType, Kind, Needed
from kb_builder.model.sections import headings, sections
from kb_builder.model.values import Item

FieldValue = str | tuple[str, ...] | Mapping[str, str]
"""A value, a list of values, or the fields of one group, as they are to be written."""

_INDICATOR = re.compile(r"[-?:,\[\]{}#&*!|>'\"%@`=<~]")
_FLOW_BREAKER = re.compile(r"[,\[\]{}:'\"]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_WIDTH = 100
"""Where a flow list becomes a block list, in characters."""

REMINDING = "# 以下各项发布前补齐：填好一项，删去那一行行首的“# ”。"
"""The line above all reminders."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A document to be written.

    `fields` are written in the order of the schema. `sections` is the Markdown of each section by
    its title; every section of the kind gets its heading. With `reminders` the fields needed for
    publishing and still missing follow as comments, which YAML drops, so that nothing of them can
    be published.
    """

    kind: Kind
    fields: Mapping[str, FieldValue]
    sections: Mapping[str, str]
    reminders: bool = False


def render(draft: Draft) -> str:
    """The text of a draft's file."""
    lines = ["---"]
    for name in draft.kind.fields:
        if name in draft.fields:
            lines += _entry(name, draft.fields[name])
    if draft.reminders:
        lines += _reminders(draft)
    lines.append("---")
    for title in draft.kind.sections:
        lines += ["", f"## {title}"]
        text = draft.sections.get(title, "").strip("\n")
        if text:
            lines += ["", text]
    return "\n".join(lines) + "\n"


def section_texts(template: Sequence[str]) -> dict[str, str]:
    """The text of each section of a template, by title."""
    lines = tuple(template)
    found = tuple(headings(lines, 0))
    return {section.title: section.text for section in sections(lines, found)}


def accept(spec: FieldSpec, texts: Sequence[str]) -> tuple[FieldValue, tuple[Finding, ...]]:
    """Texts given for a field as they are to be written, and what is wrong with them.

    A vocabulary's value becomes its label, whichever way it was given.

    Args:
        spec: the field; not a group.
        texts: one text, or any number where the field is a list.
    """
    nodes = tuple(Scalar(text, Span(1, 1)) for text in texts)
    node = front_matter.Sequence(nodes, Span(1, 1)) if spec.many else nodes[0]
    items, faults = values.read(spec, node)
    written = tuple(written_as(spec, item) for item in items)
    value: FieldValue = written if spec.many else next(iter(written), "")
    return value, tuple(fault.finding for fault in faults)


def written_as(spec: FieldSpec, item: Item) -> str:
    """An item as an author writes it: a label rather than an id."""
    if spec.vocabulary is not None and isinstance(item.value, str):
        value = spec.vocabulary.values.get(item.value)
        return value.label if value else item.text
    return item.text


class Numbers:
    """Hands out the ids of one kind; an id that a base ever used is not handed out again."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._highest: dict[str, int] = {}

    def note(self, document: Document) -> None:
        """Count what a document uses: its file's name, its id, its old ids, the ids it refers to."""
        self.use(document.name)
        self.use(document.id)
        for text in document.texts("redirect_from"):
            self.use(text)
        for _, item in references(document):
            self.use(item.text)

    def use(self, identity: str) -> None:
        """Count an id as used; a text that is no id of this kind counts for nothing."""
        parsed = self._kind.parse_id(identity)
        if parsed:
            year, number = parsed
            self._highest[year] = max(number, self._highest.get(year, 0))

    def highest(self) -> dict[str, int]:
        """The highest number in use by year (four digits, or empty where ids have none)."""
        return dict(self._highest)

    def next(self, year: int | None) -> str:
        """The id after the highest one of the year (None: not known), and count it as used."""
        key = f"{year or 0:04d}" if self._kind.has_year else ""
        identity = self._kind.make_id(year, self._highest.get(key, 0) + 1)
        if self._kind.parse_id(identity) is None:
            raise KbError(f"{self._kind.label}的编号用完了：{identity} 不合“{self._kind.id_form}”")
        self.use(identity)
        return identity


def scalar(text: str, *, flow: bool = False) -> str:
    r"""A YAML scalar on one line that reads back as `text`; `flow` inside brackets.

    The text must have no control characters: the reader refuses them in any spelling.

    >>> print(scalar("先退款: 后补单"), scalar("24小时"), scalar("甲, 乙", flow=True))
    "先退款: 后补单" 24小时 "甲, 乙"
    """
    plain = (
        text == text.strip()
        and text.isprintable()
        and text != ""
        and not _INDICATOR.match(text)
        and ": " not in text
        and " #" not in text
        and not text.endswith(":")
        and not (flow and _FLOW_BREAKER.search(text))
    )
    return text if plain else f'"{"".join(_escape(char) for char in text)}"'


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _entry(name: str, value: FieldValue) -> list[str]:
    if isinstance(value, str):
        return [f"{name}: {scalar(value)}"]
    if isinstance(value, Mapping):
        return [f"{name}:", *(f"  {key}: {scalar(text)}" for key, text in value.items())]
    line = f"{name}: [{', '.join(scalar(text, flow=True) for text in value)}]"
    if len(line) <= _WIDTH:
        return [line]
    return [f"{name}:", *(f"  - {scalar(text)}" for text in value)]


def _reminders(draft: Draft) -> Iterator[str]:
    missing = [
        spec
        for spec in draft.kind.fields.values()
        if spec.needed is Needed.PUBLISH and spec.name not in draft.fields
    ]
    if not missing:
        return
    yield REMINDING
    for spec in missing:
        yield from reminder(spec)


def reminder(spec: FieldSpec) -> Iterator[str]:
    """The comment that reminds an editor of a field: what to write, and where."""
    yield f"# {explain(spec)}"
    if spec.type is FieldType.GROUP:
        yield from _group_reminder(spec)
    else:
        yield f"# {spec.name}: []" if spec.many else f"# {spec.name}:"


def explain(spec: FieldSpec) -> str:
    """What to write in a field, on one line: label, help, limits, choices."""
    parts = [" ".join(spec.help.split())]
    if spec.type is FieldType.TEXT:
        parts.append(_limits(spec))
    if spec.vocabulary is not None:
        parts.append("可写：" + "、".join(value.label for value in spec.vocabulary))
    return f"{spec.label}：" + "；".join(part for part in parts if part)


def _limits(spec: FieldSpec) -> str:
    if spec.minimum and spec.minimum > 1 and spec.maximum:
        return f"{spec.minimum}–{spec.maximum} 字"
    return f"最多 {spec.maximum} 字" if spec.maximum else ""


def _group_reminder(spec: FieldSpec) -> Iterator[str]:
    assert spec.fields is not None  # the schema loader sees to it
    yield f"# {spec.name}:"
    for position, inner in enumerate(spec.fields.values()):
        lead = ("- " if position == 0 else "  ") if spec.many else ""
        shape = " []" if inner.many else ""
        yield f"#   {lead}{inner.name}:{shape}  # {inner.label}"
