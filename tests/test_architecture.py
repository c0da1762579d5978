"""The import table: who may import whom, and where each library lives."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "kb_builder"

CORE = {
    "privacy",
    "model",
    "diagnostics",
    "reporters",
    "rules",
    "analysis",
    "ranking",
    "insight",
    "drafting",
    "completion",
    "mending",
    "formatting",
}
"""Values in, values out: no file, no clock, no log, no print."""

MAY_IMPORT: dict[str, set[str]] = {
    "diagnostics": set(),
    "model": {"diagnostics"},
    "reporters": {"diagnostics"},
    "privacy": {"diagnostics", "model"},
    "rules": {"diagnostics", "model", "analysis", "privacy", "insight"},
    "analysis": {"diagnostics"},
    "ranking": set(),
    "insight": {"diagnostics", "model", "analysis", "ranking", "drafting"},
    "drafting": {"diagnostics", "model"},
    "completion": {"model"},
    "changes": {"diagnostics", "model"},
    "mending": {"diagnostics", "model", "drafting", "rules"},
    "formatting": {"diagnostics", "model", "drafting"},
    "loader": {"diagnostics", "model", "storage", "caches"},
    "storage": {"diagnostics"},
    "caches": {"storage"},
    "watching": {"diagnostics"},
    "memory": set(),
    "clock": {"diagnostics"},
    "index": {"diagnostics", "analysis", "ranking", "insight", "storage", "caches"},
    "entries": {"model", "analysis", "index"},
    "precedents": {"insight", "model", "loader", "browser", "privacy", ""},
    "checked": {"diagnostics", "insight", "model", "rules"},
    "checking": {"", "caches", "checked", "diagnostics", "model", "rules", "loader"},
    "pipeline": {
        "", "checking", "diagnostics", "model", "rules", "analysis", "insight", "loader", "storage", "entries", "index", "site", "memory",
        "caches",
    },
    "browser": {"diagnostics", "model", "analysis", "ranking", "index", "insight", "drafting"},
    "intake": {"diagnostics", "model", "drafting", "loader", "privacy", "storage"},
    "charts": {"diagnostics", "insight", "caches"},
    "site": {"diagnostics", "model", "rules", "checking", "insight", "charts", "loader", "index", "entries", "browser", "precedents", "watching", "memory", "clock", ""},
    "cli": {
        "diagnostics", "model", "reporters", "rules", "analysis", "ranking", "insight", "drafting", "completion", "storage", "changes",
        "mending", "formatting", "watching", "checking", "loader", "entries", "index", "browser", "intake", "site", "pipeline", "precedents", "",
        "privacy", "clock", "caches",
    },
    "__main__": {"cli"},
    "": set(),
}  # fmt: skip
"""Module or package of `kb_builder` → those it may import; the empty name is `kb_builder` itself."""

HOMES = {
    "click": {"cli"},
    "mkdocs": {"site"},
    "material": {"site"},
    "markdown": {"site"},
    "pymdownx": {"site"},
    "jinja2": {"site"},
    "nh3": {"site"},
    "whoosh": {"index"},
    "jieba": {"analysis"},
    "opencc": {"analysis"},
    "altair": {"charts"},
    "vl_convert": {"charts"},
    "openpyxl": {"intake"},
    "watchdog": {"watching"},
    "pypinyin": {"analysis"},
    "yaml": {"model"},
}
"""Library → the only packages that may import it."""

TOUCHES_OUTSIDE = {"segmenter.py"}
"""jieba logs and keeps a cache on disk; silencing the one and placing the other is this module's job."""

NOT_IN_CORE = {
    "os",
    "pathlib",
    "io",
    "logging",
    "time",
    "shutil",
    "subprocess",
    "tempfile",
    "random",
}


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        name = parts[0].removesuffix(".py")
        yield ("" if name == "__init__" else name), path


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module == "kb_builder":
                for alias in node.names:
                    # `from kb_builder import __version__` needs the package itself only.
                    inner = "" if alias.name.startswith("__") else f".{alias.name}"
                    yield f"kb_builder{inner}", node.lineno
            else:
                yield node.module, node.lineno


MODULES = list(_modules())


@pytest.mark.parametrize(("name", "path"), MODULES, ids=lambda value: str(value)[-40:])
def test_imports_follow_the_table(name: str, path: Path) -> None:
    assert name in MAY_IMPORT, f"{name} is not in the import table"
    for module, line in _imports(path):
        if module.partition(".")[0] != "kb_builder":
            continue
        target = module.split(".")[1] if "." in module else ""
        if target != name:
            assert target in MAY_IMPORT[name], (
                f"{path.name}:{line}: {name} imports {target or module}"
            )


@pytest.mark.parametrize(("name", "path"), MODULES, ids=lambda value: str(value)[-40:])
def test_libraries_stay_at_home(name: str, path: Path) -> None:
    for module, line in _imports(path):
        top = module.partition(".")[0]
        assert name in HOMES.get(top, {name}), f"{path.name}:{line}: {top} outside its home"


@pytest.mark.parametrize(
    "path",
    [path for name, path in MODULES if name in CORE and path.name not in TOUCHES_OUTSIDE],
    ids=lambda path: path.name,
)
def test_the_core_is_pure(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for module, line in _imports(path):
        assert module.partition(".")[0] not in NOT_IN_CORE, (
            f"{path.name}:{line}: {module} in the core"
        )
    calls = [
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert not {"open", "print", "input"} & set(calls)


def test_modules_are_small() -> None:
    large = {str(path.relative_to(PACKAGE)) for _, path in MODULES if path.stat().st_size > 24_000}
    assert not large


def test_relative_imports_are_not_used() -> None:
    for _, path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), path
