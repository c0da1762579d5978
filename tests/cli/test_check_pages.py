"""Hand-written pages: what the check says of them, and that a build stops where it does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder.cli import main

HOSTILE = {
    "script": ("# 一页\n\n<script>alert(1)</script>\n", "3:1: KB703"),
    "event": ('# 一页\n\n文<img src=a.png onerror="alert(1)">\n', "3:17: KB703"),
    "form": ("# 一页\n\n<form action=https://evil.example/>\n", "3:1: KB703"),
    "picture of another site": ("![图](https://evil.example/a.png)\n", "1:6: KB703"),
    "link that runs": ("---\ntitle: 一页\n---\n[甲](javascript:alert(1))\n", "4:5: KB703"),
    "front matter": ("---\ntitle: a: b: c\n---\n# 一页\n", "2:9: KB003"),
    "front matter without end": ("---\ntitle: 一页\n\n# 一页\n", "2:1: KB002"),
    "brackets": ("# 一页\n\n" + "[" * 400 + "\n", "3:1: KB014"),
    "levels": ("".join("    " * depth + "- 层\n" for depth in range(300)), "51:1: KB014"),
    "long line": ("长" * 10_001 + "\n", "1:10001: KB013"),
}
NAMES = ["a?b.md", "CON.md", "Write-Case.md", "cafe\u0301.md", "a/README.md", " lead.md"]


@pytest.fixture
def whole(root: Path) -> Path:
    """The small base with the `mkdocs.yml` that a build needs."""
    (root / "mkdocs.yml").write_text("site_name: 库\ndocs_dir: cases\nplugins: [kb]\n", "utf-8")
    return root


def kb(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), *arguments])


def build(root: Path, *options: str) -> Result:
    return kb(root, "build", "--no-search", "--output", str(root.parent / "site"), *options)


def write(root: Path, name: str, text: str = "# 一页\n\n文字。\n") -> None:
    path = root / "cases/guide" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_page_is_reported_at_its_place_and_stops_the_build(whole: Path, name: str) -> None:
    text, place = HOSTILE[name]
    write(whole, "x.md", text)
    checked = kb(whole, "check", "--format", "concise")
    assert checked.exit_code == 1
    assert f"cases/guide/x.md:{place}" in checked.stdout
    built = build(whole)
    assert built.exit_code == 1
    assert f"cases/guide/x.md:{place}" in built.stderr
    assert not (whole.parent / "site").exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_name_is_reported_and_stops_the_build(whole: Path, name: str) -> None:
    write(whole, "write-case.md")
    write(whole, "a/index.md")
    assert kb(whole, "check").exit_code == 0
    write(whole, name)
    checked = kb(whole, "check", "--format", "json")
    assert checked.exit_code == 1
    assert '"KB015"' in checked.stdout
    assert build(whole).exit_code == 1


def test_a_page_that_is_a_link_or_a_pipe_is_reported(whole: Path) -> None:
    (whole / "cases/guide/link.md").symlink_to("/etc/passwd")
    os.mkfifo(whole / "cases/guide/pipe.md")
    found = kb(whole, "check", "--format", "concise")
    assert found.exit_code == 1
    assert "cases/guide/link.md:1:1: KB012" in found.stdout
    assert "cases/guide/pipe.md:1:1: KB012" in found.stdout
    assert "root:" not in found.stdout


def test_what_a_price_tag_says_is_published(whole: Path) -> None:
    """The text with which MkDocs' own conversion fails."""
    write(whole, "x.md", "# 一页\n\n价格<![5折]，`<![x]`\n")
    assert kb(whole, "check").exit_code == 0
    done = build(whole)
    assert done.exit_code == 0, done.output
    html = (whole.parent / "site/guide/x/index.html").read_text("utf-8")
    assert "价格&lt;![5折]" in html
    assert "<code>&lt;![x]</code>" in html


def test_brackets_in_code_are_published(whole: Path) -> None:
    """As the hint of KB014 says; of pages and documents alike."""
    case = whole / "cases/resolved/2024/CASE-2024-0001.md"
    code = f"```\n{'[' * 400}\n```\n"
    case.write_text(f"{case.read_text('utf-8')}\n{code}", "utf-8")
    write(whole, "x.md", f"# 一页\n\n{code}")
    assert kb(whole, "check").exit_code == 0
    done = build(whole)
    assert done.exit_code == 0, done.output
    for page in ("guide/x", "c/CASE-2024-0001"):
        assert "[" * 400 in (whole.parent / f"site/{page}/index.html").read_text("utf-8")


@pytest.mark.parametrize(("seen", "code"), [("公开", 1), ("内部", 0), ("", 1)])
def test_an_error_in_a_page_stops_the_sites_that_might_show_it(
    whole: Path, seen: str, code: int
) -> None:
    (whole / "site_config/audiences.yml").write_text("default: public\n", "utf-8")
    for name in ("counterpoints", "glossary", "cues", "sayings"):
        (whole / f"site_config/{name}.yml").unlink(missing_ok=True)
    for path in whole.glob("cases/**/*.md"):
        text = path.read_text("utf-8")
        text = text if text.startswith("---\n") else f"---\ntitle: 页\n---\n{text}"
        path.write_text(text.replace("---\n", "---\nvisibility: 公开\n", 1), "utf-8")
    assert build(whole).exit_code == 0
    said = f"visibility: {seen}\n" if seen else ""
    write(whole, "x.md", f"---\ntitle: 页\n{said}---\n<script>alert(1)</script>\n")
    assert kb(whole, "check").exit_code == 1
    assert build(whole).exit_code == code
    assert build(whole, "--audience", "all").exit_code == 1
