from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb_builder import memory
from kb_builder.index import segments


@pytest.fixture
def uncollected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class Node:
    def __init__(self) -> None:
        self.itself = self


@pytest.mark.usefixtures("uncollected")
def test_what_holds_itself_is_let_go() -> None:
    node = weakref.ref(Node())
    assert node() is not None
    memory.give_back()
    assert node() is None


@pytest.mark.usefixtures("uncollected")
def test_a_written_segment_leaves_no_terms_behind(tmp_path: Path) -> None:
    segments.create(tmp_path)
    inversion = segments.Inversion()
    inversion.add_counts(0, "word", {f"t{n}": 1 for n in range(5000)})
    gc.collect()
    segments.write(tmp_path, [("CASE-1", ("",))], inversion)
    assert gc.collect() < 2500
