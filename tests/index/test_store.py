from __future__ import annotations

import fcntl
import hashlib
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_base import ANALYZER, Base, make_entry

from kb_builder.analysis.analyzer import KINDS, Analyzer
from kb_builder.diagnostics import KbError
from kb_builder.index import CountStore, Entry, store, update
from kb_builder.index.counted import Counted, count_entry

CASES = [make_entry(f"CASE-{n}", f"座椅套没货\n客户第{n}次要求24小时内发货。") for n in range(40)]


ANALYZERS = {"座椅套": ANALYZER, "没货": Analyzer(["没货"])}


class Watched(Analyzer):
    """Counts how many texts were analysed; by an analyzer that has its dictionary loaded already."""

    def __init__(self, word: str) -> None:
        self.inner = ANALYZERS[word]
        self.texts = 0

    @property
    def version(self) -> str:
        return self.inner.version

    def count_terms(self, text: str):
        self.texts += 1
        return self.inner.count_terms(text)


def ask(folder: Path, entries: Iterable[Entry], word: str = "座椅套", **options: object) -> int:
    """How many of the entries had to be analysed; the answers are compared with plain counting."""
    analyzer = Watched(word)
    given = {"documents": 40, "complete": True} | options
    with CountStore(folder, analyzer, **given) as counts:  # type: ignore[arg-type]
        asked = list(entries)
        assert [*counts.count(asked)] == [count_entry(entry, ANALYZERS[word]) for entry in asked]
    return analyzer.texts // 2


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


texts = st.text(
    st.one_of(st.sampled_from("投訴处理座椅套24iA，。 \n\u200b㎏"), st.characters()), max_size=40
)


@given(st.lists(st.tuples(texts, st.integers(1, 5)), min_size=1, max_size=4))
def test_counts_are_the_sum_of_the_fields(fields: list[tuple[str, int]]) -> None:
    given_texts = tuple(("field", weight, text) for text, weight in fields)
    counted = count_entry(make_entry("A", "", texts=given_texts), ANALYZER)
    for place, kind in enumerate(KINDS):
        total: Counter[str] = Counter()
        for text, weight in fields:
            for token in ANALYZER.tokens(text):
                if token.kind == kind:
                    total[token.term] += weight
        if kind != "word":  # a Han word after Latin is counted by `count_terms` as `tokens` has it
            assert counted.of(place) == dict(total)
        assert counted.lengths()[place] == sum(counted.of(place).values())
    assert Counted.decode(counted.encode()) == counted
    assert b"\n" not in counted.encode()


def test_a_document_is_analysed_once(tmp_path: Path) -> None:
    assert ask(tmp_path, CASES) == 40
    before = contents(tmp_path)
    assert ask(tmp_path, reversed(CASES)) == 0
    assert contents(tmp_path) == before
    changed = make_entry("CASE-7", "座椅套到货\n发货了。")
    assert ask(tmp_path, [*CASES[:7], changed, *CASES[8:]]) == 1


def test_the_id_does_not_matter_but_weights_do(tmp_path: Path) -> None:
    entry = CASES[0]
    ask(tmp_path, [entry], complete=False)
    renamed = make_entry("OTHER", "", texts=entry.texts)
    assert ask(tmp_path, [renamed], complete=False) == 0
    heavier = make_entry("OTHER", "", texts=(("title", 4, entry.title), entry.texts[1]))
    assert ask(tmp_path, [heavier], complete=False) == 1


def test_texts_run_together_are_other_texts(tmp_path: Path) -> None:
    one = make_entry("A", "", texts=(("a", 1, "退货"), ("b", 1, "投诉1 换货")))
    other = make_entry("A", "", texts=(("a", 1, "退货1 投诉"), ("b", 1, "换货")))
    ask(tmp_path, [one], complete=False)
    assert ask(tmp_path, [other], complete=False) == 1


def test_another_dictionary_or_program_analyses_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(tmp_path, CASES)
    assert ask(tmp_path, CASES, word="没货") == 40
    monkeypatch.setattr(store, "_program", lambda: "another")
    assert ask(tmp_path, CASES, word="没货") == 40


def test_what_a_complete_run_did_not_ask_for_is_forgotten(tmp_path: Path) -> None:
    ask(tmp_path, CASES)
    assert ask(tmp_path, CASES[:3]) == 0
    assert len(contents(tmp_path)) <= 4
    assert ask(tmp_path, CASES[:4]) == 1


def test_other_runs_keep_what_they_did_not_ask_for(tmp_path: Path) -> None:
    ask(tmp_path, CASES)
    assert ask(tmp_path, CASES[:3], complete=False) == 0
    assert ask(tmp_path, CASES, complete=False) == 0


def test_without_complete_runs_it_stays_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_SLACK", 1)
    for number in range(1_500):
        entry = make_entry("A", f"改了{number}次")
        with CountStore(tmp_path, ANALYZER, documents=1) as counts:
            assert [*counts.count([entry])]
    lines = sum(len(path.read_bytes().split(b"\n")) - 2 for path in tmp_path.glob("??"))
    assert 100 < lines <= 2 * 256


def damaged(content: bytes) -> dict[str, bytes]:
    _, version, entry = content.split(b"\n")
    key = entry.partition(b" ")[0]

    def signed(*lines: bytes) -> bytes:
        body = b"\n".join(lines)
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    return {
        "flipped": content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
        "cut": content[: len(content) // 2],
        "empty": b"",
        "no text": b"\xff\xfe\x00",
        "foreign": b"PK\x03\x04 something else",
        "a pickle": b"cos\nsystem\n(S'false'\ntR.",
        "signed, nothing": signed(),
        "signed, other version": signed(b"1", entry),
        "signed, no entries": signed(version),
        "signed, no counts": signed(version, key),
        "signed, no text": signed(version, b"\xff\xfe\x00"),
        **{
            f"signed, {value!r:.20}": signed(version, key + b" " + value)
            for value in (
                b"{",
                b"[" * 100_000,
                b"\xff",
                b"null",
                b"[1,2,3,4]",
                b'[[["1","a"]],[],[],[]]',
                b"[[[0,null]],[],[],[]]",
            )
        },
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    ask(folder, CASES[:1])
    return next(folder.glob("??"))


@pytest.mark.parametrize("damage", sorted(damaged(b"0\n0\n0 0000000")))
def test_damage_is_recognised_and_mended(tmp_path: Path, whole: Path, damage: str) -> None:
    (tmp_path / whole.name).write_bytes(damaged(whole.read_bytes())[damage])
    assert ask(tmp_path, CASES[:1]) == 1
    assert (tmp_path / whole.name).read_bytes() == whole.read_bytes()


def test_an_error_writes_nothing(tmp_path: Path) -> None:
    def run() -> None:
        with CountStore(tmp_path / "a", ANALYZER, documents=1) as counts:
            next(counts.count(CASES[:1]))
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        run()
    assert not (tmp_path / "a").exists()


def test_beside_another_writer_nothing_is_written(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert ask(tmp_path, CASES[:1]) == 1
    assert list(contents(tmp_path)) == ["lock"]


def test_a_place_that_takes_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KbError, match="写不了"):
        ask(tmp_path / "file" / "below", CASES[:1])


def test_killed_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(tmp_path, CASES[:1])
    before = contents(tmp_path)

    def run() -> None:
        Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore
        ask(tmp_path, CASES)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    left = contents(tmp_path)
    assert {name: left[name] for name in before} == before
    assert ask(tmp_path, CASES) == 39
    assert not list(tmp_path.glob("*.new"))


def test_an_index_from_kept_counts_is_the_same(
    tmp_path: Path, make_base: Callable[[], Base]
) -> None:
    plain, kept = make_base(), make_base()
    documents = {entry.id: entry for entry in CASES}
    plain.update(documents)
    ask(tmp_path, CASES)
    with CountStore(tmp_path, ANALYZER, documents=40, complete=True) as counts:
        digests = dict.fromkeys(documents, "1")
        update(kept.folder, ANALYZER, digests, documents.__getitem__, count=counts.count)
    for query in ("客户", "第7次", "24小时 座椅套"):
        assert kept.find(query) == plain.find(query)
