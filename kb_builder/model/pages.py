"""Hand-written pages: how one is read, which address it has, and which names can't be one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import replace

from kb_builder.diagnostics import Span
from kb_builder.model import front_matter
from kb_builder.model.front_matter import Source

_LONGEST = 80
"""Length limit of the name of a file or folder, in characters; as UTF-8 a web host and Windows still take it."""

_UNFIT = re.compile(
    # What a web host, Windows or a reader would take for something else.
    r"[\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\\:*?\"<>|#%&;'`{}]"
    r"|(?P<edge>(?:^|(?<=/))[. ]|[. ](?=/|$))"
    r"|(?P<kept>(?:^|(?<=/))(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=[./]|$))",
    re.IGNORECASE,
)


def read(data: bytes) -> Source:
    """A page as read: like a document, only that it may do without front matter. Then all of it is text."""
    source = front_matter.read(data)
    faults = tuple(fault for fault in source.faults if fault.rule != "no-front-matter")
    if len(faults) == len(source.faults):
        return source
    nothing = front_matter.Mapping((), Span(1, 1))
    return replace(source, root=nothing, body_line=0, faults=faults)


def hand_address(path: str) -> str:
    """The address of a hand-written page: `cases/guide/write-case.md` → `guide/write-case/`.

    >>> hand_address("cases/guide/README.md"), hand_address("cases/index.md")
    ('guide/', '')
    """
    inner = _inner(path)
    folder, _, name = inner.rpartition("/")
    if name in ("index", "README"):  # to MkDocs both are the page of their folder
        return f"{folder}/" if folder else ""
    return f"{inner}/"


def folded(path: str) -> str:
    """What two paths have in common that some file systems take for the same."""
    return unicodedata.normalize("NFC", path).casefold()


def holders(paths: Collection[str]) -> Mapping[str, str]:
    """Address, folded → the page that has it: of several the first in the order of paths.

    A page whose name is unfit has none.
    """
    found: dict[str, str] = {}
    for path in sorted(paths):
        if not any(_unfit(path)):
            found.setdefault(folded(hand_address(path)), path)
    return found


def name_problem(path: str, held: Mapping[str, str]) -> tuple[str, str]:
    """Why a page can't be published under its name, and what to do, in Chinese; both empty where it can.

    `held` are the `holders` of the addresses of all pages.
    """
    unfit = _unfit(path)
    if any(unfit):
        return unfit
    other = held.get(folded(hand_address(path)), path)
    if other != path:
        return f"网址和 {other} 的一样", "把其中一个文件改成别的名字；只差大小写的也算一样"
    return "", ""


def _unfit(path: str) -> tuple[str, str]:
    inner = _inner(path)
    bad = _UNFIT.search(inner)
    if bad and bad["edge"]:
        return "文件名或文件夹名不能用点或空格开头、结尾", "去掉这个点或空格"
    if bad and bad["kept"]:
        return f"“{bad[0]}”是 Windows 留着自己用的名字", "改成别的名字"
    if bad:
        what = f"“{bad[0]}”" if bad[0].isprintable() else f" U+{ord(bad[0]):04X} "
        return f"文件名或文件夹名里的{what}不能做网址", "改名：只用文字、数字和连字符"
    if any(len(part) > _LONGEST for part in inner.split("/")):
        return f"文件名或文件夹名超过 {_LONGEST} 个字", "改短一些"
    if not unicodedata.is_normalized("NFC", inner):
        return "文件名里的字母和符号分开存，不同的电脑看成不同的名字", "重新输入一遍文件名"
    return "", ""


def _inner(path: str) -> str:
    return path.partition("/")[2].removesuffix(".md")
