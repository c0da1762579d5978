"""The headers of the site: what a browser may load and run, and how long it may keep what.

Cleaning keeps active content out of the pages; the Content-Security-Policy, which every page says itself too,
keeps it from running should any get through. Only scripts and styles that are files of the site run, and the
theme's own inline scripts, each by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from pathlib import Path

HEADERS = "_headers"
"""The file from which many web hosts take the headers they send."""

CONTENT_NAMED = re.compile(r"search-index/[a-z]+-[0-9a-f]{12}|assets/.*\.[0-9a-f]{8}\.")
"""How the path of a file begins, relative to the site, that has another name when it has another content."""

FOR_EVER, NEVER = "public, max-age=31536000, immutable", "no-cache"
"""How long a browser may keep a file without asking, as `Cache-Control` says it."""

_EVERYTHING = "/*"
_NAME = "Content-Security-Policy"
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script", re.DOTALL | re.IGNORECASE)
_FIRST = re.compile(r"<head>\s*(?:<meta charset=[^>]*>)?", re.IGNORECASE)
_BASE = (
    "default-src 'none'",
    "script-src 'self'{hashes}",
    "style-src 'self'",
    # Icons of the theme's style sheets are data addresses.
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
)
# A page can't say this of itself.
_ONLY_HEADER = "frame-ancestors 'none'"


class Policy:
    """Gives each page its policy, and remembers what the header for all of them must allow."""

    def __init__(self) -> None:
        self._hashes: set[str] = set()

    def page(self, html: str) -> str:
        """The page with its policy, before anything that loads or runs.

        The policy goes after the declaration of the charset, which must be among the first 1,024 bytes.
        """
        found = inline_hashes(html)
        self._hashes |= found
        meta = f'<meta http-equiv="{_NAME}" content="{policy(found)}">'
        first = _FIRST.search(html)
        assert first is not None  # every page has a head
        return f"{html[: first.end()]}{meta}{html[first.end() :]}"

    def folder(self, folder: Path) -> None:
        """Give every page in a folder its policy."""
        for path in sorted(folder.rglob("*.html")):
            path.write_text(self.page(path.read_text(encoding="utf-8")), encoding="utf-8")

    def headers(self, paths: Iterable[str]) -> bytes:
        """The file `HEADERS` for the pages given so far, in the form of Netlify and Cloudflare Pages.

        Args:
            paths: those of all files of the site, relative to it.
        """
        lines = [
            _EVERYTHING,
            *(f"  {name}: {value}" for name, value in header_fields(self._hashes)),
        ]
        for pattern, kept in cache_rules(paths):
            lines += [pattern, f"  Cache-Control: {kept}"]
        return ("\n".join(lines) + "\n").encode()


def policy(hashes: Iterable[str]) -> str:
    """The policy that lets inline scripts of these hashes run."""
    allowed = "".join(f" '{each}'" for each in sorted(hashes))
    return "; ".join(_BASE).format(hashes=allowed)


def header_fields(hashes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Names and values of the headers to send with every file of the site."""
    return (
        (_NAME, f"{policy(hashes)}; {_ONLY_HEADER}"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    )


def cache_rules(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Which addresses may be kept how long: patterns, and values of `Cache-Control`.

    Each file of the site is under one pattern, for a host puts together what several say. A folder in which
    all is alike needs but one: hosts read about a hundred.
    """
    inside: dict[str, set[str]] = {}
    kept: dict[str, set[str]] = {}
    for path in paths:
        value = FOR_EVER if CONTENT_NAMED.match(path) else NEVER
        name = path
        kept.setdefault(name, set()).add(value)
        while name:
            folder = name.rpartition("/")[0]
            inside.setdefault(folder, set()).add(name)
            kept.setdefault(folder, set()).add(value)
            name = folder
    yield from _rules("", inside, kept)


def _rules(
    folder: str, inside: Mapping[str, set[str]], kept: Mapping[str, set[str]]
) -> Iterator[tuple[str, str]]:
    for name in sorted(inside.get(folder, ())):
        if len(kept[name]) > 1:
            yield from _rules(name, inside, kept)
            continue
        (value,) = kept[name]
        yield f"/{name}/*" if name in inside else f"/{name}", value
        if name.rpartition("/")[2] == "index.html":
            yield f"/{name.removesuffix('index.html')}", value


def inline_hashes(html: str) -> frozenset[str]:
    """The hashes of the inline scripts of a page; blocks of data don't run and need none."""
    found = set()
    for attributes, text in _SCRIPT.findall(html):
        if "src=" not in attributes and "application/json" not in attributes:
            digest = hashlib.sha256(text.encode()).digest()
            found.add(f"sha256-{base64.b64encode(digest).decode()}")
    return frozenset(found)


def sent_with(site: Path) -> tuple[tuple[str, str], ...]:
    """The headers that a built site asks for with every file; those of a page without inline scripts where it
    doesn't.
    """
    try:
        lines = (site / HEADERS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return header_fields(())
    rest = lines[lines.index(_EVERYTHING) + 1 :]
    mine = takewhile(lambda line: line.startswith("  "), rest)
    pairs = (line.strip().split(": ", 1) for line in mine)
    return tuple((name, value) for name, value in pairs)
