"""The guide for editors: what it shows passes, and what it tells to type exists."""

from __future__ import annotations

import datetime
import re
import shutil
from pathlib import Path

import click
import pytest
import yaml
from places import REPOSITORY

from kb_builder import loader, rules
from kb_builder.cli import main

GUIDE = REPOSITORY / "cases" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
LARGEST = 150_000


def test_the_whole_example_can_be_published(tmp_path: Path) -> None:
    text = (GUIDE / "write-case.md").read_text(encoding="utf-8")
    fields = re.search(r"```yaml\n(---\n.*?\n---)\n```", text, re.DOTALL)
    body = re.search(r"```markdown\n(## 记录\n.*?)\n```", text, re.DOTALL)
    assert fields
    assert body
    for name in ("cases", "site_config"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    case = tmp_path / "cases/resolved/2026/CASE-2026-0001.md"
    case.parent.mkdir()
    example = f"{fields[1]}\n\n{body[1]}\n"
    for status in ("草稿", "已发布"):
        case.write_text(example.replace("status: 草稿", f"status: {status}"), encoding="utf-8")
        base = loader.load(tmp_path)
        found = rules.check(base.corpus, base.settings, datetime.date(2026, 11, 22))
        assert [each for each in found if each.path.endswith(case.name)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_and_options_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # A command begins a line of a block or a piece of code; what follows two spaces is a remark.
    typed = re.findall(r"(?m)(?:^\s*|`)kb ([a-z-]+)([^`\n]*)", text)
    for name, rest in typed:
        command = main.get_command(click.Context(main), name)
        assert command is not None, f"kb {name}"
        known = {option for param in command.params for option in param.opts}
        if isinstance(command, click.Group):
            continue
        for option in re.findall(r"(?<!\S)--[a-z-]+", rest.partition("  #")[0]):
            assert option in known, f"kb {name} {option}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pictures_are_there_small_and_described(path: Path) -> None:
    for words, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
        assert (GUIDE / target).stat().st_size < LARGEST
        assert len(words) >= 10


def test_every_page_is_in_the_navigation() -> None:
    nav = yaml.safe_load((REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert sorted(nav) == [f"guide/{path.name}" for path in PAGES]
