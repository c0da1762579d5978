"""Exports: the published cases as JSON and CSV, every published page with who answers for it, and the
JSON Schema of both.

`VERSION` is that of the form: it grows when a program that reads the files would have to change. Which
fields a case has follows from `site_config/schema.yml`, and so does the schema written beside it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kb_builder.model.checks import review_due
from kb_builder.model.dates import PartialDate
from kb_builder.model.document import PUBLISHED, Document
from kb_builder.model.schema import FieldSpec, FieldType
from kb_builder.model.taxonomy import Vocabulary
from kb_builder.model.values import Group, Item
from kb_builder.site import fragments
from kb_builder.site.catalogue import Catalogue

VERSION = 1
FOLDER = "exports/"
CASES, TABLE, PAGES = "cases.json", "cases.csv", "pages.json"
CASES_SCHEMA, PAGES_SCHEMA = "cases.schema.json", "pages.schema.json"

_KEPT = frozenset(("imported",))
"""Fields that the program keeps for itself."""

_STATUS = "status"
"""Says nothing here, for all is published."""

_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
"""What begins so a spreadsheet takes for a formula, and runs it."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DATE = {"type": "string", "pattern": r"^(unknown|\d{4}(-\d{2}(-\d{2}([ T]\d{2}:\d{2})?)?)?)$"}
_TEXT = {"type": "string"}


def files(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """Address and bytes of every file."""
    for name, found in (
        (CASES, cases(catalogue)),
        (CASES_SCHEMA, cases_schema(catalogue)),
        (PAGES, pages(catalogue)),
        (PAGES_SCHEMA, pages_schema(catalogue)),
    ):
        yield (
            f"{FOLDER}{name}",
            f"{json.dumps(found, ensure_ascii=False, indent=1)}\n".encode(),
        )
    yield f"{FOLDER}{TABLE}", table(catalogue)


def exported(catalogue: Catalogue) -> tuple[FieldSpec, ...]:
    """The fields of a case that are exported: all that readers may see, as declared."""
    kind = catalogue.settings.schema.kinds.get("case")
    specs = kind.fields.values() if kind else ()
    return tuple(
        spec for spec in specs if spec.shown and spec.name not in _KEPT and spec.name != _STATUS
    )


def columns(catalogue: Catalogue) -> tuple[FieldSpec, ...]:
    """The fields that are columns of the table: those whose value fits into a cell."""
    return tuple(spec for spec in exported(catalogue) if spec.type is not FieldType.GROUP)


def cases(catalogue: Catalogue) -> dict[str, Any]:
    """`cases.json`: values of a vocabulary are ids; `labels` says how readers see them."""
    specs = exported(catalogue)
    return {
        "version": VERSION,
        "name": catalogue.site_name,
        "labels": {
            name: {value.id: value.label for value in vocabulary}
            for name, vocabulary in _vocabularies(specs)
        },
        "cases": [
            {**_place(catalogue, case), **_values(specs, case.fields)}
            for case in _published(catalogue, "case")
        ],
    }


def pages(catalogue: Catalogue) -> dict[str, Any]:
    """`pages.json`: every published page, who answers for it, when it is to be reviewed."""
    found = []
    for kind in catalogue.settings.schema.kinds.values():
        for document in _published(catalogue, kind.name):
            due = review_due(document, catalogue.settings.checks)
            page: dict[str, Any] = {
                "id": document.id,
                "kind": kind.name,
                "title": document.title,
                **_place(catalogue, document),
            }
            owner = document.text("owner")
            if owner:
                page["owner"] = {"id": owner, "label": fragments.label_of(document, "owner")}
            if document.items("last_reviewed"):
                page["last_reviewed"] = document.text("last_reviewed")
            if due is not None:
                page["review_due"] = due.isoformat()
            found.append(page)
    return {"version": VERSION, "name": catalogue.site_name, "pages": found}


def table(catalogue: Catalogue) -> bytes:
    """`cases.csv`: labels instead of ids, for people; the mark in front makes a spreadsheet read UTF-8."""
    specs = columns(catalogue)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(guarded(name) for name in (*(spec.label for spec in specs), "网址"))
    for case in _published(catalogue, "case"):
        cells = ["；".join(_cell(spec, item) for item in case.items(spec.name)) for spec in specs]
        place = _place(catalogue, case)
        writer.writerow(guarded(cell) for cell in (*cells, place.get("url", place["address"])))
    return text.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded("退款"), guarded(" @cmd")
    ("'=1+1", '退款', "' @cmd")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def cases_schema(catalogue: Catalogue) -> dict[str, Any]:
    """The JSON Schema of `cases.json`."""
    specs = exported(catalogue)
    case = _object({**_PLACE, **{spec.name: _described(spec) for spec in specs}})
    case["required"] = ["address", *(spec.name for spec in specs if spec.name in ("id", "title"))]
    labels = {
        name: {"type": "object", "additionalProperties": _TEXT} for name, _ in _vocabularies(specs)
    }
    return {
        "$schema": _DIALECT,
        "title": f"{CASES}，第 {VERSION} 版",
        **_object(
            {
                "version": {"const": VERSION},
                "name": {**_TEXT, "description": "站名"},
                "labels": {**_object(labels), "description": "字段 → 词表的编号 → 中文名称"},
                "cases": {"type": "array", "items": case},
            },
            required=("version", "name", "labels", "cases"),
        ),
    }


def pages_schema(catalogue: Catalogue) -> dict[str, Any]:
    """The JSON Schema of `pages.json`."""
    owner = _object({"id": _TEXT, "label": _TEXT}, required=("id", "label"))
    page = _object(
        {
            "id": {**_TEXT, "description": "编号"},
            "kind": {"enum": list(catalogue.settings.schema.kinds), "description": "种类"},
            "title": {**_TEXT, "description": "标题"},
            **_PLACE,
            "owner": {**owner, "description": "责任岗位；没写就没有这一项"},
            "last_reviewed": {**_DATE, "description": "最近复审"},
            "review_due": {"type": "string", "format": "date", "description": "应复审的最后一天"},
        },
        required=("id", "kind", "title", "address"),
    )
    return {
        "$schema": _DIALECT,
        "title": f"{PAGES}，第 {VERSION} 版",
        **_object(
            {
                "version": {"const": VERSION},
                "name": {**_TEXT, "description": "站名"},
                "pages": {"type": "array", "items": page},
            },
            required=("version", "name", "pages"),
        ),
    }


_PLACE = {
    "address": {**_TEXT, "description": "页面在网站里的地址，从网站的根算起"},
    "url": {"type": "string", "format": "uri", "description": "完整的网址；mkdocs.yml 里写了 site_url 才有"},
}  # fmt: skip


def _published(catalogue: Catalogue, kind: str) -> list[Document]:
    """The published documents of a kind, in the order of ids; a preview shows drafts too."""
    found = [one for one in catalogue.of_kind(kind) if one.status == PUBLISHED]
    return sorted(found, key=lambda document: document.id)


def _place(catalogue: Catalogue, document: Document) -> dict[str, str]:
    address = catalogue.address(document)
    site = catalogue.site_url
    return {"address": address, "url": f"{site}{address}"} if site else {"address": address}


def _values(specs: tuple[FieldSpec, ...], fields: Mapping[str, tuple[Item, ...]]) -> dict[str, Any]:
    """The fields that are filled in, in the order of their declaration."""
    found: dict[str, Any] = {}
    for spec in specs:
        values = [_value(spec, item) for item in fields.get(spec.name, ())]
        if values:
            found[spec.name] = values if spec.many else values[0]
    return found


def _value(spec: FieldSpec, item: Item) -> Any:
    if isinstance(item.value, Group):
        return _values(_inner(spec), item.value.fields)
    return item.value if isinstance(item.value, (bool, int)) else item.text


def _described(spec: FieldSpec) -> dict[str, Any]:
    """The JSON Schema of a field."""
    one: dict[str, Any]
    if spec.type is FieldType.GROUP:
        one = _object({inner.name: _described(inner) for inner in _inner(spec)})
    elif spec.vocabulary is not None:
        one = {"enum": [*spec.vocabulary.values, *filter(None, (spec.none_id,))]}
    elif spec.type is FieldType.NUMBER:
        one = {"type": "integer"}
    elif spec.type is FieldType.BOOLEAN:
        one = {"type": "boolean"}
    else:
        one = dict(_DATE if spec.type in (FieldType.DATE, FieldType.MOMENT) else _TEXT)
    found = {"type": "array", "items": one, "minItems": 1} if spec.many else one
    return {**found, "description": f"{spec.label}：{spec.help}" if spec.help else spec.label}


def _vocabularies(
    specs: tuple[FieldSpec, ...], group: str = ""
) -> Iterator[tuple[str, Vocabulary]]:
    """The fields whose values are ids: `severity`, and of a group `corrective_actions.status`."""
    for spec in specs:
        if spec.vocabulary is not None:
            yield f"{group}{spec.name}", spec.vocabulary
        yield from _vocabularies(_inner(spec), f"{group}{spec.name}.")


def _cell(spec: FieldSpec, item: Item) -> str:
    """A value in the table; dates as they are written, so that they can be sorted."""
    return item.text if isinstance(item.value, PartialDate) else fragments.value_text(spec, item)


def _inner(spec: FieldSpec) -> tuple[FieldSpec, ...]:
    return tuple((spec.fields or {}).values())


def _object(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    """The JSON Schema of an object with these members and no other."""
    found: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return {**found, "required": list(required)} if required else found
