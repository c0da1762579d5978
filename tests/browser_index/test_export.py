from __future__ import annotations

import hashlib
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kb_builder.analysis.analyzer import KINDS, Analyzer
from kb_builder.analysis.folding import fold
from kb_builder.analysis.query import Query
from kb_builder.browser import (
    DamagedError,
    Reader,
    Tables,
    bundle,
    export,
    export_terms,
    files,
    self_test,
)
from kb_builder.browser.keys import shard_of
from kb_builder.index import Entry, Searcher, update
from kb_builder.index.counted import count_entry
from kb_builder.insight.inverted import Inversion

MakeEntry = Callable[..., Entry]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_order_of_the_documents_does_not_show(
    tmp_path: Path,
    base_index: Path,
    base_entries: list[Entry],
    base_analyzer: Analyzer,
    base_tables: Tables,
) -> None:
    shuffled = random.Random(1).sample(base_entries, len(base_entries))
    export(shuffled, base_analyzer, base_tables, tmp_path)
    assert contents(tmp_path) == contents(base_index)


def test_exporting_again_leaves_nothing_of_the_old(
    tmp_path: Path, base_entries: list[Entry], base_analyzer: Analyzer, base_tables: Tables
) -> None:
    again, fresh = tmp_path / "again", tmp_path / "fresh"
    export(base_entries, base_analyzer, base_tables, again)
    export(base_entries[:9], base_analyzer, base_tables, again)
    export(base_entries[:9], base_analyzer, base_tables, fresh)
    assert contents(again) == contents(fresh)


def test_the_same_hits_in_the_same_order_as_kb_search(
    tmp_path: Path,
    base_index: Path,
    base_entries: list[Entry],
    base_analyzer: Analyzer,
    base_tables: Tables,
) -> None:
    by_id = {entry.id: entry for entry in base_entries}
    update(tmp_path / "whoosh", base_analyzer, dict.fromkeys(by_id, ""), by_id.__getitem__)
    searcher = Searcher.open(tmp_path / "whoosh", base_analyzer, base_tables.synonyms)
    reader = Reader(base_index)
    rng = random.Random(5)
    for _ in range(500):
        entry = rng.choice(base_entries)
        text = max((text for _, _, text in entry.texts), key=len)
        start = rng.randrange(max(len(text) - 40, 1))
        query = rng.choice([entry.title, text[start : start + rng.randrange(2, 40)]])
        assert reader.rank(query) == searcher.rank(Query(query)), query
    searcher.close()


def test_an_edit_changes_only_the_shards_of_its_document(
    tmp_path: Path, base_entries: list[Entry], base_analyzer: Analyzer, base_tables: Tables
) -> None:
    folder = tmp_path / "index"
    before = export(base_entries, base_analyzer, base_tables, folder)
    scheme = Reader(folder).manifest
    edited = base_entries[0]
    name, weight, text = edited.texts[-1]
    after = replace(edited, texts=(*edited.texts[:-1], (name, weight, f"{text}\n补记一句。")))
    everything = [after if entry is edited else entry for entry in base_entries]
    made = export(everything, base_analyzer, base_tables, folder)
    shards = {"terms": set(), "singles": set()}
    for entry in (edited, after):
        counted = count_entry(entry, base_analyzer)
        for kind in range(len(KINDS)):
            for term in (term for _, terms in counted.each(kind) for term in terms):
                of = "singles" if len(term) == 1 else "terms"
                shards[of].add(shard_of(term, scheme.alphabet, scheme.sets[of].count))
    allowed = {scheme.sets[of].path(number) for of, numbers in shards.items() for number in numbers}
    document = sorted(entry.id for entry in base_entries).index(edited.id)
    allowed.add(scheme.sets["docs"].path(document // scheme.block))
    lasting = ("terms-", "singles-", "docs-")
    changed = {
        path
        for path in before.files.keys() | made.files.keys()
        if path.startswith(lasting)
        and path.endswith(".bin")
        and before.files.get(path) != made.files.get(path)
    }
    assert changed
    assert changed <= allowed
    assert len(allowed) < sum(path.startswith(lasting) for path in before.files) * 0.6
    fresh = export(everything, base_analyzer, base_tables, tmp_path / "fresh")
    assert contents(folder) == contents(tmp_path / "fresh")
    assert made.files == fresh.files


def test_what_is_known_to_be_there_is_not_looked_at(
    tmp_path: Path, base_entries: list[Entry], base_analyzer: Analyzer, base_tables: Tables
) -> None:
    ordered = sorted(base_entries, key=lambda entry: entry.id)
    inversion = Inversion.made(count_entry(entry, base_analyzer) for entry in ordered)
    made = export_terms(ordered, lambda: inversion, base_tables, tmp_path)
    shard = next(tmp_path.glob("terms-*/0.bin"))
    shard.write_bytes(b"?")
    export_terms(ordered, lambda: inversion, base_tables, tmp_path, held=made.files)
    assert shard.read_bytes() == b"?"
    export_terms(ordered, lambda: inversion, base_tables, tmp_path)
    assert made.files[shard.relative_to(tmp_path).as_posix()] == sha256(shard)


def test_postings_of_another_version_are_not_read(
    tmp_path: Path, base_index: Path, base_entries: list[Entry]
) -> None:
    folder = Path(shutil.copytree(base_index, tmp_path / "index"))
    for path in folder.glob("postings-*/*.bin"):
        name = path.relative_to(folder).as_posix()
        path.write_bytes(files.seal(name, b"of another version"))
    with pytest.raises(DamagedError):
        self_test(folder, base_entries)


def test_an_empty_base(tmp_path: Path, base_analyzer: Analyzer) -> None:
    export([], base_analyzer, Tables(), tmp_path)
    assert Reader(tmp_path).rank("投诉") == []
    assert self_test(tmp_path, []) == []


def test_every_document_is_found(base_index: Path, base_entries: list[Entry]) -> None:
    assert self_test(base_index, base_entries) == []


def test_the_self_test_names_what_is_not_found(base_index: Path, base_entries: list[Entry]) -> None:
    missing = replace(base_entries[0], id="CASE-9999-9999")
    other = replace(base_entries[1], title="麒麟臂饕餮宴")
    failures = self_test(base_index, [missing, other])
    assert {(f.id, f.place) for f in failures} >= {
        ("CASE-9999-9999", "title"),
        (other.id, "title"),
    }


def test_a_sample_is_found_and_only_what_it_needs_is_read(
    tmp_path: Path, base_index: Path, base_entries: list[Entry]
) -> None:
    ordered = sorted(base_entries, key=lambda entry: entry.id)
    assert self_test(base_index, ordered, most=7) == []
    shutil.copytree(base_index, tmp_path / "index")
    block = Reader(base_index).manifest.block
    docs = sorted((tmp_path / "index").glob("docs-*/*.bin"), key=lambda path: int(path.stem))
    docs[1].unlink()
    assert self_test(tmp_path / "index", ordered, most=1) == []
    with pytest.raises(DamagedError):
        self_test(tmp_path / "index", ordered, most=-(-len(ordered) // block))


def test_the_sample_names_what_is_not_found(base_index: Path, base_entries: list[Entry]) -> None:
    ordered = sorted(base_entries, key=lambda entry: entry.id)
    other = replace(ordered[0], title="麒麟臂饕餮宴")
    assert [(f.id, f.place) for f in self_test(base_index, [other, *ordered[1:]], most=1)] == [
        (other.id, "title")
    ]
    missing = [*ordered[1:], replace(ordered[0], id="CASE-9999-9999")]
    assert {f.id for f in self_test(base_index, missing, most=10**6)} == {"CASE-9999-9999"}


@pytest.mark.parametrize("damage", [lambda p: p.unlink(), lambda p: p.write_bytes(b"KB")])
def test_damage_is_found(
    tmp_path: Path, make_entry: MakeEntry, base_analyzer: Analyzer, damage: Callable[[Path], None]
) -> None:
    entry = make_entry("CASE-1", "座椅套没货\n客户要退货")
    export([entry], base_analyzer, Tables(), tmp_path)
    damage(next(tmp_path.glob("docs-*/0.bin")))
    with pytest.raises(DamagedError):
        self_test(tmp_path, [entry])


TEXT = """型号A00045581的iPhone15客户，24小时café内回复𠮷野家“三包凭证”。
電話12345，快遞Ω3天沒動靜，the end"""


def test_any_piece_of_two_characters_finds_its_text(
    tmp_path: Path, make_entry: MakeEntry, base_analyzer: Analyzer
) -> None:
    entries = [make_entry("CASE-1", TEXT), make_entry("CASE-2", "别的内容\n12 iphone 客户 a1")]
    export(entries, base_analyzer, Tables(), tmp_path)
    reader = Reader(tmp_path)
    for line in TEXT.split("\n"):
        for start in range(len(line)):
            for end in range(start + 1, len(line) + 1):
                piece = line[start:end]
                if sum(char.isalnum() for char in fold(piece)) < 2:
                    continue
                assert "CASE-1" in [id_ for _, id_ in reader.rank(piece)], piece


@pytest.mark.parametrize("char", ["𠮷", "Ω", "é", "型", "7", "x"])
def test_a_single_rare_character(
    tmp_path: Path, make_entry: MakeEntry, base_analyzer: Analyzer, char: str
) -> None:
    entries = [make_entry("CASE-1", f"标题\n前b{char}后"), make_entry("CASE-2", "标题\n别的")]
    export(entries, base_analyzer, Tables(), tmp_path)
    assert [id_ for _, id_ in Reader(tmp_path).rank(char)] == ["CASE-1"]


def test_the_joined_script_has_no_modules_left() -> None:
    sources = bundle.modules()
    first, more, _ = bundle.scripts()
    script = first + more
    lines = script.split("\n")
    assert not [line for line in lines if line.startswith(("import ", "export "))]
    with_types_only = {"advice/types.js"}
    for name in sources.keys() - with_types_only:
        assert script.count(f"const {name.removesuffix('.js').replace('/', '_')}_m=(") == 1, name
    # Comments are taken out by pattern: nothing else may look like one.
    lines = [line for source in sources.values() for line in source.split("\n")]
    assert all("/**" not in part for line in lines for part in line.split('"')[1::2])


def test_the_second_script_takes_what_it_shares_from_the_first_of_its_version() -> None:
    sources = {
        "boot.js": 'import { one } from "./one.js";\none();\n',
        "one.js": "export const one = () => 1;\n",
        "advice/boot.js": 'import { one } from "../one.js";\nimport * as all from "./two.js";\none(all);\n',
        "advice/two.js": "export const two = 2;\n",
    }
    first, more, version = bundle.split(sources)
    assert "const one_m=(" in first
    assert "advice" not in first
    assert "const one_m=(" not in more
    assert "const{one}=one_m;" in more
    assert "const all=advice_two_m;" in more
    assert re.findall(r'version:"(\w+)",one_m}', first) == [version]
    assert f'if(version!=="{version}")return;' in more
    changed = bundle.split({**sources, "advice/two.js": "export const two = 3;\n"})
    assert version not in changed.first


def test_the_first_script_stays_small() -> None:
    """It is fetched before the first search on every first visit."""
    assert len(bundle.scripts().first.encode()) <= 57 * 1024


def test_what_every_page_loads_has_nothing_of_what_few_need() -> None:
    first, more, _ = bundle.view_scripts()
    assert "相似案例怎么办的" in more
    assert "相似案例怎么办的" not in first
    assert len(first.encode()) <= 48 * 1024


def test_blanks_are_taken_out_where_they_mean_nothing() -> None:
    source = """const { one } = two; // a note
const text = "a = b; // no note", other = `c ${one} = d`;
const pattern = text.replace(/[ \\n]+ = "/g, " ").split(/ /);
if (one) {
  return /^ | $/.test(text)
    ? one + +two - -one
    : [one, two];
}
"""
    squeezed = bundle.split({"boot.js": source, "more.js": ""}, "more.js").first
    for kept in (
        '"a = b; // no note"',
        "`c ${one} = d`",
        '/[ \\n]+ = "/g',
        "/ /",
        "/^ | $/",
        "+ +",
        "- -",
    ):
        assert kept in squeezed
    assert "const{one}=two;\nconst text=" in squeezed
    assert "a note" not in squeezed
    assert "?one + +two - -one:[one,two];}" in squeezed


def test_no_template_is_inside_another() -> None:
    """The pattern that leaves templates alone does not see where an inner one ends."""
    for name, source in bundle.modules().items():
        assert not re.search(r"`[^`]*\$\{[^}`]*`", source), name


@pytest.mark.parametrize(
    "entry", ["", "[]", "{}", '{"format": "1", "manifest": "x"}', '{"format": 1}']
)
def test_a_damaged_entry_is_said_to_be_damaged(tmp_path: Path, entry: str) -> None:
    (tmp_path / "entry.json").write_text(entry)
    with pytest.raises(DamagedError, match="请运行 kb export-search"):
        Reader(tmp_path)
