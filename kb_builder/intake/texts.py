"""The texts of a spreadsheet, which its cells name by number, outside of memory."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterable, Iterator

from kb_builder.intake.ledger import explained

_CACHE_KIB = 4096


class Texts:
    """A list of texts that may be longer than memory: filled once, asked for by number.

    Nothing personal may reach the disk, and these are the cells as they came. So the nameless temporary file
    holds them enciphered, with a key that is only in memory and new each time.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._secret = secrets.token_bytes(32)
        with explained():
            self._base = sqlite3.connect("", isolation_level=None)
            self._base.executescript(
                f"PRAGMA journal_mode = OFF; PRAGMA cache_size = -{_CACHE_KIB};"
                "CREATE TABLE texts (number INTEGER PRIMARY KEY, data BLOB); BEGIN;"
            )
            self._base.executemany("INSERT INTO texts VALUES (?, ?)", self._rows(texts))

    def __getitem__(self, number: int) -> str:
        with explained():
            found = self._base.execute("SELECT data FROM texts WHERE number = ?", (number,))
            row = found.fetchone()
        if row is None:
            raise IndexError(number)
        return self._cipher(number, row[0]).decode("utf-8", "surrogatepass")

    def close(self) -> None:
        """Forget the texts."""
        self._base.close()

    def _rows(self, texts: Iterable[str]) -> Iterator[tuple[int, bytes]]:
        for number, text in enumerate(texts):
            yield number, self._cipher(number, text.encode("utf-8", "surrogatepass"))

    def _cipher(self, number: int, data: bytes) -> bytes:
        """The data with a stream that key and number give; done twice, the data again."""
        stream = hashlib.shake_256(self._secret + number.to_bytes(8, "big")).digest(len(data))
        mixed = int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")
        return mixed.to_bytes(len(data), "big")
