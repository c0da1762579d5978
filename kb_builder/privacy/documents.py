"""The gate on a document: where in its lines something personal stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kb_builder.diagnostics import Span
from kb_builder.model.document import Document
from kb_builder.model.values import Item
from kb_builder.privacy.categories import Category
from kb_builder.privacy.gate import Disclosure, Gate
from kb_builder.privacy.names import is_name

_NAMES = (Category.NAME, Category.LABELLED)


@dataclass(frozen=True, slots=True)
class Place:
    """A disclosure with the span of its first line; `text` is what is written there in full."""

    disclosure: Disclosure
    span: Span
    text: str


def places(document: Document, gate: Gate, fields: Collection[str] = ()) -> tuple[Place, ...]:
    """The personal data in a document's text, in order, reviewed or not.

    `fields` are places in front matter where names belong (`sources.author`).
    """
    text = "\n".join(document.lines)
    found = gate.find(text)
    if not found:
        return ()
    starts = [0]
    for line in document.lines:
        starts.append(starts[-1] + len(line) + 1)
    allowed = [item.span for path in fields for item in _items(document, path)]
    made = []
    for each in found:
        row = bisect_right(starts, each.start) - 1
        end = min(each.end, starts[row + 1] - 1)
        span = Span(row + 1, each.start - starts[row] + 1, end - each.start)
        if each.category not in _NAMES or not any(_within(span, area) for area in allowed):
            made.append(Place(each, span, text[each.start : each.end]))
    return tuple(made)


def in_path(document: Document, gate: Gate) -> tuple[str, ...]:
    """What is personal in the path of a document: numbers, and parts that are a name."""
    if document.kind is not None and document.kind.parse_id(document.name):
        home = document.kind.folder_of(document.name)
        # Where it belongs and named by its id: that is nearly every document, and names nobody.
        if document.path == f"cases/{home}/{document.name}.md":
            return ()
    path = document.path.removesuffix(".md")
    found = [path[each.start : each.end] for each in gate.find(path)]
    parts = path.replace("_", "/").replace("-", "/").replace(" ", "/").split("/")
    return tuple(dict.fromkeys((*found, *(part for part in parts if is_name(part)))))


def _items(document: Document, path: str) -> Iterator[Item]:
    name, _, inner = path.partition(".")
    for item in document.items(name):
        yield from item.group.items(inner) if inner and not item.text else (item,)


def _within(span: Span, area: Span) -> bool:
    return span.line == area.line and area.column <= span.column <= area.column + area.length
