"""T10: whatever happens to what is kept on the disk, the answer is the same or “damaged”, and nothing is run from it."""

from __future__ import annotations

import ast
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from places import REPOSITORY
from stages import WORDS, BuildStage, ExportStage, IndexStage, Stage, analyzer, tree
from tiers import chance, times

from kb_builder.browser import DamagedError
from kb_builder.browser.reading import Reader
from kb_builder.diagnostics import KbError
from kb_builder.index import NoIndexError, Searcher, generations

QUERIES = ("座椅套", "投诉 退货", "第7件", '"要求退货"', "客户第1次", "没有的词")


def flip(data: bytearray, random: Random) -> None:
    """One bit."""
    place = random.randrange(len(data))
    data[place] ^= 1 << random.randrange(8)


def cut(data: bytearray, random: Random) -> None:
    """Everything from somewhere on."""
    del data[random.randrange(len(data)) :]


def blank(data: bytearray, random: Random) -> None:
    """A block of zeros, as after a crash."""
    start = random.randrange(len(data))
    end = min(len(data), start + 4096)
    data[start:end] = bytes(end - start)


DAMAGES: dict[str, Callable[[bytearray, Random], None]] = {"flip": flip, "cut": cut, "blank": blank}


def damaged(folder: Path, random: Random) -> tuple[Path, bytes]:
    """Damage one file below a folder; gives it and what it held."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
    path = random.choice(files)
    before = path.read_bytes()
    data = bytearray(before)
    while data == before:
        random.choice(list(DAMAGES.values()))(data, random)
    # Files of an index are hard links to those of the generation before: leave that one as it is.
    path.unlink()
    path.write_bytes(data)
    return path, before


def by_index(folder: Path) -> list[object]:
    searcher = Searcher.open(folder, analyzer())
    try:
        return [searcher.rank(query, limit=50) for query in QUERIES]
    finally:
        searcher.close()


def by_reader(folder: Path) -> list[object]:
    reader = Reader(folder)
    reader.check()
    return [reader.rank(query, limit=50) for query in QUERIES]


@pytest.mark.parametrize(
    ("make", "name", "ask", "refusal", "tries"),
    [(IndexStage, "index", by_index, NoIndexError, 250), (ExportStage, "search", by_reader, DamagedError, 250)],
)  # fmt: skip
def test_a_damaged_index_gives_the_same_answer_or_none(
    tmp_path: Path,
    make: type[Stage],
    name: str,
    ask: Callable[[Path], list[object]],
    refusal: type[KbError],
    tries: int,
) -> None:
    stage = make(tmp_path / "stage")
    stage.run()
    folder = stage.folder / name
    wanted, random = ask(folder), chance(f"damage {name}")
    refused = 0
    for _ in range(times(tries, 3_500)):
        path, before = damaged(folder, random)
        try:
            assert ask(folder) == wanted, path
        except refusal:
            refused += 1
        path.write_bytes(before)
    # Some files are for the page alone: the scripts, and the copies of shards for file://.
    assert refused > tries // 4
    damaged(folder, random)
    stage.version = "two"
    stage.run()
    assert stage.state() == "two"


def test_whoosh_alone_raises_whatever_it_meets(tmp_path: Path) -> None:
    """The control: without the manifest, damage is an exception of any sort."""
    from whoosh import index

    stage = IndexStage(tmp_path / "stage")
    stage.run()
    folder = max((stage.folder / "index").glob("gen-*"))
    random, seen = chance("whoosh"), set()
    for _ in range(40):
        path, before = damaged(folder, random)
        try:
            with index.open_dir(str(folder)).searcher() as searcher:
                list(
                    searcher.lexicon("word") if "word" in searcher.schema else searcher.documents()
                )
        except Exception as error:  # noqa: BLE001  which one is the question
            seen.add(type(error))
        path.write_bytes(before)
    assert seen
    assert not any(issubclass(each, KbError) for each in seen)


class _Mark:
    """Leaves a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_nothing_is_unpickled_that_we_did_not_write(tmp_path: Path) -> None:
    stage = IndexStage(tmp_path / "stage")
    stage.run()
    folder, mark = stage.folder / "index", tmp_path / "mark"
    poison = pickle.dumps(_Mark(mark))
    generation = folder / generations.read(folder).generation
    for path in sorted(generation.iterdir()):
        before = path.read_bytes()
        path.unlink()
        path.write_bytes(poison)
        with pytest.raises(NoIndexError):
            by_index(folder)
        path.write_bytes(before)
    assert not mark.exists()
    pickle.loads(poison)
    assert mark.exists()  # the poison works


def test_the_program_unpickles_nothing_itself() -> None:
    loaders = {"pickle", "marshal", "shelve", "dill", "joblib"}
    for path in sorted((REPOSITORY / "kb_builder").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not loaders & set(names), path


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> BuildStage:
    made = BuildStage(tmp_path_factory.mktemp("kept") / "stage")
    made.run()
    return made


def test_damaged_caches_change_no_page(stage: BuildStage) -> None:
    """Everything in `.kb` is damaged at once; what is built then is what is built from nothing."""
    random = chance("caches")
    kept = stage.base / ".kb"
    assert {path.name for path in kept.iterdir()} >= {"analysis", "index", "stamps.json"}
    for _ in range(times(6, 100)):
        for path in sorted(path for path in kept.rglob("*") if path.is_file()):
            data = bytearray(path.read_bytes())
            if data and random.random() < 0.7:
                random.choice(list(DAMAGES.values()))(data, random)
            path.unlink()
            path.write_bytes(data)
        stage.turn()
        stage.run()
        assert stage.state() == stage.version


def test_foreign_caches_change_no_page(stage: BuildStage, tmp_path: Path) -> None:
    """Files with a valid check sum and another content: those of another base, or of an attacker."""
    other = BuildStage(tmp_path / "other")
    other.version = "two"
    other.run()
    shutil.rmtree(stage.base / ".kb")
    shutil.copytree(other.base / ".kb", stage.base / ".kb")
    stage.turn()
    stage.run()
    assert stage.state() == stage.version


def test_a_damaged_site_is_made_anew(stage: BuildStage) -> None:
    """Nothing in the base has changed, but the site on the disk is not the one that was built."""
    random = chance("site")
    for _ in range(times(5, 60)):
        damaged(stage.output, random)
        assert stage.state() not in WORDS
        stage.run()
        assert stage.state() == stage.version


def test_pages_from_a_damaged_site_are_not_taken_over(stage: BuildStage) -> None:
    """The next build may reuse what the last one wrote; not what somebody else wrote there."""
    random = chance("reuse")
    for _ in range(times(4, 60)):
        for _ in range(20):
            damaged(stage.output, random)
        stage.version = "two" if stage.version == "one" else "one"
        stage.run()
        assert stage.state() == stage.version


def test_a_changed_page_is_not_taken_over_even_when_size_and_time_are_the_same(
    stage: BuildStage,
) -> None:
    path = stage.output / "404.html"
    before = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    stage.version = "two" if stage.version == "one" else "one"
    stage.run()
    assert tree(stage.output) == stage.trees[stage.version]
