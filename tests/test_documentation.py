"""Promises: every command, rule and field is documented where its reader looks."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner
from places import REPOSITORY

from kb_builder import rules
from kb_builder.cli import COMMANDS, main
from kb_builder.model.schema import FieldSpec
from kb_builder.model.settings import Settings


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps_with_an_example(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0
    assert "例" in shown.output
    assert f"kb {name}" in shown.output


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_every_command_is_in_the_readme(name: str, readme: str) -> None:
    assert f"| `kb {name}" in (REPOSITORY / readme).read_text(encoding="utf-8")


def test_every_option_says_what_it_does() -> None:
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert option.help, f"kb {name} {option.opts[0]}"


def test_every_field_says_what_it_is_for(settings: Settings) -> None:
    def silent(spec: FieldSpec) -> list[str]:
        return [] if spec.help and spec.label != spec.name else [spec.name]

    for kind in settings.schema.kinds.values():
        assert [name for spec in kind.fields.values() for name in silent(spec)] == []


def test_every_vocabulary_value_says_when_to_use_it(settings: Settings) -> None:
    for vocabulary in settings.vocabularies.values():
        assert [value.id for value in vocabulary if not value.help] == [], vocabulary.name


def test_a_draft_needs_five_fields_and_a_published_case_fifteen(settings: Settings) -> None:
    for kind in settings.schema.kinds.values():
        assert sum(spec.needed == "draft" for spec in kind.fields.values()) == 5
    case = settings.schema.kinds["case"]
    assert sum(spec.needed != "optional" for spec in case.fields.values()) <= 15


def test_rule_numbers_in_the_documents_exist() -> None:
    known = {rule.id for rule in rules.all_rules()}
    for path in [*REPOSITORY.glob("*.md"), *(REPOSITORY / "cases" / "guide").glob("*.md")]:
        named = set(re.findall(r"\bKB\d{3}\b", path.read_text(encoding="utf-8")))
        assert named <= known, path.name
