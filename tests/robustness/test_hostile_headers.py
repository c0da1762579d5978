"""T3 and T4: whatever becomes of front matter, what was internal is never read as public."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from headers import BASES, ODD, ODD_VALUES, several, single
from mkdocs.utils import meta
from places import REPOSITORY
from tiers import chance, times

from kb_builder import loader
from kb_builder.model import document
from kb_builder.model.audience import (
    INTERNAL,
    PUBLIC,
    VISIBILITY,
    Audience,
    asking_visibility,
    visibility_of,
)
from kb_builder.model.schema import Schema

PATH = "cases/resolved/2024/CASE-2024-0001.md"


@cache
def schema() -> Schema:
    return asking_visibility(loader.load_settings(REPOSITORY).schema)


def visibility(text: str) -> str:
    """What we read; empty where it can't be told. What can't be read has a reason, and a place that exists."""
    read = document.build(PATH, text.encode("utf-8", "surrogatepass"), schema())
    found = visibility_of(read)
    if not found:
        assert read.faults, text
        for fault in read.faults:
            assert fault.finding.message
            assert 1 <= fault.finding.span.line <= max(1, len(read.lines)), text
    return found


def of_hand_page(root: Path, text: str) -> str:
    """The same for a page written by hand."""
    (root / "cases" / "index.md").write_bytes(text.encode("utf-8", "surrogatepass"))
    (page,) = loader.hand_pages(root)
    return page.visibility


def by_mkdocs(text: str) -> str:
    """What MkDocs reads: the control."""
    _, found = meta.get_data(text.removeprefix("\ufeff"))
    value = found.get(VISIBILITY)
    return value if isinstance(value, str) else ""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A base with room for one page."""
    (tmp_path / "cases").mkdir()
    return tmp_path


@pytest.mark.parametrize("name", sorted(ODD))
def test_odd_front_matter_says_internal_or_nothing(root: Path, name: str) -> None:
    assert visibility(ODD[name]) in (INTERNAL, "")
    assert not Audience.PUBLIC.sees(of_hand_page(root, ODD[name]))


def test_mkdocs_loses_it() -> None:
    lost = [name for name, text in ODD.items() if len(text) < 5_000 and by_mkdocs(text) != INTERNAL]
    assert len(lost) >= 20


@pytest.mark.parametrize("value", ODD_VALUES)
@pytest.mark.parametrize("field", ["title", "visibility", "occurred_on", "cost", "incomplete"])
def test_odd_values_are_what_is_written_or_refused(field: str, value: str) -> None:
    read = document.build(PATH, f"---\n{field}: {value}\n---\n\n文\n".encode(), schema())
    written = {"'no'": "no", '"\\u516c"': "公"}.get(value, value)
    reasons = [fault for fault in read.faults if fault.finding.span.line == 2]
    if field == "title":
        # Nothing at all, `~` or `null`, is said to be missing.
        assert read.text("title") == written or reasons
        assert reasons or value not in ("~", "null")
    elif field == "visibility":
        assert read.items(field) == ()
        assert reasons
    else:
        # A date, a number, a yes or no: as written, or the line is named.
        assert read.text(field) in (written, "") or field in ("cost", "incomplete")
        assert bool(read.items(field)) != bool(reasons) or read.text(field) == written


def public(texts: Iterable[str]) -> tuple[int, list[str]]:
    """How many were read, and which of them as public."""
    tried, found = 0, []
    for text in texts:
        tried += 1
        if visibility(text) == PUBLIC:
            found.append(text)
    return tried, found


@pytest.mark.parametrize("base", BASES)
def test_no_single_change_makes_it_public(base: str) -> None:
    assert visibility(base) == INTERNAL
    header = base.rindex("---") + 4
    tried, found = public(each + base[header:] for each in single(base[:header]))
    assert found == []
    assert tried > 5_000


def test_no_number_of_changes_makes_it_public() -> None:
    random = chance("several changes")
    count = times(20_000, 200_000)
    _, found = public(several(random.choice(BASES), random) for _ in range(count))
    assert found == []


def test_no_change_makes_a_page_written_by_hand_public(root: Path) -> None:
    random = chance("hand-written pages")
    for _ in range(times(1_000, 20_000)):
        text = several(random.choice(BASES), random)
        assert not Audience.PUBLIC.sees(of_hand_page(root, text)), text


def test_mkdocs_loses_it_in_a_fifth_of_the_single_changes() -> None:
    changed = list(single(BASES[0][: BASES[0].rindex("---") + 4]))
    some = chance("control").sample(changed, 600)
    assert sum(by_mkdocs(text) != INTERNAL for text in some) > 120
