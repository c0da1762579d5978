"""Hand-written pages: their addresses, and the names that can't be one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.model import pages
from kb_builder.model.pages import folded, hand_address, holders, name_problem


def problems(*names: str) -> dict[str, str]:
    """The pages of these names that can't be published, and why."""
    paths = [f"cases/{name}.md" for name in names]
    held = holders(paths)
    found = {path: "；".join(name_problem(path, held)) for path in paths}
    return {path.removeprefix("cases/")[:-3]: why for path, why in found.items() if why != "；"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("guide/a\u200bb", "U+200B"),
        ("guide/a\u202egpj", "U+202E"),
        ("guide/a\nb", "U+000A"),
        ("guide/\udce5", "U+DCE5"),
        ("guide/a\\b", "“\\”"),
        ("guide/{{7*7}}", "“{”"),
        ("guide/cafe\u0301", "重新输入"),
        ("guide/aux.v1", "“aux”"),
        ("guide/a./b", "点或空格"),
        ("guide/" + "a" * 81, "80"),
    ],
)
def test_an_unfit_name_is_named(name: str, shown: str) -> None:
    assert shown in problems(name)[name]


@pytest.mark.parametrize(
    "name", ["index", "guide/写法", "guide/a b", "guide/v1.2", "guide/caf\u00e9", "guide/console"]
)
def test_other_names_are_good(name: str) -> None:
    assert problems(name) == {}


@pytest.mark.parametrize(
    "names",
    [
        ("guide/a", "guide/a/index"),
        ("guide/a/README", "guide/a/index"),
        ("guide/Case", "guide/case"),
        ("guide/FI", "guide/ﬁ"),
    ],
)
def test_of_two_with_one_address_the_first_has_it(names: tuple[str, str]) -> None:
    first, second = names
    assert list(problems(first, second)) == list(problems(second, first)) == [second]
    assert f"cases/{first}.md" in problems(*names)[second]


def test_an_unfit_name_takes_no_address() -> None:
    """Or who renames one page would have to rename another."""
    assert list(problems("guide/cafe\u0301", "guide/caf\u00e9")) == ["guide/cafe\u0301"]


@given(st.lists(st.text(st.sampled_from("aAé\u0301/?. "), min_size=1, max_size=4), max_size=6))
def test_pages_without_a_problem_never_share_an_address(names: list[str]) -> None:
    good = {f"guide/{name}" for name in names} - problems(*(f"guide/{n}" for n in names)).keys()
    addresses = [folded(hand_address(f"cases/{name}.md")) for name in good]
    assert len(set(addresses)) == len(addresses)


def test_a_page_needs_no_front_matter() -> None:
    source = pages.read("# 一页\n\n文\n".encode())
    assert (source.body_line, source.faults) == (0, ())
    assert source.root is not None


def test_front_matter_is_not_the_text() -> None:
    source = pages.read("---\ntitle: 甲\n---\n# 一页\n".encode())
    assert source.lines[source.body_line :] == ("# 一页", "")


@pytest.mark.parametrize(
    "data", [b"---\na: b: c\n---\n", b"---\n# a\n", b"\xff", b"a\0b", b"a" * 10_001]
)
def test_what_is_wrong_is_told_and_missing_front_matter_is_not(data: bytes) -> None:
    (fault,) = pages.read(data).faults
    assert fault.rule != "no-front-matter"
