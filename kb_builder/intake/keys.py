"""Keys for rows whose own number is personal: the same number, the same key, and no way back."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from kb_builder.diagnostics import KbError

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
            return self._path.read_bytes()
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
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(secret)
            except OSError as error:
                raise KbError(f"写不了 {self._path}：{error.strerror}") from error
        return secret
