from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_builder.diagnostics import KbError
from kb_builder.index import arrays

_TYPES = st.sampled_from([np.uint8, np.int32, np.int64, np.uint64, np.uint16])
SOME = {"ids": np.arange(5, dtype=np.int32), "sums": np.array([7, 2**63], np.uint64)}


@given(
    st.dictionaries(st.text(max_size=5), st.tuples(_TYPES, st.lists(st.integers(0, 255))), max_size=4)
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, columns: dict[str, tuple[type, list[int]]]
) -> None:
    path = tmp_path_factory.mktemp("state") / "file"
    written = {name: np.array(values, type_) for name, (type_, values) in columns.items()}
    arrays.write(path, "1", written)
    found = arrays.read(path, "1")
    assert [*found] == [*written]
    for name, array in found.items():
        assert array.dtype == written[name].dtype
        assert array.tolist() == written[name].tolist()


def test_numbers_are_little_endian_whatever_they_were(tmp_path: Path) -> None:
    for byte_order in "<>":
        arrays.write(tmp_path / byte_order, "1", {"one": np.array([1, 2], f"{byte_order}i4")})
    assert (tmp_path / "<").read_bytes() == (tmp_path / ">").read_bytes()


def test_another_version_counts_as_missing(tmp_path: Path) -> None:
    arrays.write(tmp_path / "file", "1", SOME)
    assert arrays.read(tmp_path / "file", "1")
    assert not arrays.read(tmp_path / "file", "2")
    assert not arrays.read(tmp_path / "none", "1")


@pytest.mark.parametrize("place", [0, 20, 80, 100, -1])
def test_a_changed_byte_anywhere_is_noticed(tmp_path: Path, place: int) -> None:
    path = tmp_path / "file"
    arrays.write(path, "1", SOME)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert not arrays.read(path, "1")


@pytest.mark.parametrize("size", [0, 10, 60, 77, 78, -1])
def test_a_file_that_is_cut_is_noticed(tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    arrays.write(path, "1", SOME)
    path.write_bytes(path.read_bytes()[:size])
    assert not arrays.read(path, "1")


def test_the_seal_is_that_of_all_that_follows(tmp_path: Path) -> None:
    path = tmp_path / "file"
    arrays.write(path, "1", SOME)
    first, rest = path.read_bytes().split(b"\n", 1)
    assert first == b"kb-arrays-1 " + hashlib.sha256(rest).hexdigest().encode()
    assert json.loads(rest.split(b"\n", 1)[0])["arrays"][0] == ["ids", "<i4", 5]


def test_a_place_that_takes_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder" / "file").mkdir(parents=True)
    with pytest.raises(KbError, match=os.strerror(21)):
        arrays.write(tmp_path / "folder", "1", SOME)
