from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kb_builder import entries, loader, pipeline
from kb_builder.analysis.analyzer import Analyzer
from kb_builder.browser import Tables, export, tables_of
from kb_builder.index import Entry

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def base_entries() -> list[Entry]:
    """The documents of this repository's own base, drafts too."""
    base = loader.load(ROOT)
    return [entries.entry_of(doc) for doc in base.corpus.by_id.values() if doc.readable]


@pytest.fixture(scope="session")
def base_analyzer() -> Analyzer:
    """Its analyzer."""
    return pipeline.analyzer_of(loader.load_settings(ROOT))


@pytest.fixture(scope="session")
def base_tables() -> Tables:
    """Its kinds, facets and synonyms."""
    return tables_of(loader.load_settings(ROOT))


@pytest.fixture(scope="session")
def base_index(
    tmp_path_factory: pytest.TempPathFactory,
    base_entries: list[Entry],
    base_analyzer: Analyzer,
    base_tables: Tables,
) -> Path:
    """Its exported index."""
    folder = tmp_path_factory.mktemp("index")
    export(base_entries, base_analyzer, base_tables, folder)
    return folder


@pytest.fixture
def make_entry() -> Callable[..., Entry]:
    """An entry whose title is the first line of a text."""

    def make(id_: str, text: str, **facets: tuple[str, ...]) -> Entry:
        title, _, body = text.partition("\n")
        return Entry(
            id_, "case", title, f"c/{id_}/", (("title", 3, title), ("body", 1, body)), facets
        )

    return make
