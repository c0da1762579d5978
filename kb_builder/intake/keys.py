"""Keys for rows whose own number is personal: the same number, the same key, and no way back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from kb_builder import storage
from kb_builder.diagnostics import KbError
from kb_builder.intake import files

MARK = "密-"
"""How such a key begins, after the map's prefix."""

_LENGTH = 24


class Keys:
    """Makes keys with a secret that stays beside the base, in `.kb/import.key`, never in git.

    A plain digest would not do: there are so few phone and ticket numbers that all can be tried.
    `in_use` says that drafts of the base carry such keys already; without their secret every row
    would become a second draft, so it is not made anew then.
    """

    def __init__(self, state: Path, *, in_use: bool) -> None:
        self._path = state / "import.key"
        self._in_use = in_use
        self._secret = b""

    def hidden(self, text: str, *, write: bool) -> str:
        """The key for a number; with `write` False a secret that isn't there yet is not kept."""
        if not self._secret:
            self._secret = self._read() or self._make(write=write)
        digest = hmac.new(self._secret, text.encode(), hashlib.sha256)
        return MARK + digest.hexdigest()[:_LENGTH]

    def _read(self) -> bytes:
        try:
            return storage.read(self._path)
        except FileNotFoundError:
            if self._in_use:
                raise KbError(
                    f"缺少 {self._path}：以前导入的编号是用它加密的，没有它就认不出同一行。"
                    "从以前导入的那台电脑上拷来"
                ) from None
            return b""
        except OSError as error:
            raise KbError(f"读不了 {self._path}：{error.strerror}") from error

    def _make(self, *, write: bool) -> bytes:
        secret = secrets.token_hex(32).encode()
        if write:
            # Whole or not at all: a run that is killed here must not leave an empty secret.
            files.create(self._path, secret, 0o600)
        return secret
