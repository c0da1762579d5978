"""From nodes to values; the messages are in the golden files of the rules."""

from __future__ import annotations

import pytest

from kb_builder.model import dates, front_matter, values
from kb_builder.model.front_matter import Mapping
from kb_builder.model.settings import Settings
from kb_builder.model.values import Group, Item


def read(settings: Settings, kind: str, line: str) -> tuple[tuple[Item, ...], list[str]]:
    node, faults = front_matter.read_yaml(line)
    assert isinstance(node, Mapping), faults
    key, value = node.entries[0]
    items, problems = values.read(settings.schema.kinds[kind].fields[key.text], value)
    return items, [problem.rule for problem in problems]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("title: 预付座椅套", "预付座椅套"),
        ("title: ' 预付座椅套 '", "预付座椅套"),
        ("attempts: 3", 3),
        ("attempts: '03'", 3),
        ("authority_gap: 是", True),
        ("authority_gap: TRUE", True),
        ("authority_gap: 没有", False),
        ("occurred_on: 不详", "unknown"),
        ("occurred_on: 2024-05", dates.parse("2024-05")),
        ("received_on: 2024-05-01 09:30", dates.parse("2024-05-01 09:30")),
        ("owner: 客服经理", "service_manager"),
        ("severity: 重大", "major"),
        ("contrast_with: CASE-2024-0002", "CASE-2024-0002"),
        ("precursors: none_found", "none_found"),
        ("precursors: 查过，未发现前兆", "none_found"),
    ],
)
def test_a_value(settings: Settings, line: str, value: object) -> None:
    items, faults = read(settings, "case", line)
    assert [item.value for item in items] == [value]
    assert faults == []


def test_a_single_value_is_a_list_of_one(settings: Settings) -> None:
    items, _ = read(settings, "case", "channel: 来电")
    assert [item.text for item in items] == ["phone"]


def test_what_can_be_read_of_a_list_is_kept(settings: Settings) -> None:
    items, faults = read(settings, "case", "channel: [来电, 甲, 邮件, '']")
    assert [item.text for item in items] == ["phone", "email"]
    assert faults == ["unknown-value", "empty-value"]


def test_a_group(settings: Settings) -> None:
    items, faults = read(settings, "playbook", "roles: [{role: 店长, deputy: 张伟, x: y}]")
    assert faults == ["person-as-role", "unknown-field", "missing-field"]
    group = items[0].value
    assert isinstance(group, Group)
    assert (group.text("role"), group.text("deputy"), group.items("duty")) == (
        "store_manager",
        "",
        (),
    )
    assert items[0].text == ""


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("title: 座", "wrong-length"),
        ("title: " + "座" * 41, "wrong-length"),
        ("title: [座椅套]", "wrong-type"),
        ("title: {座: 椅}", "wrong-type"),
        ("title:", "empty-value"),
        ("title: '  '", "empty-value"),
        ("attempts: 0", "wrong-type"),
        ("attempts: 1.5", "wrong-type"),
        ("attempts: ٣", "wrong-type"),
        ("attempts: " + "9" * 5000, "wrong-type"),
        ("authority_gap: 1", "wrong-type"),
        ("occurred_on: 2024-05-01 09:30", "wrong-type"),
        ("channel: []", "empty-value"),
        ("channel: 甲", "unknown-value"),
        ("owner: [店长, 收银员]", "several-owners"),
        ("owner: [店长]", "wrong-type"),
        ("owner: 张伟", "person-as-role"),
        ("owner: 外星人联络官", "unknown-role"),
        ("timeline: 次日", "wrong-type"),
    ],
)
def test_what_is_wrong_has_the_name_of_its_rule(settings: Settings, line: str, rule: str) -> None:
    assert read(settings, "case", line)[1] == [rule]


def test_an_example_can_be_typed(settings: Settings) -> None:
    for kind in settings.schema.kinds.values():
        for spec in kind.fields.values():
            typed = values.example(spec).split("“")[1].split("”")[0]
            node, faults = front_matter.read_yaml(typed)
            assert not faults, typed
            assert isinstance(node, Mapping)
            assert node.entries[0][0].text == spec.name
