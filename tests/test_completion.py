"""JSON Schema and snippets: what editors' programs know of the fields."""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from kb_builder import completion
from kb_builder.model.settings import Settings

REPOSITORY = Path(__file__).parent.parent


def _plain(value: Any) -> Any:
    """As a reader of YAML that makes no date objects gives it, as VS Code's does."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def _documents(folder: str) -> Iterator[dict[str, Any]]:
    for path in sorted((REPOSITORY / "cases" / folder).rglob("*.md")):
        yield _plain(yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1]))


def _validator(settings: Settings, kind: str) -> Any:
    schema = completion.json_schema(settings.schema.kinds[kind], settings)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(
    ("kind", "folder"), [("case", "resolved"), ("playbook", "playbooks"), ("lesson", "lessons")]
)
def test_every_document_of_this_base_is_valid(settings: Settings, kind: str, folder: str) -> None:
    validator = _validator(settings, kind)
    documents = list(_documents(folder))
    assert len(documents) > 15
    for document in documents:
        assert [error.message for error in validator.iter_errors(document)] == [], document["id"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": None},
        {"title": "太短"},
        {"severity": "很严重"},
        {"severty": "较重"},
        {"handoffs": "两次"},
        {"authority_gap": "也许"},
        {"occurred_on": "三月"},
        {"lessons": ["PB-001"]},
        {"timeline": [{"when": "次日"}]},
        {"summary": None},
        {"cost": -1},
    ],
    ids=str,
)
def test_what_one_file_shows_to_be_wrong_is_invalid(
    settings: Settings, change: dict[str, Any]
) -> None:
    document = copy.deepcopy(
        next(each for each in _documents("resolved") if each["id"] == "CASE-2016-0001")
    )
    validator = _validator(settings, "case")
    assert validator.is_valid(document)
    document.update(change)
    assert not validator.is_valid({key: v for key, v in document.items() if v is not None})


def test_a_draft_needs_less(settings: Settings) -> None:
    validator = _validator(settings, "case")
    draft = {
        "id": "CASE-2024-0001",
        "title": "空调不制冷",
        "status": "草稿",
        "occurred_on": "2024-05",
        "channel": "电话",
    }
    draft["channel"] = "phone"
    assert validator.is_valid(draft)
    assert not validator.is_valid(draft | {"status": "已发布"})


def test_snippets_offer_the_values_of_a_field(settings: Settings) -> None:
    found = completion.snippets(settings)
    severity = found["严重度 severity"]
    assert severity["prefix"] == ["severity", "严重度"]
    assert severity["body"] == ["severity: ${1|隐患(300),轻微(29),较重,重大(1),危机|}"]
    assert found["投诉渠道 channel"]["body"][0].startswith("channel: [${1|柜台面诉,")


def test_snippets_of_groups_number_their_stops(settings: Settings) -> None:
    body = completion.snippets(settings)["整改 corrective_actions"]["body"]
    assert body[:2] == ["corrective_actions:", "  - action: $1"]
    stops = [int(stop) for line in body for stop in re.findall(r"\$\{?(\d+)", line)]
    assert stops == list(range(1, len(stops) + 1))
    assert len(stops) == len(body) - 1


def test_every_field_has_a_snippet(settings: Settings) -> None:
    prefixes = {
        prefix for each in completion.snippets(settings).values() for prefix in each["prefix"]
    }
    for kind in settings.schema.kinds.values():
        assert set(kind.fields) <= prefixes
