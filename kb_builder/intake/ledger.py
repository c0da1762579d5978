"""What an import has to remember of a base and a table, in memory that doesn't grow with them.

A hundred thousand drafts with their paths and digests are a hundred megabytes of Python strings. SQLite
keeps them in a temporary file that has no name and is gone with the process. Row numbers
of the table are kept as digests only, so that not even this file holds one.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from typing import Any

from kb_builder.diagnostics import KbError

_CACHE_KIB = 2048
_TABLES = """
    CREATE TABLE known (key BLOB PRIMARY KEY, path, identity, digest, content, imported) WITHOUT ROWID;
    CREATE TABLE paths (identity TEXT PRIMARY KEY, path) WITHOUT ROWID;
    CREATE TABLE seen (key BLOB PRIMARY KEY, sheet, row, digest) WITHOUT ROWID;
    CREATE TABLE alike (content BLOB PRIMARY KEY, sheet, row) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A document made by an import. `digest` is that of the file, `content` what `fingerprint` gives
    of it, `imported` what it gave when the import wrote it.
    """

    path: str
    identity: str
    digest: str
    content: str
    imported: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands; `digest` is that of its draft, empty where it gave none."""

    sheet: str
    row: int
    digest: str = ""

    def seen_from(self, sheet: str) -> str:
        """In words, for a row of `sheet`."""
        row = f"第 {self.row} 行"
        return row if sheet == self.sheet else f"工作表“{self.sheet}”{row}"


class Ledger:
    """The documents of a base by the keys of their rows, and the rows that were read."""

    def __init__(self) -> None:
        with explained():
            self._base = sqlite3.connect("", isolation_level=None)
            self._base.executescript(
                f"PRAGMA journal_mode = OFF; PRAGMA cache_size = -{_CACHE_KIB}; {_TABLES} BEGIN;"
            )

    def remember(self, key: str, known: Known) -> None:
        """Note the document of a key; the first one stands."""
        self._put("known", _digest(key), *astuple(known))

    def known(self, key: str) -> Known | None:
        """The document made of the row with this key."""
        found = self._get(
            "SELECT path, identity, digest, content, imported FROM known", "key", _digest(key)
        )
        return Known(*found) if found else None

    def use(self, identity: str, path: str) -> None:
        """Note that an id is taken by a file; the first one stands."""
        self._put("paths", identity, path)

    def path_of(self, identity: str) -> str:
        """The file that has taken an id, or nothing."""
        found = self._get("SELECT path FROM paths", "identity", identity)
        return found[0] if found else ""

    def see(self, key: str, place: Place) -> Place | None:
        """Note where a key stands in the table; if it stood somewhere before, say where."""
        found = self._get("SELECT sheet, row, digest FROM seen", "key", _digest(key))
        if found:
            return Place(*found)
        self._put("seen", _digest(key), *astuple(place))
        return None

    def like(self, content: str, place: Place) -> Place | None:
        """Note what a row says; if another said the same before, say where."""
        found = self._get("SELECT sheet, row FROM alike", "content", _digest(content))
        if found:
            return Place(*found)
        self._put("alike", _digest(content), place.sheet, place.row)
        return None

    def close(self) -> None:
        """Forget everything."""
        self._base.close()

    def _put(self, table: str, *values: str | int | bytes) -> None:
        marks = ", ".join("?" * len(values))
        insert = f"INSERT OR IGNORE INTO {table} VALUES ({marks})"  # noqa: S608 - names of our own
        with explained():
            self._base.execute(insert, values)

    def _get(self, select: str, column: str, value: str | bytes) -> tuple[Any, ...] | None:
        with explained():
            found: tuple[Any, ...] | None = self._base.execute(
                f"{select} WHERE {column} = ?", (value,)
            ).fetchone()
        return found


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@contextmanager
def explained() -> Iterator[None]:
    """Turn what SQLite says about its temporary file into a KbError."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise KbError(f"写不了临时文件（{error}）；看看临时文件夹所在的磁盘是不是满了") from error
