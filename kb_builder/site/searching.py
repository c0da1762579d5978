"""The search in the reader's browser: its index in the site, and the scripts that every page loads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from kb_builder import browser
from kb_builder.browser import bundle
from kb_builder.diagnostics import KbError
from kb_builder.entries import analyzer_of, count_store, entry_of
from kb_builder.loader import Base
from kb_builder.precedents import advice_of
from kb_builder.site.catalogue import Catalogue

FOLDER = "search-index"
"""Where the index lies; `search/` is the page."""

Progress = Callable[[str, int, int], None]


class SearchIndex:
    """Keeps from build to build for which documents the index was made, so that a preview need not
    make it anew when only a template or a page that nobody searches has changed.
    """

    def __init__(self) -> None:
        self._made = ("", Path())

    def put(self, catalogue: Catalogue, site: Path, base: Base, progress: Progress | None) -> None:
        """Write the index of the listed documents into the site, and try whether each is found.

        What was analysed before is taken from the base's state folder. Raises KbError when a
        document isn't found.
        """
        documents = catalogue.listed.documents
        advice = advice_of(base, catalogue.listed)
        taken = repr(sorted(advice.guidance.form.highest.items()))
        digests = [catalogue.settings.digest, taken, *(document.digest for document in documents)]
        made = (hashlib.sha256("\0".join(digests).encode()).hexdigest(), site)
        folder = site / FOLDER
        if self._made == made and (folder / bundle.SCRIPT).is_file():
            return
        entries = [entry_of(document) for document in documents]
        settings = catalogue.settings
        tables = browser.tables_of(settings)
        analyzer = analyzer_of(settings)
        with count_store(base.state, analyzer, documents=len(entries), complete=True) as counts:
            browser.export(entries, analyzer, tables, folder, progress, counts.count, advice)
        failures = browser.self_test(folder, entries)
        if failures:
            found = "、".join(f"{one.id}（“{one.piece}”）" for one in failures[:5])
            raise KbError(f"网页搜索的索引有 {len(failures)} 处搜不到自己的内容：{found}")
        self._made = made


@cache
def view() -> bytes:
    """The search box and page as one script, which works from a disk too."""
    return bundle.join(bundle.view_modules()).encode()


@cache
def engine_address() -> str:
    """The engine's script, relative to the site's root. It must lie beside the index, so its name is
    fixed; what follows the name changes with the program and keeps browsers from using an old one.
    """
    text = bundle.scripts().first
    return f"{FOLDER}/{bundle.SCRIPT}?{hashlib.sha256(text.encode()).hexdigest()[:8]}"
