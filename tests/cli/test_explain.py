"""`kb explain`: every rule has a page that can be asked for."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from kb_builder import rules
from kb_builder.cli import main


def kb(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments], catch_exceptions=False)


@pytest.mark.parametrize("rule", rules.all_rules(), ids=lambda rule: rule.id)
def test_a_rule_is_explained_by_id_and_by_name(rule: rules.Rule) -> None:
    page = kb(rule.id).stdout
    assert page == kb(rule.name).stdout
    assert page.startswith(f"{rule.id} {rule.name}（{rule.level.label}）\n\n{rule.title}\n")
    assert "反例" in page
    assert "正例" in page


def test_without_a_rule_all_are_listed() -> None:
    lines = kb().stdout.splitlines()
    for rule in rules.all_rules():
        assert any(line.split()[:2] == [rule.id, rule.name] for line in lines)
    assert set(rules.GROUPS.values()) < set(lines)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("KB2033", "KB203"),
        ("unknown-values", "KB203 unknown-value"),
        ("甲", "全部规则见 kb explain"),
    ],
)
def test_an_unknown_rule_gets_the_nearest(text: str, hint: str) -> None:
    result = kb(text)
    assert result.exit_code == 2
    assert hint in result.stderr
    assert result.stdout == ""


def test_it_needs_no_base(tmp_path: object) -> None:
    result = CliRunner().invoke(main, ["--root", str(tmp_path), "explain", "KB001"])
    assert result.exit_code == 0
