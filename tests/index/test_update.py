from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_base import Base, make_entry

from kb_builder import storage
from kb_builder.analysis.analyzer import Analyzer
from kb_builder.diagnostics import KbError
from kb_builder.index import NoIndexError, Searcher, Update, building, generations, update

CASES = {
    "CASE-1": "座椅套没货\n客户要求24小时内发货，门店没有座椅套。",
    "CASE-2": "快递慢\n客户投诉快递三天没有动静，要求退货。",
    "CASE-3": "退货被拒\n客户要求七天无理由退货，门店拒绝退货。",
}


def test_counts(base: Base) -> None:
    assert base.update(CASES) == Update(3, 0, 0, 0)
    assert base.update(CASES) == Update(0, 0, 0, 3)
    assert base.analysed == []
    changed = CASES | {"CASE-1": "座椅套到货\n发货了。", "CASE-4": "新的\n发票。"}
    del changed["CASE-3"]
    assert base.update(changed) == Update(1, 1, 1, 1)
    assert base.analysed == ["CASE-1", "CASE-4"]
    assert base.ids('"没货"') == []
    assert base.ids('"发货"') == ["CASE-1"]
    assert base.ids('"退货"') == ["CASE-2"]


def test_nothing_at_all(base: Base) -> None:
    assert base.update({}) == Update(0, 0, 0, 0)
    assert base.ids("投诉") == []
    base.update(CASES)
    base.update({})
    assert base.ids("投诉") == []
    assert len(base.open()) == 0


def test_progress(base: Base) -> None:
    seen: list[tuple[int, int]] = []
    entries = {id_: make_entry(id_, text) for id_, text in CASES.items()}
    update(
        base.folder,
        base.analyzer,
        dict.fromkeys(CASES, "0"),
        entries.__getitem__,
        lambda done, todo: seen.append((done, todo)),
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_another_dictionary_makes_it_anew(base: Base) -> None:
    base.update(CASES)
    base.analyzer = Analyzer(["无理由退货"])
    with pytest.raises(KbError, match="kb index"):
        base.open()
    assert base.update(CASES) == Update(3, 0, 0, 0)
    assert base.ids("无理由") == ["CASE-3"]


words = st.sampled_from(
    ["投诉", "快递", "座椅套", "24小时", "退货", "的", "，", "iPhone15", "發票"]
)
bodies = st.lists(words, max_size=8).map("".join)
bases = st.dictionaries(st.sampled_from("ABCDEFGH"), bodies, max_size=8)
QUERIES = ("投诉", "座椅套退货", "24小时", "iphone 发票", "的", "货")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(bases, min_size=1, max_size=4))
def test_updated_index_ranks_as_a_new_one(make_base: Callable[[], Base], steps) -> None:
    updated, new = make_base(), make_base()
    for documents in steps:
        updated.update(documents)
    new.update(dict(reversed(steps[-1].items())))
    one, other = updated.open(), new.open()
    for query in QUERIES:
        assert one.rank(query) == other.rank(query)
        assert one.search(query).total == other.search(query).total
    one.close()
    other.close()


def test_many_updates_are_merged(base: Base, make_base: Callable[[], Base]) -> None:
    documents: dict[str, object] = {}
    for number in range(20):
        documents[f"D{number:02}"] = f"投诉{number}\n客户投诉第{number}次，快递慢" + "慢" * number
        documents.pop(f"D{number - 5:02}", None)
        base.update(documents)
    new = make_base()
    new.update(documents)
    for query in ("投诉", "快递慢", "第19次", "客户"):
        assert base.find(query) == new.find(query)
    hit = base.open().search("第19次").hits[0]
    assert hit.title == "投诉19"
    tables = list(base.folder.glob("gen-*/*.trm"))
    assert len({path.name for path in tables}) < 12


def test_batches_rank_as_one(
    base: Base, make_base: Callable[[], Base], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_base()
    other.update(CASES)
    monkeypatch.setattr(building, "_BATCH", 1)
    base.update(CASES)
    for query in ("客户", "退货", "座椅套"):
        assert base.find(query) == other.find(query)


def test_second_writer_is_told(base: Base) -> None:
    base.update(CASES)
    with generations.locked(base.folder), pytest.raises(KbError, match="另一个 kb index"):
        base.update(CASES | {"CASE-4": "新"})
    assert base.update(CASES | {"CASE-4": "新"}) == Update(1, 0, 0, 3)


def test_an_error_leaves_the_old_index(base: Base) -> None:
    base.update(CASES)
    before = sorted(base.folder.iterdir())

    def broken(id_: str):
        raise ValueError(id_)

    with pytest.raises(ValueError, match="CASE-9"):
        update(base.folder, base.analyzer, {"CASE-9": "0"}, broken)
    assert sorted(base.folder.iterdir()) == before
    assert base.ids("门店拒绝")[0] == "CASE-3"


def test_an_error_after_it_counts_leaves_the_new_index(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest is in its place, and then the disk fails: what it names must stay."""
    base.update(CASES)
    write = storage.write

    def ill(path: Path, data: bytes) -> None:
        write(path, data)
        raise KbError("写不了")

    with monkeypatch.context() as patch:
        patch.setattr(storage, "write", ill)
        with pytest.raises(KbError, match="写不了"):
            base.update(CASES | {"CASE-4": "新\n新的案例"})
    assert base.ids("新的案例")[0] == "CASE-4"


def test_unwritable_place(tmp_path) -> None:
    (tmp_path / "index").write_text("a file")
    with pytest.raises(KbError, match="写不了"):
        Base(tmp_path / "index").update(CASES)


def _update_slowly(base: Base, documents: dict[str, str]) -> None:
    base.update(documents)


@pytest.mark.parametrize("step", range(8))
def test_killed_at_any_moment(base: Base, step: int) -> None:
    base.update(CASES)
    more = {f"NEW-{n}": f"新案例{n}\n客户投诉退款{n}" for n in range(150)}
    process = multiprocessing.get_context("fork").Process(
        target=_update_slowly, args=(base, CASES | more)
    )
    process.start()
    time.sleep(0.01 + 0.03 * step)
    os.kill(process.pid, signal.SIGKILL)  # type: ignore[arg-type]
    process.join()
    assert len(base.open()) in (len(CASES), len(CASES) + len(more))
    assert base.ids("三天没有动静")[0] == "CASE-2"
    outcome = base.update(CASES | more)
    assert outcome.added + outcome.unchanged == len(CASES) + len(more)
    assert len(base.open()) == len(CASES) + len(more)
    # What the killed run left lying about is gone after the next change.
    base.update(CASES)
    assert len(list(base.folder.glob("gen-*"))) <= 2


@pytest.mark.parametrize("moment", ["new_generation", "engine_version", "sync", "_link"])
def test_killed_between_two_steps(base: Base, moment: str) -> None:
    """The narrow places: before the first file, before the manifest, before it counts."""
    base.update(CASES)

    def run() -> None:
        owner = storage if moment == "sync" else generations
        setattr(owner, moment, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        base.update(CASES | {"CASE-4": "新\n新的案例"})

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert len(base.open()) == 3
    assert base.update(CASES | {"CASE-4": "新\n新的案例"}) == Update(1, 0, 0, 3)
    assert base.ids("新的案例")[0] == "CASE-4"


def damage(base: Base) -> dict[str, Callable[[], object]]:
    generation = base.folder / generations.read(base.folder).generation
    manifest = base.folder / "current.json"
    changes: dict[str, Callable[[], object]] = {
        "manifest flipped": lambda: manifest.write_text(manifest.read_text().replace("a", "b", 1)),
        "manifest empty": lambda: manifest.write_text(""),
        "manifest no text": lambda: manifest.write_bytes(b"\xff\xfe\x00"),
        "manifest of others": lambda: manifest.write_text('{"a": 1}'),
        "manifest missing": manifest.unlink,
    }
    for path in sorted(generation.iterdir()):
        content = path.read_bytes()
        half = len(content) // 2
        kind = path.suffix if path.suffix != ".col" else path.name[-7:]
        flipped = content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]
        changes |= {
            f"{kind} flipped": lambda p=path, c=flipped: p.write_bytes(c),
            f"{kind} cut": lambda p=path, c=content[:half]: p.write_bytes(c),
            f"{kind} missing": path.unlink,
            f"{kind} waits": lambda p=path: instead(p, os.mkfifo),
            f"{kind} is a folder": lambda p=path: instead(p, Path.mkdir),
            f"{kind} has no end": lambda p=path: instead(p, lambda p: p.symlink_to("/dev/zero")),
        }
    (toc,) = generation.glob("*.toc")
    # Whoosh opens the one with the highest number.
    changes["another toc"] = lambda: toc.with_name("_MAIN_999.toc").write_bytes(b"cos\n")
    changes["generation is a file"] = lambda: instead(generation, Path.touch)
    changes["generation waits"] = lambda: instead(generation, os.mkfifo)
    changes["generation leads nowhere"] = lambda: instead(
        generation, lambda path: path.symlink_to("nowhere")
    )
    return changes


def instead(path: Path, put: Callable[[Path], object]) -> None:
    storage.remove(path)
    put(path)


def test_damage_is_recognised_and_mended(base: Base) -> None:
    base.update(CASES)
    for name in damage(base):
        base.update(CASES)
        damage(base)[name]()
        with pytest.raises(NoIndexError, match="请运行 kb index"):
            base.open()
        assert base.update(CASES) == Update(3, 0, 0, 0), name
        assert base.ids("门店拒绝")[0] == "CASE-3"


def test_a_tampered_pickle_is_not_opened(base: Base, tmp_path) -> None:
    base.update(CASES)
    mark = tmp_path / "mark"
    (toc,) = base.folder.glob("gen-*/*.toc")
    toc.write_bytes(f"cos\nsystem\n(S'touch {mark}'\ntR.".encode())
    with pytest.raises(NoIndexError):
        base.open()
    base.update(CASES)
    assert not mark.exists()


def test_no_index(base: Base) -> None:
    with pytest.raises(NoIndexError, match="还没有索引"):
        base.open()


def test_a_plain_whoosh_index_in_the_place_is_left_alone(base: Base) -> None:
    from whoosh import fields, index

    base.folder.mkdir()
    index.create_in(str(base.folder), fields.Schema(a=fields.ID))
    with pytest.raises(NoIndexError):
        base.open()
    assert base.update(CASES) == Update(3, 0, 0, 0)


def test_another_whoosh_makes_it_anew(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    base.update(CASES)
    monkeypatch.setattr(generations, "engine_version", lambda: "Whoosh 9")
    with pytest.raises(NoIndexError, match="另一个版本"):
        base.open()
    assert base.update(CASES) == Update(3, 0, 0, 0)


def test_a_reader_keeps_its_generation(base: Base) -> None:
    base.update(CASES)
    searcher = base.open()
    for number in range(3):
        base.update(CASES | {"CASE-4": f"退货退货{number}"})
    assert [hit.id for hit in searcher.search('"退货"').hits] == ["CASE-3", "CASE-2"]


def test_a_reader_overtaken_by_two_writers_begins_again(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.update(CASES)
    held, overtaken = generations._held, []

    def late(folder: Path):
        if not overtaken:
            overtaken.append(folder)
            for number in range(3):
                base.update(CASES | {"CASE-4": f"退货退货{number}"})
            assert not folder.exists()
        return held(folder)

    monkeypatch.setattr(generations, "_held", late)
    assert len(base.open()) == 4
    assert overtaken


def test_a_generation_that_is_being_opened_is_not_removed(base: Base) -> None:
    base.update(CASES)
    folder = base.folder / generations.read(base.folder).generation
    with generations._held(folder):
        for number in range(3):
            base.update(CASES | {"CASE-4": f"退货退货{number}"})
        assert folder.exists()
    base.update(CASES)
    assert not folder.exists()


def test_unchanged_needs_neither_whoosh_nor_jieba(base: Base) -> None:
    import subprocess
    import sys

    entry = make_entry("A", "投诉\n快递")
    update(base.folder, Analyzer(), {"A": "1"}, lambda _: entry)
    code = (
        "import sys; from pathlib import Path; from kb_builder.index import update;"
        "from kb_builder.analysis.analyzer import Analyzer;"
        "print(update(Path(sys.argv[1]), Analyzer(), {'A': '1'}, None).unchanged,"
        "[m for m in ('whoosh', 'jieba', 'opencc') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code, str(base.folder)]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "1 []\n"
    assert isinstance(Searcher.open(base.folder, Analyzer()), Searcher)
