"""What a base becomes, step by step, for tests that break the steps: each knows whether what is there is whole.

A stage has two versions, `one` and `two`. What it left is `one`, `two`, or broken: a mix, or nothing.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from bases import case, make_base
from documents import lesson

from kb_builder import index, pipeline
from kb_builder.analysis.analyzer import Analyzer
from kb_builder.browser.reading import Reader
from kb_builder.cli import main
from kb_builder.index import Entry, Searcher

TODAY = datetime.date(2026, 11, 21)
_DIGEST = re.compile("[0-9a-f]{12}")
WORDS = {"one": "座椅套", "two": "显示器"}
"""Each version says another word on every page."""


class Stage(ABC):
    """One step, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.version = "one"
        folder.mkdir(parents=True)

    def prepare(self) -> None:  # noqa: B027  not every stage reads files
        """Write what `work` reads."""

    @abstractmethod
    def work(self) -> None:
        """Make what there is be of `version`."""

    def run(self) -> None:
        self.prepare()
        self.work()

    @abstractmethod
    def state(self) -> str:
        """`one` or `two` if what is there is whole, else what is wrong with it."""

    @abstractmethod
    def litter(self) -> list[str]:
        """What lies about that no finished run leaves."""

    def turn(self) -> None:
        """Make the next run have something to do."""
        self.version = "two" if self.state() == "one" else "one"
        self.prepare()


def entries(version: str) -> Mapping[str, Entry]:
    """A dozen documents of a version."""
    word = WORDS[version]
    return {
        f"CASE-{n}": Entry(
            id=f"CASE-{n}", kind="case", title=f"{word}第{n}件", address=f"/c/CASE-{n}/",
            texts=(("title", 3, f"{word}第{n}件"), ("body", 1, f"客户第{n}次投诉{word}，要求退货。")),
            facets={}, date="",
        )
        for n in range(12)
    }  # fmt: skip


@cache
def analyzer() -> Analyzer:
    return Analyzer(list(WORDS.values()))


def _of_words(found: Mapping[str, int], whole: int) -> str:
    for version, word in WORDS.items():
        if found[word] == whole and sum(found.values()) == whole:
            return version
    return f"a mix: {dict(found)}"


class IndexStage(Stage):
    """The index of the command line."""

    def work(self) -> None:
        made = entries(self.version)
        digests = {id_: hashlib.sha256(repr(e).encode()).hexdigest() for id_, e in made.items()}
        index.update(self.folder / "index", analyzer(), digests, made.__getitem__)

    def state(self) -> str:
        searcher = Searcher.open(self.folder / "index", analyzer())
        try:
            found = {word: len(searcher.rank(f'"{word}"', limit=100)) for word in WORDS.values()}
            return _of_words(found, 12)
        finally:
            searcher.close()

    def litter(self) -> list[str]:
        # A broken run may leave generations that don't count; `run` holds that the next takes them away.
        names = sorted(path.name for path in (self.folder / "index").iterdir())
        return [name for name in names if name != "current.json" and not name.startswith("gen-")]

    def run(self) -> None:
        super().run()
        # The generation before stays for those who are reading it.
        assert len(list((self.folder / "index").glob("gen-*"))) <= 2


class ExportStage(Stage):
    """The index of the browser, written by itself as `kb export-search` does."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        make_base(folder / "base", dict([case(1), lesson(1)]))

    def prepare(self) -> None:
        write_base(self.folder / "base", self.version)

    def work(self) -> None:
        command = [
            "--root",
            self.folder / "base",
            "export-search",
            "--output",
            self.folder / "search",
        ]
        main([str(word) for word in command])

    def run(self) -> None:
        self.prepare()
        with pytest.raises(SystemExit, match="0"):
            self.work()

    def state(self) -> str:
        reader = Reader(self.folder / "search")
        reader.check()
        titles = [shown.title for shown in reader.documents()]
        return _of_words({w: sum(w in title for title in titles) for w in WORDS.values()}, 2)

    def litter(self) -> list[str]:
        beside = {path.name for path in self.folder.iterdir()} - {"base", "search"}
        names = [*beside, *(path.name for path in (self.folder / "search").rglob("*"))]
        sets = [
            name.rpartition("-")[0] for name in names if _DIGEST.fullmatch(name.rpartition("-")[2])
        ]
        several = [name for name in set(sets) - {"kb"} if sets.count(name) > 1]
        return [name for name in names if name.startswith(".")] + several


class BuildStage(Stage):
    """The whole of `kb build`: check, index, search, pages."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.base = make_base(folder / "base", dict([case(1), lesson(1)]))
        self.output = folder / "out" / "site"
        self.output.parent.mkdir()
        self.trees: dict[str, dict[str, bytes]] = {}
        for version in WORDS:
            self.version = version
            self.run()
            self.trees[version] = tree(self.output)
            # So that the other is built with nothing at hand.
            shutil.rmtree(self.base / ".kb")
            shutil.rmtree(self.output)
        self.version = "one"

    def prepare(self) -> None:
        write_base(self.base, self.version)

    def work(self) -> None:
        built = pipeline.build(self.base, self.output, today=TODAY)
        assert not built.stopped, built.diagnostics

    def state(self) -> str:
        found = tree(self.output)
        for version, wanted in self.trees.items():
            if found == wanted:
                return version
        nearest = min(
            self.trees.values(), key=lambda t: sum(t.get(k) != found.get(k) for k in t | found)
        )
        return f"broken: {[k for k in nearest | found if nearest.get(k) != found.get(k)][:5]}"

    def litter(self) -> list[str]:
        beside = [p.name for p in self.output.parent.iterdir() if p.name != "site"]
        kept = [
            path.name
            for path in (self.base / ".kb").rglob("*")
            if path.suffix in (".new", ".tmp") or path.name.startswith(".")
        ]
        return beside + kept


def write_base(base: Path, version: str) -> None:
    """A base of two documents that say the word of the version."""
    word = WORDS[version]
    for path, text in (
        case(1, f"客户来电，说{word}没有到。", title=f"{word}没有到", lessons="[LS-001]"),
        lesson(1, f"## 由来\n\n{word}漏了单。\n\n## 道理\n\n先听完。\n\n## 做法\n\n听。\n", title=f"{word}漏了单"),
    ):  # fmt: skip
        (base / path).write_text(text, encoding="utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with the digest of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).digest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
