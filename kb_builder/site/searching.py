"""The search in the reader's browser: its index in the site, and the scripts that every page loads."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from kb_builder import browser
from kb_builder.browser import AdviceData, bundle
from kb_builder.diagnostics import KbError
from kb_builder.entries import analyzer_of
from kb_builder.loader import Base
from kb_builder.precedents import advice_of
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.output import Output
from kb_builder.site.parts import Previous
from kb_builder.site.record import MadePart
from kb_builder.site.sights import seal_of
from kb_builder.site.terms import TermsMaker

FOLDER = "search-index"
"""Where the index lies; `search/` is the page."""

_TRIED = 40
"""So many documents are searched for in a new index: as many again would take as long as making it."""

Progress = Callable[[str, int, int], None]


class SearchIndex:
    """Keeps from build to build for which documents the index was made, so that it is not
    made anew when only a template or a page that nobody searches has changed.
    """

    def __init__(self, terms: TermsMaker) -> None:
        self._terms = terms
        self._made = ("", Path())
        self._files: Mapping[str, str] = {}

    def put(
        self,
        catalogue: Catalogue,
        site: Path,
        output: Output,
        base: Base,
        previous: Previous,
        progress: Progress | None,
    ) -> MadePart:
        """Put the index of the listed documents into the folder `site` of an output, and try whether each is found;
        or take that of the site before where it would be the same.

        What was analysed before is taken from the base's state folder. Raises KbError when a document isn't found.
        """
        advice = advice_of(base, catalogue.listed)
        seal = _seal(base, catalogue, advice)
        before = previous.record.parts.get(FOLDER)
        digests = previous.record.files
        # All files are compared with what they should be before the site is put in its place.
        if before is not None and before.seal == seal:
            taken = (output.take(path, previous.folder, digests[path]) for path in before.files)
            if all(taken):
                return before
        if self._made != (seal, site) or not (site / FOLDER / bundle.SCRIPT).is_file():
            self._files = self._make(
                catalogue, site / FOLDER, base, advice, output.held(FOLDER), progress
            )
            self._made = seal, site
        output.keep(FOLDER, self._files)
        return MadePart(seal, (), tuple(f"{FOLDER}/{path}" for path in self._files))

    def _make(
        self,
        catalogue: Catalogue,
        folder: Path,
        base: Base,
        advice: AdviceData,
        held: Mapping[str, str],
        progress: Progress | None,
    ) -> Mapping[str, str]:
        entries = self._terms.of(base, catalogue.listed).entries

        def write(held: Mapping[str, str]) -> tuple[browser.ExportReport, list[browser.Failure]]:
            report = browser.export_terms(
                entries,
                lambda: self._terms.give(base, catalogue.listed).inversion,
                browser.tables_of(catalogue.settings),
                folder,
                progress,
                advice,
                held,
            )
            return report, browser.self_test(folder, entries, most=_TRIED)

        try:
            report, failures = write(held)
        except browser.DamagedError:
            if not held:
                raise
            # Somebody changed what was taken over.
            report, failures = write({})
        if failures:
            found = "、".join(f"{one.id}（“{one.piece}”）" for one in failures[:5])
            raise KbError(f"网页搜索的索引有 {len(failures)} 处搜不到自己的内容：{found}")
        return report.files


def _seal(base: Base, catalogue: Catalogue, advice: AdviceData) -> str:
    """Changes with all that the index is made of, but the program."""
    return seal_of(
        (
            catalogue.settings.digest,
            analyzer_of(base.settings).version,
            version("pypinyin"),
            zlib.ZLIB_RUNTIME_VERSION,
            repr(sorted(advice.guidance.form.highest.items())),
            *(f"{document.id} {document.digest}" for document in catalogue.listed.documents),
        )
    )


@cache
def engine_address() -> str:
    """The engine's script, relative to the site's root. It must lie beside the index, so its name is
    fixed; what follows the name changes with the program and keeps browsers from using an old one.
    """
    text = bundle.scripts().first
    return f"{FOLDER}/{bundle.SCRIPT}?{hashlib.sha256(text.encode()).hexdigest()[:8]}"
