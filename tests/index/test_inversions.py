from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_base import ANALYZER, make_entry

from kb_builder.analysis.analyzer import Analyzer
from kb_builder.diagnostics import KbError
from kb_builder.index import CountStore, Entry, inversions
from kb_builder.index.counted import count_entry
from kb_builder.insight.inverted import Inversion

CASES = [
    make_entry(f"CASE-{n}", f"座椅套没货\n客户第{n}次要求24小时内发货。" * (n % 3))
    for n in range(20)
]


class Watched(Analyzer):
    """Counts how many texts were analysed."""

    version = ANALYZER.version

    def __init__(self) -> None:
        self.texts = 0

    def count_terms(self, text: str):
        self.texts += 1
        return ANALYZER.count_terms(text)


def invert(folder: Path, entries: list[Entry], stores: str = "counts") -> tuple[Inversion, int]:
    """The inversion, and how many texts were analysed for it."""
    analyzer = Watched()
    with CountStore(folder / stores, analyzer, documents=len(entries)) as counts:
        found = inversions.invert(entries, folder / "inversion", counts)
    return found, analyzer.texts


def plain(inversion: Inversion) -> list[object]:
    """All there is in an inversion; the order of the terms of a document is as it came."""
    return [
        (
            kind,
            counts.names,
            counts.starts.tolist(),
            counts.lengths.tolist(),
            [
                sorted(zip(counts.terms[a:b].tolist(), counts.counts[a:b].tolist(), strict=True))
                for a, b in zip(counts.starts[:-1], counts.starts[1:], strict=True)
            ],
        )
        for kind, counts in inversion.counts.items()
    ]


def anew(entries: list[Entry]) -> list[object]:
    return plain(Inversion.made(count_entry(entry, ANALYZER) for entry in entries))


edits = st.lists(
    st.lists(st.sampled_from(CASES), max_size=8, unique_by=lambda entry: entry.id),
    min_size=1,
    max_size=4,
)


@given(edits)
@settings(max_examples=40, deadline=None)
def test_after_any_edits_it_is_that_of_a_first_run(
    tmp_path_factory: pytest.TempPathFactory, runs: list[list[Entry]]
) -> None:
    folder = tmp_path_factory.mktemp("state")
    for entries in runs:
        assert plain(invert(folder, entries)[0]) == anew(entries)


def test_only_what_is_new_is_asked_for(tmp_path: Path) -> None:
    assert invert(tmp_path, CASES)[1]
    changed = make_entry("CASE-7", "座椅套到货\n发货了。")
    entries = [*CASES[:7], changed, *CASES[9:]]
    found, analysed = invert(tmp_path, entries, "no counts kept")
    assert plain(found) == anew(entries)
    assert analysed == len(changed.texts)


def test_two_documents_of_one_text(tmp_path: Path) -> None:
    twice = [*CASES, make_entry("OTHER", "", texts=CASES[3].texts)]
    for _ in range(2):
        assert plain(invert(tmp_path, twice)[0]) == anew(twice)


def test_no_documents(tmp_path: Path) -> None:
    for entries in ([], CASES, []):
        assert plain(invert(tmp_path, entries)[0]) == anew(entries)


def test_what_stays_as_it_is_is_not_written_again(tmp_path: Path) -> None:
    invert(tmp_path, CASES)
    before = (tmp_path / "inversion").stat()
    invert(tmp_path, CASES)
    assert (tmp_path / "inversion").stat() == before


def damaged(content: bytes) -> dict[str, bytes]:
    first, head, rest = content.split(b"\n", 2)

    def signed(body: bytes) -> bytes:
        return first[:-64] + hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    other = json.dumps({**json.loads(head), "version": "another"}).encode()
    return {
        "flipped": content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
        "cut": content[: len(content) // 2],
        "empty": b"",
        "foreign": b"PK\x03\x04 something else",
        "a pickle": b"cos\nsystem\n(S'false'\ntR.",
        "another format": signed(head + b"\n" + rest).replace(b"-1 ", b"-0 ", 1),
        "signed, another version": signed(other + b"\n" + rest),
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("whole")
    invert(folder, CASES)
    return (folder / "inversion").read_bytes()


@pytest.mark.parametrize(
    "damage", ["flipped", "cut", "empty", "foreign", "a pickle", "another format", "signed, another version"]
)  # fmt: skip
def test_damage_is_recognised_and_mended(tmp_path: Path, whole: bytes, damage: str) -> None:
    (tmp_path / "inversion").write_bytes(damaged(whole)[damage])
    found, analysed = invert(tmp_path, CASES)
    assert plain(found) == anew(CASES)
    assert analysed
    assert (tmp_path / "inversion").read_bytes() == whole


def test_a_place_that_takes_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "inversion").mkdir()
    (tmp_path / "inversion" / "file").touch()
    with pytest.raises(KbError, match=os.strerror(21)):
        invert(tmp_path, CASES)
