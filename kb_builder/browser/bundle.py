"""The client as classic scripts: browsers forbid modules in pages opened from a disk.

The modules in client/ stay as they are; here each becomes a function that gives what it exports. They
keep to a few forms of `import` and `export`, which a test checks.

What every search needs is in the first script; what a pasted text needs besides is in the second,
which the first fetches when it is asked for. The second takes the modules that both need from the
first, and both bear one version, so that a stale one of the two is recognised. So it is with the engine
and, in client/view/, with what the pages show.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

SCRIPT = "kb-search.js"
MORE = "kb-advice.js"
_BOOT = "boot.js"
_MORE_BOOT = "advice/boot.js"
_VIEW = "view"
_VIEW_MORE_BOOT = "precedents/boot.js"
_SHARED = "globalThis.kbSearchModules"
_VIEW_SHARED = "globalThis.kbViewModules"

_IMPORT = re.compile(r'^import (\{ [^}]+ \}|\* as \w+) from "(\.[./a-z]*/[a-z]+\.js)";\n', re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?function\*? (\w+)|class (\w+)|const (\w+))", re.M)
_EXPORT_LIST = re.compile(r"^export \{ ([^}]+) \};\n", re.M)
_COMMENT = re.compile(r"^[ \t]*//[^\n]*\n|/\*\*.*?\*/ ?", re.M | re.S)
_INDENT = re.compile(r"\n\s+")
# Strings, templates, patterns (after what can't end a value), a comment behind a statement, and signs
# with the blanks around them; between + and + these must stay.
_TOKEN = re.compile(
    r"""(?P<kept>"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`"""
    r"""|(?:(?<=[(,=:\[!&|?;])|(?<=[(,=:\[!&|?;>]\s)|(?<=return\s))"""
    r"""/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*)"""
    r"""|(?P<comment> ?//[^\n]*)"""
    r"""|\s*(?P<sign>[{}()\[\];,=<>*%&|?:!^~]+)\s*""",
    re.S,
)


class Scripts(NamedTuple):
    """The client, or the pages' part of it, as two scripts, and the version that both bear."""

    first: str
    more: str
    version: str


def modules() -> dict[str, str]:
    """The client's modules but those of the pages: path in client/ → text."""
    folder = resources.files("kb_builder.browser") / "client"
    return dict(sorted(_modules_in(folder, "")))


def view_modules() -> dict[str, str]:
    """The modules of the pages: path in client/view/ → text."""
    folder = resources.files("kb_builder.browser") / "client" / _VIEW
    return dict(sorted(_modules_in(folder, "")))


@cache
def scripts() -> Scripts:
    """The client, joined."""
    return split(modules())


@cache
def view_scripts() -> Scripts:
    """The box, the search page and the marks; and 找先例, which the first script fetches."""
    return split(view_modules(), _VIEW_MORE_BOOT, _VIEW_SHARED)


def split(
    sources: Mapping[str, str], more_boot: str = _MORE_BOOT, offered_as: str = _SHARED
) -> Scripts:
    """The first script, which leaves its modules in a global variable, and the second.

    Without comments and needless blanks they are less than half as long; a server need not compress.
    """
    first = _order(sources, _BOOT)
    more = [name for name in _order(sources, more_boot) if name not in first]
    needed = {other for name in more for other in _needed(name, sources[name])}
    shared = [name for name in first if name in needed]
    joined = "".join(_wrap(name, sources[name]) for name in (*first, *more))
    version = hashlib.sha256(joined.encode()).hexdigest()[:8]
    names = ",".join(map(_variable, shared))
    *others, boot = (_wrap(name, sources[name]) for name in first)
    offer = f'{offered_as}={{version:"{version}",{names}}};\n'
    take = f'const{{version,{names}}}={offered_as}||{{}};\nif(version!=="{version}")return;\n'
    return Scripts(
        _enclose("".join((*others, offer, boot))),
        _enclose(take + "".join(_wrap(name, sources[name]) for name in more)),
        version,
    )


def _modules_in(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for item in folder.iterdir():
        if item.is_dir() and item.name != _VIEW:
            yield from _modules_in(item, f"{path}{item.name}/")
        elif item.name.endswith(".js"):
            yield f"{path}{item.name}", item.read_text("utf-8")


def _enclose(body: str) -> str:
    return f'(() => {{\n"use strict";\n{body}}})();\n'


def _order(sources: Mapping[str, str], boot: str) -> list[str]:
    """The modules that one needs, each after those that it needs itself."""
    order: list[str] = []

    def visit(name: str, above: Collection[str]) -> None:
        for other in _needed(name, sources[name]):
            if other not in order and other not in above:
                visit(other, (*above, name))
        if name not in order:
            order.append(name)

    visit(boot, ())
    return order


def _needed(name: str, source: str) -> list[str]:
    return [_resolve(name, path) for _, path in _IMPORT.findall(source)]


def _resolve(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _wrap(name: str, source: str) -> str:
    exported = [next(filter(None, match.groups())) for match in _EXPORT.finditer(source)]
    for names in _EXPORT_LIST.findall(source):
        exported.extend(names.split(", "))
    body = _EXPORT_LIST.sub("", _EXPORT.sub("", source))

    def take(match: re.Match[str]) -> str:
        taken = match[1].removeprefix("* as ")
        return f"const {taken} = {_variable(_resolve(name, match[2]))};\n"

    body = _IMPORT.sub(take, body)
    body = _squeeze(_COMMENT.sub("", body))
    result = f"return{{{','.join(exported)}}};\n" if exported else ""
    return f"const {_variable(name)}=(()=>{{\n{body}\n{result}}})();\n"


def _squeeze(source: str) -> str:
    """The same program without needless blanks; our statements end with a semicolon or a brace."""
    return _TOKEN.sub(
        lambda m: m["kept"] or m["sign"] or "",
        _INDENT.sub("\n", source.strip()),
    )


def _variable(name: str) -> str:
    return f"{name.removesuffix('.js').replace('/', '_')}_m"
