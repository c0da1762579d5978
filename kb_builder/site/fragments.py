"""The small pieces of HTML that every page is made of. All text is escaped here."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from kb_builder.insight import listing
from kb_builder.model.dates import PartialDate
from kb_builder.model.document import Document
from kb_builder.model.schema import FieldSpec, FieldType
from kb_builder.model.values import Group, Item
from kb_builder.site.links import ROOT

_SAFE = re.compile(r"[\w-]{1,80}\Z")
_TONED = frozenset({"case_kind", "lesson_kind", "phase", "severity", "outcome", "status"})
"""Fields whose values have a look of their own in kb.css."""

_STEPS = 5
"""How many bars the severity meter has."""


def is_safe_name(text: str) -> bool:
    """Whether a value's id may be part of an address and of a class name."""
    return bool(_SAFE.match(text))


def choice_address(field: str, value: str) -> str:
    """The address of the list of documents with a value of a facet, both safe names."""
    return f"browse/{field}/{value}/"


def badge(field: str, value: str, label: str, *, linked: bool, level: int = 0) -> Markup:
    """A value as a badge; linked to the list of documents that share it when there is one.

    `level` is the number of bars of a severity, 0 for other fields.
    """
    classes = "kb-badge"
    if field in _TONED and is_safe_name(value):
        classes += f" kb-{field} kb-{field}-{value}"
    bars = Markup(f'<i class="kb-bars kb-bars-{level}" aria-hidden="true"></i>')  # noqa: S704
    inside = (bars if level else Markup()) + label
    if not linked:
        return Markup('<span class="{}">{}</span>').format(classes, inside)
    return Markup('<a class="{}" href="{}{}">{}</a>').format(
        classes, ROOT, choice_address(field, value), inside
    )


def severity_level(spec: FieldSpec, value: str) -> int:
    """How many bars the severity meter shows, 1 to 5; 0 for fields that aren't a severity."""
    if spec.name != "severity" or spec.vocabulary is None or value not in spec.vocabulary.values:
        return 0
    place = list(spec.vocabulary.values).index(value) + 1
    return -(-place * _STEPS // len(spec.vocabulary.values))


def date_text(item: Item) -> str:
    """A date in words: `2016年3月`; as far as it is known."""
    if not isinstance(item.value, PartialDate):
        return "不详"
    day, _, time = item.value.text.replace("T", " ").partition(" ")
    parts = [
        f"{int(part)}{unit}" for part, unit in zip(day.split("-"), ("年", "月", "日"), strict=False)
    ]
    return "".join(parts) + (f" {time[:5]}" if time else "")


def when_text(document: Document) -> str:
    """When a case happened, in words; empty for kinds that have no date."""
    if document.kind is None or "occurred_on" not in document.kind.fields:
        return ""
    items = document.items("occurred_on")
    if not items or not isinstance(items[0].value, PartialDate):
        return "时间不详"
    return date_text(items[0])


def value_text(spec: FieldSpec, item: Item) -> str:
    """A plain value as readers see it: the label of a vocabulary's id, a date in words."""
    if isinstance(item.value, Group):
        return ""
    if spec.none_id and item.text == spec.none_id:
        return spec.none_label
    if spec.vocabulary is not None:
        return spec.vocabulary.label_of(item.text)
    if spec.type in (FieldType.DATE, FieldType.MOMENT):
        return date_text(item)
    if spec.type is FieldType.BOOLEAN:
        return "是" if item.value is True else "否"
    return item.text


def label_of(document: Document, field: str) -> str:
    """The first value of a vocabulary or role field as readers see it, or empty."""
    spec = document.kind.fields.get(field) if document.kind else None
    items = document.items(field)
    return value_text(spec, items[0]) if spec and items else ""


def option(address: str, label: str, *, current: bool) -> Markup:
    """One of several links of which the current one is marked."""
    if current:
        return Markup('<a href="{}{}" aria-current="true">{}</a>').format(ROOT, address, label)
    return Markup('<a href="{}{}">{}</a>').format(ROOT, address, label)


def bar_width(count: int, largest: int) -> int:
    """The width class of a count's bar, 1 to 20 twentieths of the largest count."""
    return max(1, round(20 * count / largest)) if largest else 1


def rank_label(document: Document, field: str) -> str:
    """The heading of the group a document falls in when a list is grouped by `field`."""
    return label_of(document, field) if listing.rank(document, field) else "未分类"


def escaped(text: str) -> str:
    """Text for HTML, in attributes too."""
    return str(escape(text))
