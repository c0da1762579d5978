"""Where a relative link leads once the site is built."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

ROOT = "\x00"
"""Stands for the way from a page up to the site's root until the page is stamped.

No content can hold it: the reader refuses control characters. So fragments are made once and used
on pages of every depth.
"""


def depth(address: str) -> int:
    """How many folders deep an address is: `c/CASE-2016-0001/` is 2."""
    return address.count("/")


def way_up(address: str) -> str:
    """What `ROOT` becomes on the page with this address."""
    return "../" * depth(address)


@dataclass(frozen=True, slots=True)
class Targets:
    """Everything a relative link may lead to.

    `files` maps the path of a source file (relative to the base, such as `cases/index.md`) to the
    address of its page; `addresses` are those of all pages. `picture` gets the path of a file and
    gives its address if it is a picture that may be published. Addresses are relative to the
    site's root.
    """

    files: Mapping[str, str]
    addresses: Set[str]
    picture: Callable[[str], str | None]


@dataclass(slots=True)
class Resolver:
    """Turns the relative links of one page into what its HTML must say; notes those that lead nowhere.

    `path` is that of the source file relative to the base, `address` that of the page.
    """

    targets: Targets
    path: str
    address: str
    broken: list[str] = field(default_factory=list)

    def __call__(self, url: str) -> str | None:
        """The link as the page must write it; None when it leads nowhere (it becomes plain text)."""
        path, mark, rest = _split(url)
        if not path:
            return url if mark == "#" and len(rest) > 0 else None
        target = self._target(unquote(path))
        if target is None:
            self.broken.append(url)
            return None
        return (way_up(self.address) + quote(target) or "./") + (f"#{rest}" if mark == "#" else "")

    def _target(self, path: str) -> str | None:
        source = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), path))
        found = self.targets.files.get(source)
        if found is not None or path.endswith(".md"):
            return found
        found = self.targets.picture(source)
        if found is not None:
            return found
        # Not a file: an address of the site, as seen from this page.
        page = posixpath.normpath(posixpath.join("/", self.address, path)).lstrip("/")
        page = f"{page}/" if page else ""
        return page if page in self.targets.addresses else None


def _split(url: str) -> tuple[str, str, str]:
    path, mark, rest = url.partition("#")
    return path.partition("?")[0], mark, rest
