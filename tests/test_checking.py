"""A check that builds on the last one says what a check from nothing says, whatever happened in between."""

from __future__ import annotations

import datetime
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_rechecking import CASE, CORPUS, EDITS, REPOSITORY, Edit, replaced, written

from kb_builder import checking, loader, rules
from kb_builder.checking import Checking
from kb_builder.cli import watch
from kb_builder.diagnostics import Diagnostic
from kb_builder.loader import FollowedBase
from kb_builder.model import known
from kb_builder.model.settings import Settings
from kb_builder.rules import rechecking

TODAY = datetime.date(2026, 11, 22)


def _check(root: Path, today: datetime.date = TODAY) -> tuple[Diagnostic, ...]:
    """As `kb check` does: what the last one knows isn't read."""
    base_settings = loader.load_settings(root)
    check = Checking(root / loader.STATE, base_settings)
    documents = [
        loader.read_document(root, path, base_settings.schema, check.known)
        for path in loader.document_paths(root)
    ]
    found = check.check(loader.corpus_of(root, documents), today)
    check.keep()
    return found


def _fresh(root: Path, today: datetime.date = TODAY) -> tuple[Diagnostic, ...]:
    base = loader.load(root)
    return tuple(rules.check(base.corpus, base.settings, today))


class _Followed:
    """As `kb watch` does: one check goes on from the last one, and files are read when they have another stamp."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._base = FollowedBase(root, self._begin)
        self._checking: Checking | None = None

    def _begin(self, under: Settings) -> known.KnownDocuments:
        self._checking = Checking(self._root / loader.STATE, under)
        return self._checking.known

    def check(self, today: datetime.date) -> tuple[Diagnostic, ...]:
        base = self._base.now()
        assert self._checking is not None
        found = self._checking.check(base.corpus, today)
        self._checking.keep()
        return found


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            EDITS,
            st.sampled_from(["anew", "loaded", "followed", "followed from here"]),
            st.integers(0, 800),
        ),
        min_size=3,
        max_size=6,
    ),
    st.sampled_from([0, 20, 10**6]),
)
def test_random_edits_and_days_come_to_a_check_from_nothing(
    steps: list[tuple[Edit, str, int]], unkept: int
) -> None:
    """However much is not written down: with 20 characters a document, a part of the edits."""
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.multiple(checking, _FEWEST=1, _CHARACTERS=unkept),
    ):
        root = Path(folder) / "base"
        shutil.copytree(CORPUS, root)
        shutil.copytree(REPOSITORY / "site_config", root / "site_config", dirs_exist_ok=True)
        assert _check(root) == _fresh(root)
        followed = _Followed(root)
        for edit, way, days in steps:
            edit(root)
            today = TODAY + datetime.timedelta(days)
            if way == "anew":
                found = _check(root, today)
            elif way == "loaded":
                found = checking.check(loader.load(root), today)
            else:
                followed = followed if way == "followed" else _Followed(root)
                found = followed.check(today)
            assert found == _fresh(root, today)


def test_what_is_known_is_not_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _check(root)
    assert (root / ".kb" / "checked").is_file()
    built: list[str] = []
    build = known.build

    def counted(path, data, schema):  # type: ignore[no-untyped-def]
        built.append(path)
        return build(path, data, schema)

    monkeypatch.setattr(known, "build", counted)
    assert _check(root) == before
    assert built == []


def test_nothing_is_written_when_nothing_changed(root: Path) -> None:
    _check(root)
    kept = root / ".kb" / "checked"
    first = kept.stat().st_mtime_ns
    _check(root)
    assert kept.stat().st_mtime_ns == first
    replaced(CASE, "title: ", "title: 另")(root)
    _check(root)
    assert kept.stat().st_mtime_ns != first


def test_a_few_changes_among_many_documents_are_not_written_down(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "_FEWEST", 1)
    # A cold check is written whatever the size of its documents.
    monkeypatch.setattr(checking, "_CHARACTERS", 100)
    _check(root)
    kept = root / ".kb" / "checked"
    first = kept.read_bytes()
    replaced("cases/lessons/LS-001.md", "status: 已发布", "status: 说不清")(root)
    assert any(each.rule == "KB203" for each in _check(root))
    assert kept.read_bytes() == first
    assert _check(root) == _fresh(root)
    with (root / CASE).open("a", encoding="utf-8") as file:
        file.write("写了很多。\n" * 5000)
    assert _check(root) == _fresh(root)
    assert kept.read_bytes() != first


def test_what_is_found_now_takes_the_place_of_what_was_found(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = "cases/lessons/LS-001.md"
    replaced(CASE, "status: 已发布", "status: 说不清")(root)
    replaced(lesson, "status: 已发布", "status: 说不清")(root)
    _check(root)
    replaced(CASE, "status: 说不清", "status: 也说不清")(root)
    fresh = _fresh(root)
    assert {each.path for each in fresh} >= {CASE, lesson}
    assert _check(root) == fresh

    def refused(document, *others):  # type: ignore[no-untyped-def]
        raise AssertionError(document.path)

    monkeypatch.setattr(rechecking, "diagnose", refused)
    assert _check(root) == fresh


def test_a_page_that_took_the_place_of_a_link_is_read(root: Path) -> None:
    """What is not read has the digest of an empty file."""
    path = root / "cases/resolved/2024/CASE-2024-0099.md"
    path.symlink_to(root / CASE)
    followed = _Followed(root)
    for _ in range(2):
        assert followed.check(TODAY) == _fresh(root)
        assert _check(root) == _fresh(root)
        path.unlink()
        path.write_bytes(b"")


def test_watching_begins_with_what_the_last_check_came_to(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _check(root)

    def refused(path, data, schema):  # type: ignore[no-untyped-def]
        raise AssertionError(path)

    monkeypatch.setattr(known, "build", refused)
    monkeypatch.setattr(rechecking, "diagnose", refused)
    base, found = watch._Followed(root).check(())
    assert found == checking.check(base, datetime.date.today())
    assert {each.path for each in found} == {each.path for each in before}


def test_a_known_document_says_what_the_document_says(root: Path) -> None:
    """Also after it was changed, and others are gone."""
    written("cases/resolved/2024/CASE-2024-0055.md", "没有开头的部分\n")(root)
    gone = root / "cases/resolved/2024/CASE-2024-0056.md"
    shutil.copyfile(root / CASE, gone)
    _check(root)
    gone.unlink()
    for path in (CASE, "cases/lessons/LS-001.md"):
        replaced(path, "title: ", "title: 另")(root)
    _check(root)
    base_settings = loader.load_settings(root)
    check = Checking(root / loader.STATE, base_settings)
    for path in loader.document_paths(root):
        read = loader.read_document(root, path, base_settings.schema)
        remembered = loader.read_document(root, path, base_settings.schema, check.known)
        assert type(remembered) is known.KnownDocument
        names = [*(read.kind.fields if read.kind else ()), "id", "nothing"]
        assert [remembered.texts(name) for name in names] == [read.texts(name) for name in names]
        assert [remembered.text(name) for name in names] == [read.text(name) for name in names]
        for attribute in (
            "path", "kind", "digest", "readable", "face", "id", "title", "status", "published", "name", "lines",
            "body_line", "fields", "keys", "faults", "sections", "prose", "short",
        ):  # fmt: skip
            assert getattr(remembered, attribute) == getattr(read, attribute), attribute
        assert known.pictures_of(remembered) == known.pictures_of(read)
        assert known.linked_from(remembered) == known.linked_from(read)


def _damaged(data: bytes) -> bytes:
    return data[: len(data) // 2] + b"x" + data[len(data) // 2 + 1 :]


@pytest.mark.parametrize(
    "spoil",
    [
        _damaged,
        lambda data: data[: len(data) // 3],
        lambda _data: b"",
        lambda _data: b"\0" * 100,
        lambda data: data.replace(b"kb-checked-3", b"kb-checked-2"),
        lambda data: b"\x80\x04\x95" + data,
    ],
)
def test_a_damaged_file_is_made_anew(root: Path, spoil: Callable[[bytes], bytes]) -> None:
    found = _check(root)
    kept = root / ".kb" / "checked"
    sound = kept.read_bytes()
    kept.write_bytes(spoil(sound))
    assert _check(root) == found
    assert kept.read_bytes() == sound


def test_what_came_with_a_copy_is_not_believed(root: Path, tmp_path: Path) -> None:
    """Somebody could send a base along with a `.kb` that says all is well."""
    replaced(CASE, "status: 已发布", "status: 说不清")(root)
    found = _check(root)
    assert found
    copied = tmp_path / "copied"
    shutil.copytree(root, copied)
    assert Checking(root / ".kb", loader.load_settings(root))._checked.knowledge.kept
    assert not Checking(copied / ".kb", loader.load_settings(copied))._checked.knowledge.kept
    assert _check(copied) == found


def test_another_setting_or_program_begins_anew(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _check(root)
    assert Checking(root / ".kb", loader.load_settings(root))._checked.knowledge.kept
    monkeypatch.setattr(checking, "_program", lambda: "another version")
    assert not Checking(root / ".kb", loader.load_settings(root))._checked.knowledge.kept
    monkeypatch.undo()
    written("site_config/checks.yml", "levels:\n  KB415: off\n")(root)
    assert not Checking(root / ".kb", loader.load_settings(root))._checked.knowledge.kept
    assert _check(root) == _fresh(root)


def test_a_base_that_cannot_be_written_to_is_checked(root: Path) -> None:
    (root / ".kb").write_text("a file where the folder should be", encoding="utf-8")
    assert _check(root) == _fresh(root)


def test_a_link_is_looked_at_every_time(root: Path) -> None:
    (root / "cases/resolved/2024/CASE-2024-0099.md").symlink_to(root / CASE)
    found = _check(root)
    assert any(each.rule == "KB012" for each in found)
    assert _check(root) == found


def test_what_is_kept_holds_no_personal_data_of_a_finding(root: Path) -> None:
    number = "13912340017"
    replaced(CASE, "\n## ", f"\n请打 {number}。\n\n## ")(root)
    assert any(each.rule == "KB501" for each in _check(root))
    kept = (root / ".kb" / "checked").read_bytes()
    head = json.loads(kept.split(b"\n")[1])
    assert len(head["documents"]["paths"]) >= len(list(loader.document_paths(root)))
    assert number.encode() not in kept


def test_a_long_line_with_many_findings_is_kept_once(root: Path) -> None:
    path = root / CASE
    path.write_text(
        path.read_text(encoding="utf-8") + "\n" + "<script>" * 1200 + "\n", encoding="utf-8"
    )
    found = [each for each in _check(root) if each.path == CASE]
    assert len(found) > 1000
    assert found == [each for each in _check(root) if each.path == CASE]
    assert (root / ".kb" / "checked").stat().st_size < 2_000_000
