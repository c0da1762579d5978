"""Tables of how often each value of a field occurs, and of how often two go together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from kb_builder.insight.material import Material
from kb_builder.insight.tables import (
    COUNT,
    SHARE,
    Cell,
    Column,
    Picture,
    Row,
    Table,
    counted,
    share,
)
from kb_builder.model.document import Document
from kb_builder.model.schema import FieldSpec, FieldType

UNFILLED = "unfilled"
"""The key of the row (or column) for documents that lack the field."""

UNKNOWN = "unknown"
"""The id by which vocabularies say that nobody knows; it is no answer and has no share."""

_BOOLEAN = {"true": "是", "false": "否"}

Groups = Mapping[str, tuple[str, ...]]
"""Value → the ids of the documents that have it."""


def group(
    documents: Iterable[Document], values: Callable[[Document], Iterable[str]]
) -> dict[str, tuple[str, ...]]:
    """The documents by value, `UNFILLED` for those without any; each once a value, in their order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for document in documents:
        for value in dict.fromkeys(values(document)) or (UNFILLED,):
            found[value].append(document.id)
    return {value: tuple(ids) for value, ids in found.items()}


def labels(spec: FieldSpec) -> dict[str, str]:
    """The values a field may have with their labels, in the order of the vocabulary."""
    if spec.vocabulary is not None:
        return {value.id: value.label for value in spec.vocabulary}
    return dict(_BOOLEAN) if spec.type is FieldType.BOOLEAN else {}


def distribution(
    material: Material,
    field: str,
    *,
    ordinal: bool = False,
    note: str = "",
    picture: Picture = Picture.BARS,
) -> Table | None:
    """How many cases have each value of a field; None where the owner has taken the field out.

    The most frequent value comes first; with `ordinal` the order is that of the vocabulary.
    """
    spec = material.spec(field)
    if spec is None:
        return None
    groups = group(material.cases, lambda case: case.texts(field))
    known = {one.id for one in material.cases} - {
        *groups.get(UNFILLED, ()),
        *groups.get(UNKNOWN, ()),
    }
    names = labels(spec)
    order = {value: place for place, value in enumerate(names)}
    values = [value for value in groups if value not in (UNFILLED, UNKNOWN)]
    values.sort(
        key=lambda value: (0 if ordinal else -len(groups[value]), order.get(value, 0), value)
    )
    rows = [
        Row(
            value,
            names.get(value, value),
            (counted(groups[value]), share(len(groups[value]), len(known))),
            groups[value],
            facet=(field, value) if spec.facet else None,
        )
        for value in values
    ]
    if UNKNOWN in groups:
        rows.append(_unknown(UNKNOWN, names.get(UNKNOWN, "未知"), groups[UNKNOWN]))
    if UNFILLED in groups:
        rows.append(_unknown(UNFILLED, "未填写", groups[UNFILLED]))
    several = (
        f"一篇可以有几个{spec.label}，各算一次，所以占比相加会超过 100%；" if spec.many else ""
    )
    return Table(
        key=field,
        title=spec.label,
        definition=f"数每个{spec.label}有多少篇案例；{several}没有填的、填“未知”的单列一行，不进占比。",
        head=spec.label,
        columns=(COUNT, SHARE),
        rows=tuple(rows),
        n=len(material.cases),
        known=len(known),
        missing=how_to_record(spec),
        picture=picture,
        note=note,
    )


def crossing(
    cases: Sequence[Document],
    down: FieldSpec,
    across: FieldSpec,
    *,
    key: str,
    title: str,
    definition: str,
    picture: Picture = Picture.HEAT,
    note: str = "",
) -> Table:
    """How often the values of two fields occur in the same case.

    Values no case has are left out; cases that lack one of the two fields stand in a row, or a
    column, of their own. `known` counts the cases that have both.
    """
    lines = group(cases, lambda case: case.texts(down.name))
    columns = group(cases, lambda case: case.texts(across.name))
    both = {case.id for case in cases} - {*lines.get(UNFILLED, ()), *columns.get(UNFILLED, ())}
    across_order = _ordered(columns, across)
    rows = []
    for value, label in _ordered(lines, down).items():
        mine = set(lines[value])
        rows.append(
            Row(
                value,
                label,
                tuple(counted(mine.intersection(columns[other])) for other in across_order),
                lines[value],
                facet=(down.name, value) if down.facet and value != UNFILLED else None,
                unknown=value == UNFILLED,
            )
        )
    return Table(
        key=key,
        title=title,
        definition=definition,
        head=down.label,
        columns=tuple(Column(value, label) for value, label in across_order.items()),
        rows=tuple(rows),
        n=len(cases),
        known=len(both),
        missing=f"{how_to_record(down)}{how_to_record(across)}",
        picture=picture,
        note=note,
    )


def how_to_record(*specs: FieldSpec) -> str:
    """What an editor does so that the table can be made."""
    return "".join(
        f"在案例开头写 {spec.name}（{spec.label}），{example}"
        for spec in specs
        for example in (_example(spec),)
    )


def _example(spec: FieldSpec) -> str:
    names = list(labels(spec).values())
    if names:
        return f"例如“{spec.name}: {names[0]}”。"
    return f"例如“{spec.name}: 3”。" if spec.type is FieldType.NUMBER else f"{spec.help}。"


def _unknown(key: str, label: str, documents: tuple[str, ...]) -> Row:
    return Row(key, label, (counted(documents), Cell()), documents, unknown=True)


def _ordered(groups: Groups, spec: FieldSpec) -> dict[str, str]:
    """The values that occur, in the order of the vocabulary, with their labels; the unfilled last."""
    names = labels(spec)
    found = {value: label for value, label in names.items() if value in groups}
    others = sorted(value for value in groups if value not in names and value != UNFILLED)
    found.update((value, value) for value in others)
    if UNFILLED in groups:
        found[UNFILLED] = f"未填{spec.label}"
    return found
