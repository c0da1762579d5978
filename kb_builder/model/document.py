"""One content file as the rest of the program sees it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from kb_builder.diagnostics import Finding, Span
from kb_builder.model import dates, front_matter, values
from kb_builder.model.front_matter import Fault
from kb_builder.model.plain import plain
from kb_builder.model.prose import Passage, in_body, in_field
from kb_builder.model.schema import FieldSpec, FieldType, Kind, Needed, Schema
from kb_builder.model.sections import Heading, Link, Section, headings, links, sections
from kb_builder.model.taxonomy import nearest
from kb_builder.model.values import Group, Item

DRAFT, REVIEW, PUBLISHED, ARCHIVED = "draft", "review", "published", "archived"
"""The statuses the program knows; their labels are in the taxonomy."""

_OPENING = 100
"""Length of the opening that stands in for a missing summary, in characters."""


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A field that is there: its declaration and items, and all fields of the document or group it
    is in."""

    spec: FieldSpec
    items: tuple[Item, ...]
    beside: Mapping[str, tuple[Item, ...]]


@dataclass(frozen=True)
class Document:
    """A content file: what could be read of it, and every fault met while reading.

    `path` is relative to the base, with forward slashes. `kind` is None for a file that belongs to
    no kind. `fields` holds, for every declared field that is there and readable, its items (a
    field that isn't a list has one). `keys` holds the place of every field name as written.
    """

    path: str
    kind: Kind | None
    lines: tuple[str, ...]
    body_line: int
    fields: Mapping[str, tuple[Item, ...]]
    keys: Mapping[str, Span]
    faults: tuple[Fault, ...]
    readable: bool
    digest: str

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings of the body."""
        return tuple(headings(self.lines, self.body_line))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The second-level sections of the body."""
        return sections(self.lines, self.headings)

    @property
    def links(self) -> Iterator[Link]:
        """The links of the body."""
        return links(self.lines, self.body_line)

    @property
    def body(self) -> str:
        """The text after the front matter."""
        return "\n".join(self.lines[self.body_line :])

    @property
    def name(self) -> str:
        """The file's name without `.md`."""
        return self.path.rpartition("/")[2].removesuffix(".md")

    def items(self, field: str) -> tuple[Item, ...]:
        """The items of a field, with their places; empty when it isn't there."""
        return self.fields.get(field, ())

    def texts(self, field: str) -> tuple[str, ...]:
        """The items of a field as text: ids of a vocabulary, dates as written."""
        # Reports ask millions of times, mostly for what isn't there.
        items = self.fields.get(field)
        return tuple([item.text for item in items]) if items else ()

    def text(self, field: str) -> str:
        """The first item of a field as text, or empty."""
        items = self.fields.get(field)
        return items[0].text if items else ""

    def flag(self, field: str) -> bool:
        """Whether a boolean field is there and true."""
        items = self.items(field)
        return bool(items and items[0].value is True)

    def groups(self, field: str) -> tuple[Group, ...]:
        """The groups of a field such as `timeline`."""
        return tuple(item.value for item in self.items(field) if isinstance(item.value, Group))

    def date(self, field: str) -> dates.PartialDate | None:
        """The date of a field; None when it isn't there or unknown."""
        items = self.fields.get(field)
        value = items[0].value if items else None
        return value if isinstance(value, dates.PartialDate) else None

    def findings(self, rule: str) -> Iterator[Finding]:
        """What the rule of this name has to report of the faults met while reading."""
        return (fault.finding for fault in self.faults if fault.rule == rule)

    @cached_property
    def every_field(self) -> tuple[FieldUse, ...]:
        """The fields that are there, those inside groups included."""
        if self.kind is None:
            return ()
        return tuple(_uses(self.kind.fields, self.fields))

    @cached_property
    def prose(self) -> tuple[Passage, ...]:
        """Everything in it that is written in sentences: its fields of text, then its body.

        What `kb import` keeps for itself is none.
        """
        ours = [group.fields for group in self.groups("imported")]
        found = [
            in_field(use.spec.name, item.text, item.span, self.lines[item.span.line - 1])
            for use in self.every_field
            if use.spec.type is FieldType.TEXT and not any(use.beside is each for each in ours)
            for item in use.items
        ]
        return (*found, *in_body(self.lines, self.body_line))

    def place(self, field: str) -> Span:
        """Where to point for a field: its first item, else its name, else the first line."""
        items = self.items(field)
        if items:
            return items[0].span
        return self.keys.get(field, Span(1, 1, 3))

    @cached_property
    def id(self) -> str:
        """The id as written, or the file's name where the front matter has none."""
        return self.text("id") or self.name

    @cached_property
    def title(self) -> str:
        """The title, or the id where there is none."""
        return self.text("title") or self.id

    @cached_property
    def face(self) -> str:
        """Changes with what others ask of it: path, kind, id, title, status, whether it could be read."""
        kind = self.kind.name if self.kind else ""
        shown = (self.path, kind, self.id, self.title, self.status, self.readable)
        return hashlib.blake2b(repr(shown).encode(), digest_size=8).hexdigest()

    @cached_property
    def status(self) -> str:
        """The id of the status; draft where it is missing or unreadable."""
        return self.text("status") or DRAFT

    @cached_property
    def front(self) -> str:
        """Changes with all that is known of it without reading its body: path, kind, and the front matter with its places."""
        known = (self.path, self.kind.name if self.kind else "", self.readable, dict(self.fields))
        text = repr(known).encode("utf-8", "surrogateescape")
        return hashlib.blake2b(text, digest_size=16).hexdigest()

    @property
    def abstract(self) -> str:
        """The summary, or the beginning of the text where an editor has not written one yet."""
        return self.text("summary") or self.opening

    @cached_property
    def opening(self) -> str:
        """The beginning of the first section in which anything is written, as plain text."""
        text = ""
        for section in self.sections:
            # The beginning will do, unless it may end within what no page shows.
            source = section.text if "<" in section.text else section.text[: _OPENING * 4]
            text = plain(source.split("\n")).replace("\n", " ")
            if text:
                break
        return text if len(text) <= _OPENING else f"{text[:_OPENING].rstrip()}……"

    @property
    def account(self) -> str:
        """The first section that its kind declares: of a case, what the customer told. Empty where there is none."""
        title = self.kind.sections[0] if self.kind and self.kind.sections else ""
        return next((section.text for section in self.sections if section.title == title), "")

    @property
    def published(self) -> bool:
        """Whether the author asks for it to be public."""
        return self.status == PUBLISHED

    @cached_property
    def short(self) -> bool:
        """Whether fewer fields and sections are asked of it (`short_when` in the schema)."""
        if self.kind is None:
            return False
        return any(
            set(self.texts(name)) & set(wanted) for name, wanted in self.kind.short_when.items()
        )

    @property
    def required_sections(self) -> tuple[str, ...]:
        """The sections it must have to be published."""
        if self.kind is None:
            return ()
        return self.kind.short_sections if self.short else self.kind.sections

    @cached_property
    def misnamed_sections(self) -> Mapping[str, str]:
        """Titles that are no declared section → the missing one they are like, where there is one."""
        if self.kind is None:
            return {}
        titles = dict.fromkeys(section.title for section in self.sections)
        missing = [title for title in self.kind.sections if title not in titles]
        unknown = (title for title in titles if title not in self.kind.sections)
        return {title: meant for title in unknown if (meant := nearest(title, missing))}

    @property
    def year(self) -> str:
        """The four-digit year it happened, or empty."""
        when = self.date("occurred_on")
        return f"{when.year:04d}" if when else ""


def build(path: str, data: bytes, schema: Schema) -> Document:
    """Read one content file; `path` is relative to the base and starts with `cases/`."""
    source = front_matter.read(data)
    kind = schema.kind_of_file(path)
    faults = list(source.faults)
    fields: dict[str, tuple[Item, ...]] = {}
    keys: dict[str, Span] = {}
    if source.root is not None and kind is not None:
        for key, node in source.root.entries:
            keys[key.text] = key.span
            spec = kind.fields.get(key.text)
            if spec is None:
                faults.append(values.unknown_field(key, kind.fields))
                continue
            items, problems = values.read(spec, node)
            faults.extend(problems)
            if items:
                fields[key.text] = items
    document = Document(
        path=path,
        kind=kind,
        lines=source.lines,
        body_line=source.body_line,
        fields=fields,
        keys=keys,
        faults=tuple(faults),
        readable=source.root is not None,
        digest=hashlib.sha256(data).hexdigest(),
    )
    if source.root is None or kind is None:
        return document
    missing = tuple(_missing(document, kind))
    return replace(document, faults=(*faults, *missing)) if missing else document


def _uses(
    specs: Mapping[str, FieldSpec], fields: Mapping[str, tuple[Item, ...]]
) -> Iterator[FieldUse]:
    for name, items in fields.items():
        spec = specs[name]
        yield FieldUse(spec, items, fields)
        if spec.fields is not None:
            for item in items:
                if isinstance(item.value, Group):
                    yield from _uses(spec.fields, item.value.fields)


def _missing(document: Document, kind: Kind) -> Iterator[Fault]:
    published, short = document.published, document.short
    for spec in kind.fields.values():
        if spec.needed is Needed.OPTIONAL or spec.name in document.keys:
            continue
        if (spec.needed is Needed.PUBLISH and not published) or (spec.waived and short):
            continue
        when = "发布前" if published else "草稿也"
        yield Fault(
            "missing-field",
            Finding(
                Span(document.body_line, 1, 3),
                f"{when}必须填写“{spec.label}”（{spec.name}）",
                values.example(spec),
            ),
        )
