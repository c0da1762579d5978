"""The search in the reader's browser: its index in the site, and the scripts that every page loads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from kb_builder import browser
from kb_builder.browser import bundle
from kb_builder.diagnostics import KbError
from kb_builder.loader import Base
from kb_builder.precedents import advice_of
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.terms import TermsMaker

FOLDER = "search-index"
"""Where the index lies; `search/` is the page."""

_TRIED = 40
"""So many documents are searched for in a new index: as many again would take as long as making it."""

Progress = Callable[[str, int, int], None]


class SearchIndex:
    """Keeps from build to build for which documents the index was made, so that a preview need not
    make it anew when only a template or a page that nobody searches has changed.
    """

    def __init__(self, terms: TermsMaker) -> None:
        self._terms = terms
        self._made = ("", Path())
        self._files: Mapping[str, str] = {}

    def put(
        self, catalogue: Catalogue, site: Path, base: Base, progress: Progress | None
    ) -> Mapping[str, str]:
        """Write the index of the listed documents into the site, and try whether each is found.

        Returns the SHA-256 of its files by path in `FOLDER`. What was analysed before is taken from the base's
        state folder. Raises KbError when a document isn't found.
        """
        documents = catalogue.listed.documents
        advice = advice_of(base, catalogue.listed)
        taken = repr(sorted(advice.guidance.form.highest.items()))
        digests = [catalogue.settings.digest, taken, *(document.digest for document in documents)]
        made = (hashlib.sha256("\0".join(digests).encode()).hexdigest(), site)
        folder = site / FOLDER
        if self._made == made and (folder / bundle.SCRIPT).is_file():
            return self._files
        terms = self._terms.of(base, catalogue.listed)
        report = browser.export_terms(
            terms.entries,
            terms.inversion,
            browser.tables_of(catalogue.settings),
            folder,
            progress,
            advice,
        )
        # All files are compared with what they should be before the site is put in its place.
        failures = browser.self_test(folder, terms.entries, most=_TRIED)
        if failures:
            found = "、".join(f"{one.id}（“{one.piece}”）" for one in failures[:5])
            raise KbError(f"网页搜索的索引有 {len(failures)} 处搜不到自己的内容：{found}")
        self._made, self._files = made, report.files
        return report.files


@cache
def engine_address() -> str:
    """The engine's script, relative to the site's root. It must lie beside the index, so its name is
    fixed; what follows the name changes with the program and keeps browsers from using an old one.
    """
    text = bundle.scripts().first
    return f"{FOLDER}/{bundle.SCRIPT}?{hashlib.sha256(text.encode()).hexdigest()[:8]}"
