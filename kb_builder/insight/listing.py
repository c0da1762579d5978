"""The order of a list, and its cut into pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from kb_builder.insight import pinyin
from kb_builder.model.document import Document

PAGE_SIZE = 50
"""How many documents a page of a list shows at most."""

_NO_DATE = (0, 0, 0, 0, 0)


class Order(StrEnum):
    """How a list is sorted. Ties go by id, so that the same corpus gives the same list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    SEVERITY = "severity"
    TITLE = "title"
    PHASE = "phase"
    LESSON_KIND = "lesson_kind"

    @property
    def label(self) -> str:
        """The Chinese word readers see."""
        return {
            Order.NEWEST: "最近发生",
            Order.OLDEST: "最早发生",
            Order.SEVERITY: "最严重",
            Order.TITLE: "标题拼音",
            Order.PHASE: "阶段",
            Order.LESSON_KIND: "类型",
        }[self]

    @property
    def grouping(self) -> str:
        """The field whose values head the groups of the list; empty when it has no groups."""
        return self.value if self in (Order.PHASE, Order.LESSON_KIND) else ""


_ORDERS = {
    "case": (Order.NEWEST, Order.OLDEST, Order.SEVERITY, Order.TITLE),
    "playbook": (Order.PHASE, Order.TITLE),
    "lesson": (Order.LESSON_KIND, Order.TITLE),
}


def orders(kinds: Iterable[str]) -> tuple[Order, ...]:
    """The orders that make sense for documents of these kinds, the default first."""
    found = [_ORDERS.get(kind, (Order.TITLE,)) for kind in kinds]
    return found[0] if len(found) == 1 else (Order.TITLE,)


def arrange(documents: Iterable[Document], order: Order) -> tuple[Document, ...]:
    """The documents in this order. What can't be ranked (no date, no severity) comes last."""
    found = sorted(documents, key=lambda document: document.id)
    if order is Order.NEWEST:
        found.sort(key=lambda document: (_date(document), document.id), reverse=True)
    elif order is Order.OLDEST:
        found.sort(key=lambda document: (_date(document) == _NO_DATE, _date(document)))
    elif order is Order.TITLE:
        found.sort(key=lambda document: pinyin.sort_key(document.title))
    elif order is Order.SEVERITY:
        found.sort(key=lambda document: -rank(document, "severity"))
    else:
        found.sort(key=lambda document: _place(document, order.value))
    return tuple(found)


class Arrangement:
    """Many lists of documents of one corpus in their orders, each of which is found once for all."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = tuple(documents)
        self._places: dict[Order, dict[str, int]] = {}

    def arrange(self, documents: Iterable[Document], order: Order) -> tuple[Document, ...]:
        """Some of the documents in this order, as `arrange` gives them."""
        places = self._places.get(order)
        if places is None:
            ordered = arrange(self._documents, order)
            places = self._places[order] = {one.id: place for place, one in enumerate(ordered)}
        return tuple(sorted(documents, key=lambda document: places[document.id]))


def rank(document: Document, field: str) -> int:
    """The place of the document's value in the field's vocabulary, from 1; 0 where it has none."""
    spec = document.kind.fields.get(field) if document.kind else None
    if spec is None or spec.vocabulary is None:
        return 0
    value = document.text(field)
    return list(spec.vocabulary.values).index(value) + 1 if value else 0


def cut(documents: Sequence[Document], size: int = PAGE_SIZE) -> tuple[Sequence[Document], ...]:
    """The pages of a list; at least one, which may be empty."""
    return tuple(documents[i : i + size] for i in range(0, len(documents), size)) or ((),)


def _date(document: Document) -> tuple[int, int, int, int, int]:
    when = document.date("occurred_on")
    return when.earliest if when else _NO_DATE


def _place(document: Document, field: str) -> tuple[bool, int]:
    place = rank(document, field)
    return (place == 0, place)
