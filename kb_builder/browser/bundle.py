"""The client as one classic script: browsers forbid modules in pages opened from a disk.

The modules in client/ stay as they are; here each becomes a function that gives what it exports. They
keep to a few forms of `import` and `export`, which a test checks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources

SCRIPT = "kb-search.js"
_BOOT = "boot.js"

_IMPORT = re.compile(r'^import \{ ([^}]+) \} from "\./([a-z]+\.js)";\n', re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?function\*? (\w+)|class (\w+)|const (\w+))", re.M)
_EXPORT_LIST = re.compile(r"^export \{ ([^}]+) \};\n", re.M)
_COMMENT = re.compile(r"^[ \t]*//[^\n]*\n|/\*\*.*?\*/ ?", re.M | re.S)
_INDENT = re.compile(r"^\s+", re.M)


def modules() -> dict[str, str]:
    """The client's modules: file name → text."""
    folder = resources.files("kb_builder.browser") / "client"
    return {
        item.name: item.read_text("utf-8")
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.name.endswith(".js")
    }


def join(sources: Mapping[str, str]) -> str:
    """One classic script of the modules, without comments and indentation.

    So it is half as long; a server need not compress.
    """
    order: list[str] = []

    def visit(name: str) -> None:
        for _, needed in _IMPORT.findall(sources[name]):
            if needed not in order:
                visit(needed)
        if name not in order:
            order.append(name)

    visit(_BOOT)
    parts = [_wrap(name, sources[name]) for name in order]
    return '(() => {\n"use strict";\n' + "".join(parts) + "})();\n"


def _wrap(name: str, source: str) -> str:
    exported = [next(filter(None, match.groups())) for match in _EXPORT.finditer(source)]
    for names in _EXPORT_LIST.findall(source):
        exported.extend(names.split(", "))
    body = _EXPORT_LIST.sub("", _EXPORT.sub("", source))
    body = _IMPORT.sub(lambda m: f"const {{ {m[1]} }} = {_variable(m[2])};\n", body)
    body = _INDENT.sub("", _COMMENT.sub("", body))
    result = f"return {{ {', '.join(exported)} }};\n" if exported else ""
    return f"const {_variable(name)} = (() => {{\n{body.strip()}\n{result}}})();\n"


def _variable(name: str) -> str:
    return f"{name.removesuffix('.js')}_module"
