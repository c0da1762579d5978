"""Where a relative link leads once the site is built."""

from __future__ import annotations

import posixpath
import re
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
    site's root. `site_url` is where that is, if the owner says so.
    """

    files: Mapping[str, str]
    addresses: Set[str]
    picture: Callable[[str], str | None]
    site_url: str = ""


@dataclass(slots=True)
class Resolver:
    """Turns the relative links of one page into what its HTML must say; notes those that lead nowhere.

    `path` is that of the source file relative to the base, `address` that of the page. `broken` are links that
    lead nowhere, `strays` whole addresses of the site where it has no page: there may be something else.
    """

    targets: Targets
    path: str
    address: str
    broken: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    def __call__(self, url: str) -> str | None:
        """The link as the page must write it; None when it leads nowhere (it becomes plain text).

        One with a scheme stays as it is.
        """
        if _WHOLE.match(url):
            if self._strays(url):
                self.strays.append(url)
            return url
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
        return self._page(posixpath.join(self.address, path))

    def _page(self, path: str) -> str | None:
        page = posixpath.normpath(posixpath.join("/", path)).lstrip("/")
        page = f"{page}/" if page else ""
        return page if page in self.targets.addresses else None

    def _strays(self, url: str) -> bool:
        """Whether it is an address of this site, but of none of its pages."""
        below = self.below(url)
        return below is not None and self._page(below) is None

    def leads(self, url: str) -> bool:
        """Whether a link, relative or with a scheme, leads to one of the targets."""
        below = self.below(url)
        if below is not None:
            return self._page(below) is not None
        return not _WHOLE.match(url) and self(url) is not None

    def below(self, url: str) -> str | None:
        """The path below the site's root of an address with a scheme; None for any other link."""
        home, there = _place(self.targets.site_url), _place(url)
        if not home or not there or not f"{there}/".startswith(f"{home.rstrip('/')}/"):
            return None
        return there[len(home.rstrip("/")) :].lstrip("/")


_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_WEB = re.compile(r"https?://([^/?#]+)([^?#]*)", re.IGNORECASE)


def _place(url: str) -> str:
    """Host and path of an address, however it is written; empty for what is none of the web."""
    found = _WEB.match(url)
    return f"{found[1].lower()}{unquote(found[2])}" if found else ""


@dataclass(frozen=True, slots=True)
class Astray:
    """A link that leads to no page of a site: the path of the file and the address of the page on which it is."""

    path: str
    address: str
    url: str


def _split(url: str) -> tuple[str, str, str]:
    path, mark, rest = url.partition("#")
    return path.partition("?")[0], mark, rest
