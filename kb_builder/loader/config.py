"""A file of `site_config/`, and readers of its values."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

from kb_builder import storage
from kb_builder.diagnostics import KbError, Span
from kb_builder.model import front_matter
from kb_builder.model.front_matter import Mapping, Node, Scalar, Sequence

CONFIG = "site_config"


_LARGEST = 1024 * 1024


def read(root: Path, path: str, *, named: bool = False) -> str | None:
    """The text of a file of settings, with line feeds; None where there is none.

    Only a regular file, no link leading there, is read; but where the user has `named` it himself, also one he has linked
    or a pipe, of at most 1 MiB. Raises KbError when it can't be read.
    """
    try:
        data = _named(root / path) if named else _own(root, path)
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise KbError(f"{path}: 不是 UTF-8 编码；请另存为 UTF-8") from error
    except OSError as error:
        raise KbError(f"读不了 {path}：{error.strerror}") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _own(root: Path, path: str) -> bytes:
    folder = root / CONFIG
    for name in path.split("/")[1:-1]:
        folder /= name
        if folder.is_symlink():
            raise storage.OddFileError(errno.ELOOP, "在符号链接的文件夹里，不读取")
    return storage.read(root / path)


def _named(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise KbError(f"{path}: 超过 1 MB，不像是设置")
    return data


def lines(root: Path, path: str) -> Iterator[str]:
    for line in (read(root, path) or "").splitlines():
        words = line.partition("#")[0].strip()
        if words:
            yield words


class Config:
    """A settings file with the readers of its values; anything unexpected is a KbError."""

    def __init__(
        self, root: Path, path: str, *, optional: bool = False, named: bool = False
    ) -> None:
        self.path = path
        self.root: Node | None = None
        text = read(root, path, named=named)
        if text is None:
            if optional:
                return
            raise KbError(f"缺少 {path}")
        self.root, faults = front_matter.read_yaml(text)
        if faults:
            finding = faults[0].finding
            raise self.error(finding.span, f"{finding.message}；{finding.hint}".rstrip("；"))

    def error(self, span: Span, message: str) -> KbError:
        """What to raise for a value at `span` that can't be used."""
        return KbError(f"{self.path}:{span.line}:{span.column}: {message}")

    def entries(self, node: Node | None, *allowed: str) -> dict[str, Node]:
        """The entries of a mapping, empty where there is none; keys not `allowed` are an error."""
        if node is None or (isinstance(node, Scalar) and not node.text):
            return {}
        if not isinstance(node, Mapping):
            raise self.error(node.span, "这里应当是“名字: 值”")
        for key, _ in node.entries:
            if allowed and key.text not in allowed:
                raise self.error(key.span, f"不认识“{key.text}”；可以写：{'、'.join(allowed)}")
        return {key.text: value for key, value in node.entries}

    def items(self, node: Node | None) -> tuple[Node, ...]:
        """The items of a list; a single value is a list of one."""
        if node is None or (isinstance(node, Scalar) and not node.text):
            return ()
        return node.items if isinstance(node, Sequence) else (node,)

    def text(self, node: Node | None, default: str = "") -> str:
        """A scalar without the spaces around it."""
        if node is None:
            return default
        if not isinstance(node, Scalar):
            raise self.error(node.span, "这里应当是一个词或一句话")
        return "" if node.text in ("null", "~") else node.text.strip()

    def texts(self, node: Node | None) -> tuple[str, ...]:
        """A list of scalars."""
        return tuple(self.text(item) for item in self.items(node))

    def flag(self, node: Node | None) -> bool:
        """True or false; false where there is nothing."""
        text = self.text(node, "false")
        if text not in ("true", "false"):
            assert node is not None
            raise self.error(node.span, f"这里应当是 true 或 false，不是“{text}”")
        return text == "true"

    def number(self, node: Node | None) -> int | None:
        """A whole number; None where there is nothing."""
        if node is None:
            return None
        text = self.text(node)
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise self.error(node.span, f"这里应当是整数，不是“{text}”")
        return int(text)
