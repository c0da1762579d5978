"""Ids: their forms, their folders, what was meant by a slip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.model.schema import Kind, Schema


def kind(name: str, form: str, folder: str) -> Kind:
    return Kind(name, name, form, folder, name[0], (), (), {}, {})


CASE = kind("case", "CASE-{year}-{number:4}", "resolved/{year}")
PLAYBOOK = kind("playbook", "PB-{number:3}", "playbooks")
NOTE = kind("note", "N{number}", "notes")
SCHEMA = Schema({each.name: each for each in (CASE, PLAYBOOK, NOTE)})


def test_an_id_is_made_of_its_form() -> None:
    assert CASE.make_id(2024, 7) == "CASE-2024-0007"
    assert CASE.make_id(None, 12_345) == "CASE-0000-12345"
    assert PLAYBOOK.make_id(None, 7) == "PB-007"
    assert NOTE.make_id(None, 7) == "N7"
    assert CASE.id_example == "CASE-2024-0001"


@given(st.integers(0, 9999), st.integers(0, 999_999_999))
def test_an_id_is_read_back(year: int, number: int) -> None:
    assert CASE.parse_id(CASE.make_id(year, number)) == (f"{year:04d}", number)
    assert PLAYBOOK.parse_id(PLAYBOOK.make_id(year, number)) == ("", number)
    assert CASE.canonical_id(CASE.make_id(year, number)) == CASE.make_id(year, number)


@pytest.mark.parametrize(
    "text",
    ["", "CASE-2024-001", "case-2024-0001", "CASE-24-0001", "PB-001", "CASE-2024-0001 ", "CASE-2024-0001\n", "XCASE-2024-0001", "CASE-２０２４-0001", "CASE-2024-" + "1" * 10],
)  # fmt: skip
def test_another_text_is_no_id(text: str) -> None:
    assert CASE.parse_id(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("case-2024-1", "CASE-2024-0001"),
        ("CASE_2024_0001", "CASE-2024-0001"),
        ("ＣＡＳＥ－２０２４－０００１", "CASE-2024-0001"),
        ("CASE-2024-00001", "CASE-2024-0001"),
        ("CASE-0000-3", "CASE-0000-0003"),
        ("CASE-24-1", None),
        ("PB-001", None),
        ("", None),
        ("0" * 5_000, None),
    ],
)
def test_a_slip_in_an_id_is_mended(text: str, meant: str | None) -> None:
    assert CASE.canonical_id(text) == meant


def test_a_kind_is_known_by_id_and_by_folder() -> None:
    assert SCHEMA.kind_of_id("PB-001") is PLAYBOOK
    assert SCHEMA.kind_of_id("PB-1") is None
    assert SCHEMA.kind_of_path("resolved/2024/x.md") is CASE
    assert SCHEMA.kind_of_path("x.md") is None
    assert CASE.top_folder == "resolved"
    assert CASE.folder_of("CASE-2024-0001") == "resolved/2024"
    assert CASE.folder_of("?") == "resolved/0000"
    assert (CASE.prefix, CASE.has_year) == ("CASE-", True)
    assert (PLAYBOOK.prefix, PLAYBOOK.has_year) == ("PB-", False)
