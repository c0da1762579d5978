"""T5: no text keeps a site from being built; what can't be shown is named, and the others are as without it."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest
from bases import HOSTILE, MISSING, make_base
from documents import BODY, lesson
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from markupsafe import Markup
from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from tiers import times

from kb_builder import loader, rules, site
from kb_builder.site.clean import Cleaner
from kb_builder.site.markdown import ConversionError, Converter

TODAY = datetime.date(2026, 11, 21)
RECIPES = HOSTILE / "markdown_pathological.json"

ONE_LINERS = (
    '<![><img src="]><img src=x onerror=alert(1)//">',
    "<![",
    "价格<![5折]",
    "if a<![b](c) then",
)
"""Each of these ends MkDocs 1.6.1."""

_UNITS = (
    "[", "]", "[a", "[a](", "[a](b", "[a](<b", "![", "![[]()", "[ (](", "[[", "[]: ", "[a]: b\n", "[^a]", "[^a]: ",
    "*a ", "a_ ", "**a", "*a **b ", "_*", "`", "``a", "~~~\n", "```\n", "<", "<a ", "<a href='", "<!--", "<![CDATA[", "</", "<p>",
    "<div>\n", "<div markdown=1>\n", "&", "&amp", "&#", "\\", "\\[", "> ", "- ", "  - ", "1. ", "# ", "|", "| a ", "|-|\n", "!!! note\n    ",
    ": a\n", "*[a]: b\n", "\t", "=\n",
)  # fmt: skip
SHAPES = {f"{unit!r} × {times_}": unit * times_ for unit in _UNITS for times_ in (300, 3_000)}
"""What makes a parser look back, look far ahead, or nest."""


def recipes() -> dict[str, str]:
    """Those that others collected, at full size; nothing where they aren't."""
    if not RECIPES.is_file():
        return {}
    cases = json.loads(RECIPES.read_text("utf-8"))["cases"]
    return {name: "".join(text * count for text, count in parts) for name, parts in cases.items()}


def texts() -> dict[str, str]:
    return dict(zip(ONE_LINERS, ONE_LINERS, strict=True)) | SHAPES | recipes()


CODE = """
import datetime, sys
from pathlib import Path
from kb_builder import loader, rules, site
base = loader.load(Path(sys.argv[1]))
found = {each.path for each in rules.check(base.corpus, base.settings, datetime.date(2026, 11, 21)) if each.level == 2}
report = site.build(base, Path(sys.argv[2]), search=False, unpublishable=frozenset(found), today=datetime.date(2026, 11, 21))
print(*found, *(warning.split(":")[0] for warning in report.warnings), sep="\\n")
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A site of all of them, and the paths of the documents that were named. A crash would end a process."""
    folder = tmp_path_factory.mktemp("crashers")
    files = dict(
        lesson(number, BODY.format(text)) for number, text in enumerate(texts().values(), 2)
    )
    base = make_base(folder / "base", files | dict([lesson(1)]))
    done = subprocess.run(
        [sys.executable, "-c", CODE, base, folder / "site"],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    return folder / "site", set(done.stdout.split())


def test_each_is_shown_or_named(built: tuple[Path, set[str]]) -> None:
    folder, named = built
    for number, name in enumerate(texts(), 2):
        shown = (folder / f"l/LS-{number:03d}/index.html").is_file()
        assert shown or f"cases/lessons/LS-{number:03d}.md" in named, name


def test_many_are_shown(built: tuple[Path, set[str]]) -> None:
    """The others are refused by the limits; a page that shows nothing of what it tries would prove little."""
    assert len(list((built[0] / "l").iterdir())) > len(texts()) // 4


def test_the_public_recipes_are_among_them() -> None:
    if not RECIPES.is_file():
        pytest.skip(MISSING)
    assert len(recipes()) == 20


def test_the_page_beside_them_is_as_without_them(
    built: tuple[Path, set[str]], tmp_path: Path
) -> None:
    base = loader.load(make_base(tmp_path / "base", dict([lesson(1)])))
    site.build(base, tmp_path / "site", search=False, unpublishable=frozenset(), today=TODAY)
    page = "l/LS-001/index.html"
    assert (tmp_path / "site" / page).read_bytes() == (built[0] / page).read_bytes()


def test_a_body_of_any_sort_is_no_error_of_ours(tmp_path: Path) -> None:
    """The check finds fault with them or not; it does not fail."""
    files = dict(
        lesson(number, BODY.format(text)) for number, text in enumerate(texts().values(), 2)
    )
    base = loader.load(make_base(tmp_path, files))
    rules.check(base.corpus, base.settings, TODAY)


@pytest.mark.parametrize("text", ONE_LINERS)
def test_mkdocs_alone_is_ended_by_one_line(tmp_path: Path, text: str) -> None:
    """The control."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text(f"# 甲\n\n{text}\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: 甲\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        mkdocs_build.build(load_config(str(tmp_path / "mkdocs.yml")))


CONVERTER, CLEANER = Converter(), Cleaner()
_PIECES = st.sampled_from(
    [
        *_UNITS,
        "甲",
        "\n",
        "\n\n",
        "    ",
        "## 记录\n",
        "a.md)",
        "]",
        ")",
        ">",
        "*",
        "”",
        "\u200b",
        "x" * 50,
    ]
)


@hypothesis(max_examples=times(300, 5_000))
@given(st.lists(_PIECES, max_size=80))
def test_random_markdown_is_converted_or_refused(pieces: list[str]) -> None:
    try:
        parts = CONVERTER.convert("".join(pieces))
    except ConversionError:
        return
    for part in (parts.lead, parts.notes, *(part.html for part in parts.sections)):
        cleaned = CLEANER.clean(part, lambda _url: None)
        assert isinstance(cleaned, Markup)
        # Nothing is left to clean; attributes may change places.
        assert sorted(CLEANER.clean(cleaned, lambda _url: None)) == sorted(cleaned)
