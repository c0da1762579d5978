"""kb build: what it says of the site that it made."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder.cli import main


@pytest.fixture
def whole(root: Path) -> Path:
    """The small base with the `mkdocs.yml` that a build needs, and a page with a link that leads nowhere."""
    nav = 'nav: [guide/how.md, "\\e没有.md"]'
    settings = f"site_name: 小知识库\ndocs_dir: cases\nplugins: [kb]\n{nav}\n"
    (root / "mkdocs.yml").write_text(settings, encoding="utf-8")
    page = "# 说明\n\n见[那里](没有.md)。\n"
    (root / "cases/guide/how.md").write_text(page, encoding="utf-8")
    return root


def _build(root: Path, *options: str) -> Result:
    site = root.parent / "site"
    options = ("--no-search", "--output", str(site), *options)
    return CliRunner().invoke(main, ["--root", str(root), "build", *options])


def _warnings(done: Result) -> list[str]:
    return [line for line in done.stderr.splitlines() if line.startswith("警告：")]


def test_warnings_of_the_site_are_printed(whole: Path) -> None:
    done = _build(whole)
    assert done.exit_code == 0, done.output
    told = _warnings(done)
    assert any("cases/guide/how.md" in line and "没有.md" in line for line in told)
    assert any("mkdocs.yml" in line and "没有.md" in line for line in told)
    # In Chinese, and nothing that a terminal would act on.
    assert all("included in the 'nav'" not in line and "\x1b" not in line for line in told)
    assert done.stdout.startswith("网站已生成")


def test_they_are_printed_again_where_pages_are_taken_from_the_site_before(whole: Path) -> None:
    case = whole / "cases/resolved/2024/CASE-2024-0001.md"
    with case.open("a", encoding="utf-8") as file:
        # An attachment: the check reports pages only.
        file.write("\n见[那里](none.pdf)。\n")
    first = _warnings(_build(whole))
    assert any("CASE-2024-0001.md" in line for line in first)
    other = whole / "cases/resolved/2024/CASE-2024-0002.md"
    with other.open("a", encoding="utf-8") as file:
        file.write("\n又有一句。\n")
    assert _warnings(_build(whole)) == first


def test_strict_publishes_nothing_then(whole: Path) -> None:
    done = _build(whole, "--strict")
    assert done.exit_code != 0
    assert not (whole.parent / "site").exists()
