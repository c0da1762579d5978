"""How many documents have which value of a facet, and which documents they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kb_builder.model.document import Document
from kb_builder.model.schema import FieldSpec, FieldType, Schema

YEAR = "year"
"""The facet that is computed from `occurred_on` instead of being declared."""

UNKNOWN_YEAR = "unknown"
"""Its value for documents nobody can date."""

_DATED = "occurred_on"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet and its documents, in the order in which they were given."""

    id: str
    label: str
    help: str
    documents: tuple[Document, ...]

    @property
    def count(self) -> int:
        """How many documents have the value."""
        return len(self.documents)


@dataclass(frozen=True, slots=True)
class Facet:
    """A field readers browse by. `choices` holds only values that some document has, in the order
    of the vocabulary; a document with several values counts once for each.
    """

    name: str
    label: str
    help: str
    kinds: tuple[str, ...]
    choices: tuple[Choice, ...]

    @property
    def largest(self) -> int:
        """The count of the most frequent value; 0 without any."""
        return max((choice.count for choice in self.choices), default=0)


def facets(documents: Iterable[Document], schema: Schema) -> tuple[Facet, ...]:
    """The facets that have any value, in the order of the schema, the year last."""
    specs: dict[str, FieldSpec] = {}
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    names: dict[str, tuple[str, ...]] = {}
    for kind in schema.kinds.values():
        names[kind.name] = tuple(spec.name for spec in kind.facets())
        for spec in kind.facets():
            specs.setdefault(spec.name, spec)
            kinds[spec.name].append(kind.name)
        if _DATED in kind.fields:
            kinds[YEAR].append(kind.name)
    groups: defaultdict[str, defaultdict[str, list[Document]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for document in documents:
        if document.kind is None:
            continue
        for name in names[document.kind.name]:
            for value in dict.fromkeys(document.texts(name)):
                groups[name][value].append(document)
        if _DATED in document.kind.fields:
            groups[YEAR][document.year or UNKNOWN_YEAR].append(document)
    found = [
        Facet(name, spec.label, _help(spec), tuple(kinds[name]), _choices(spec, groups[name]))
        for name, spec in specs.items()
        if groups[name]
    ]
    if groups[YEAR]:
        found.append(
            Facet(YEAR, "年份", "事情发生的那一年。", tuple(kinds[YEAR]), _years(groups[YEAR]))
        )
    return tuple(found)


def _help(spec: FieldSpec) -> str:
    return (spec.vocabulary.help if spec.vocabulary else "") or spec.help


def _choices(spec: FieldSpec, groups: dict[str, list[Document]]) -> tuple[Choice, ...]:
    if spec.vocabulary is not None:
        return tuple(
            Choice(value.id, value.label, value.help, tuple(groups[value.id]))
            for value in spec.vocabulary
            if value.id in groups
        )
    labels = {"true": "是", "false": "否"} if spec.type is FieldType.BOOLEAN else {}
    return tuple(
        Choice(value, labels.get(value, value), "", tuple(groups[value]))
        for value in sorted(groups)
    )


def _years(groups: dict[str, list[Document]]) -> tuple[Choice, ...]:
    known = sorted((year for year in groups if year != UNKNOWN_YEAR), reverse=True)
    found = [Choice(year, f"{int(year)}年", "", tuple(groups[year])) for year in known]
    if UNKNOWN_YEAR in groups:
        found.append(
            Choice(UNKNOWN_YEAR, "年份不详", "资料没有写年份。", tuple(groups[UNKNOWN_YEAR]))
        )
    return tuple(found)
