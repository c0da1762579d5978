"""The schema in the words of editors: JSON Schema, and snippets that complete fields in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kb_builder.model.dates import UNKNOWN
from kb_builder.model.schema import FieldSpec, FieldType, Kind, Needed, Schema
from kb_builder.model.settings import Settings
from kb_builder.model.taxonomy import Vocabulary

_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_MOMENT = r"^\d{4}(-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?)?)?$"

Json = dict[str, Any]


def json_schema(kind: Kind, settings: Settings) -> Json:
    """What the front matter of a kind may hold, as a JSON Schema (draft 2020-12).

    It says what one file alone can show: fields, types, values, lengths, and what a draft and a
    published document need. References that lead nowhere, dates out of order and the like are
    the business of `kb check`. A value may be written as label, alias or id, as everywhere.
    """
    published = [
        spec.name
        for spec in kind.fields.values()
        if spec.needed is Needed.PUBLISH and not spec.waived
    ]
    return {
        "$schema": _SCHEMA,
        "title": kind.label,
        **_object(kind.fields.values(), settings.schema),
        "if": {
            "properties": {"status": {"enum": _ways(settings.vocabularies["status"], "published")}}
        },
        "then": {"required": published},
    }


def snippets(settings: Settings) -> Json:
    """Visual Studio Code's snippets for Markdown: the name of a field offers its values.

    Its YAML support doesn't reach front matter inside Markdown; snippets do, without an extension.
    """
    found: Json = {}
    specs: dict[str, tuple[FieldSpec, list[str]]] = {}
    for kind in settings.schema.kinds.values():
        for spec in kind.fields.values():
            specs.setdefault(spec.name, (spec, []))[1].append(kind.label)
    for name, (spec, kinds) in specs.items():
        found[f"{spec.label} {name}"] = {
            "scope": "markdown",
            "prefix": [name, spec.label],
            "body": _body(spec),
            "description": f"{'、'.join(kinds)}：{spec.help or spec.label}",
        }
    return found


def _body(spec: FieldSpec, indent: str = "") -> list[str]:
    if spec.type is FieldType.GROUP:
        assert spec.fields is not None
        inner = [line for field in spec.fields.values() for line in _body(field, "")]
        numbered = _renumber(inner)
        if spec.many:
            first, *others = numbered
            return [f"{indent}{spec.name}:", f"  - {first}", *(f"    {line}" for line in others)]
        return [f"{indent}{spec.name}:", *(f"  {line}" for line in numbered)]
    choice = _choice(spec)
    return [f"{indent}{spec.name}: {f'[{choice}]' if spec.many else choice}"]


def _choice(spec: FieldSpec) -> str:
    if spec.type is FieldType.BOOLEAN:
        return "${1|true,false|}"
    if spec.vocabulary is not None:
        labels = (re.sub(r"([\\,|])", r"\\\1", value.label) for value in spec.vocabulary)
        return f"${{1|{','.join(labels)}|}}"
    return "$1"


def _renumber(lines: list[str]) -> list[str]:
    """Tab stops one after the other: each line has been made with stop 1."""
    return [
        line.replace("${1|", f"${{{place}|").replace("$1", f"${place}")
        for place, line in enumerate(lines, 1)
    ]


def _object(specs: Any, schema: Schema) -> Json:
    specs = tuple(specs)
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {spec.name: _property(spec, schema) for spec in specs},
        # What a short case may do without, `kb check` asks of the others.
        "required": [
            spec.name for spec in specs if spec.needed is Needed.DRAFT and not spec.waived
        ],
    }


def _property(spec: FieldSpec, schema: Schema) -> Json:
    said = {"title": spec.label, "description": spec.help or spec.label}
    value = _value(spec, schema)
    if spec.many:
        return said | {"anyOf": [{"type": "array", "items": value, "minItems": 1}, value]}
    return said | value


def _value(spec: FieldSpec, schema: Schema) -> Json:
    if spec.type is FieldType.GROUP:
        assert spec.fields is not None
        return _object(spec.fields.values(), schema)
    if spec.vocabulary is not None:
        values = list(spec.vocabulary)
        return {
            "anyOf": [
                {
                    "enum": [value.label for value in values],
                    "markdownEnumDescriptions": [value.help for value in values],
                },
                {"enum": list(dict.fromkeys(_others(spec.vocabulary)))},
            ]
        }
    found = _plain(spec, schema)
    if spec.none_id:
        return {"anyOf": [found, {"const": spec.none_id}]}
    return found


def _plain(spec: FieldSpec, schema: Schema) -> Json:
    if spec.type is FieldType.BOOLEAN:
        return {"type": "boolean"}
    if spec.type is FieldType.NUMBER:
        return {"type": "integer"} | _bounds(spec, "minimum", "maximum")
    if spec.type in (FieldType.DATE, FieldType.MOMENT):
        # A year alone is a number to YAML, and a full date is a date to some readers of it.
        pattern = _DATE if spec.type is FieldType.DATE else _MOMENT
        return {
            "anyOf": [
                {"type": "string", "pattern": pattern},
                {"type": "integer", "minimum": 1000, "maximum": 9999},
                {"const": UNKNOWN},
            ]
        }
    if spec.type is FieldType.REFERENCE:
        return {"type": "string", "pattern": f"^{schema.kinds[spec.reference_kind].prefix}"}
    if spec.type is FieldType.ID:
        return {"type": "string"}
    # A title may be all digits.
    return {"type": ["string", "number"]} | _bounds(spec, "minLength", "maxLength")


def _bounds(spec: FieldSpec, least: str, most: str) -> Json:
    bounds = {least: spec.minimum, most: spec.maximum}
    return {name: bound for name, bound in bounds.items() if bound is not None}


def _ways(vocabulary: Vocabulary, identity: str) -> list[str]:
    value = vocabulary.values[identity]
    return [value.id, value.label, *value.aliases]


def _others(vocabulary: Vocabulary) -> Iterator[str]:
    labels = {value.label for value in vocabulary}
    for value in vocabulary:
        yield from (way for way in (value.id, *value.aliases) if way not in labels)
