"""Charts that were drawn before are not drawn again: drawing costs more than all the counting."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from kb_builder import caches
from kb_builder.charts.converting import Converter, convert
from kb_builder.charts.svg import themed
from kb_builder.charts.words import description
from kb_builder.insight.tables import Table

_PROGRAM = [Path(__file__).with_name(name) for name in ("drawing.py", "converting.py")]


class Charts:
    """Draws tables. With a `path`, drawings are kept there from run to run; whatever that file holds,
    it can only give pictures: each goes through `themed`, and what isn't a drawing is made anew. With `apart`, another
    process draws, for this one would keep the memory that it takes.
    """

    def __init__(self, path: Path | None = None, *, apart: bool = False) -> None:
        self._path = path
        self._converter = Converter() if apart else None
        self._kept = _read(path) if path else {}
        self._used: dict[str, str] = {}
        libraries = f"{version('altair')} {version('vl-convert-python')}"
        program = b"".join(path.read_bytes() for path in _PROGRAM)
        self._program = hashlib.sha256(libraries.encode() + program).hexdigest()

    def draw(self, table: Table, identity: str) -> str:
        """The chart of a table as an SVG element whose ids begin with `identity`; empty where there is
        nothing to draw.
        """
        key = self._key(table)
        source = self._kept.get(key)
        if source is not None:
            try:
                drawn = self._element(source, table, identity)
            except ValueError:
                source = None
        if source is None:
            source = self._draw(table)
            drawn = self._element(source, table, identity)
        self._used[key] = source
        return drawn

    def keep(self, *, whole: bool = True) -> None:
        """Write down what was drawn or used, for the next run; what wasn't only if it may have been needed, because
        this run did not make the `whole` site. Raises KbError when that isn't possible.
        """
        if self._converter:
            self._converter.close()
        keeping = self._used if whole else self._kept | self._used
        if self._path and keeping != self._kept:
            text = json.dumps(keeping, ensure_ascii=False, indent=0, sort_keys=True)
            caches.write(self._path, text.encode())
            self._kept = dict(keeping)

    def _draw(self, table: Table) -> str:
        # Imported here: Altair takes a third of a second to load, and often nothing is to be drawn.
        from kb_builder.charts import drawing

        found = drawing.specification(table)
        if found is None:
            return ""
        return self._converter.convert(found) if self._converter else convert(found)

    def _element(self, source: str, table: Table, identity: str) -> str:
        return themed(source, identity, table.title, description(table)) if source else ""

    def _key(self, table: Table) -> str:
        """Changes with everything a chart shows, and with what draws it."""
        shown = (
            self._program,
            table.picture,
            [(column.key, column.label, column.form) for column in table.columns],
            [
                (row.label, [cell.value for cell in row.cells])
                for row in table.rows
                if not row.unknown and not row.rest
            ],
        )
        return hashlib.sha256(repr(shown).encode()).hexdigest()


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(caches.read(path) or b"")
    except (ValueError, RecursionError):
        # A cache that is missing or damaged only means that everything is drawn.
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: text for key, text in found.items() if isinstance(text, str)}
