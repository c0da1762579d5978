"""Checking again after a change says what a fresh check says, whatever the change."""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import fields
from functools import cached_property
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb_builder import loader, rules
from kb_builder.diagnostics import KbError
from kb_builder.loader import FollowedBase
from kb_builder.model.settings import Settings
from kb_builder.rules import Context, rechecking
from kb_builder.rules.rechecking import Rechecker

REPOSITORY = Path(__file__).parent.parent
CORPUS = Path(__file__).parent / "corpus"
TODAY = datetime.date(2026, 11, 22)
CASE = "cases/resolved/2024/CASE-2024-0001.md"

Edit = Callable[[Path], None]


class _Watch:
    """What `kb watch` does at each save, without a watcher."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._base = FollowedBase(root)
        self._settings: Settings | None = None
        self._rechecker: Rechecker | None = None

    def agrees(self) -> None:
        base = self._base.now()
        if self._rechecker is None or base.settings is not self._settings:
            self._settings = base.settings
            self._rechecker = Rechecker(base.settings)
        fresh = loader.load(self._root)
        assert base.corpus.documents == fresh.corpus.documents
        assert self._rechecker.check(base.corpus, TODAY) == rules.check(
            fresh.corpus, fresh.settings, TODAY
        )


def replaced(path: str, old: str, new: str) -> Edit:
    def edit(root: Path) -> None:
        file = root / path
        if file.is_file():
            file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    return edit


def written(path: str, text: str) -> Edit:
    def edit(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")

    return edit


def _deleted(path: str) -> Edit:
    return lambda root: (root / path).unlink(missing_ok=True)


def _copied(path: str, to: str) -> Edit:
    def edit(root: Path) -> None:
        if (root / path).is_file():
            shutil.copyfile(root / path, root / to)

    return edit


def _moved(path: str, to: str) -> Edit:
    def edit(root: Path) -> None:
        if (root / path).exists():
            (root / to).parent.mkdir(parents=True, exist_ok=True)
            (root / path).replace(root / to)

    return edit


def _unnoticed(path: str, old: str, new: str) -> Edit:
    """An edit after which size and time of the last change are what they were."""
    assert len(old.encode()) == len(new.encode())

    def edit(root: Path) -> None:
        file = root / path
        if file.is_file():
            before = file.stat()
            replaced(path, old, new)(root)
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
            assert (file.stat().st_size, file.stat().st_mtime_ns) == (
                before.st_size,
                before.st_mtime_ns,
            )

    return edit


_DOCUMENTS = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("cases/*/**/*.md"))
_PIECES = [
    ("status: 已发布", "status: 草稿"),
    ("status: 草稿", "status: 已发布"),
    ("title: ", "title: 同一个标题 #"),
    ("LS-001", "LS-777"),
    ("LS-777", "LS-001"),
    ("PB-001", "PB-002"),
    ("id: ", "id: X"),
    ("id: X", "id: "),
    ("---\n\n", "redirect_from: [CASE-2024-0009, LS-777]\n---\n\n"),
    ("---\n\n", "contrast: [CASE-2024-0001]\n---\n\n"),
    ("---\n\n", "banned_phrases: [您说的对]\n---\n\n"),
    ("\n## ", "\n请打 0731-88886666。<!-- kb: ignore KB501 公司总机 -->\n\n## "),
    ("\n## ", "\n“您说的对！”见[这里](../../lessons/LS-001.md)和[页](../../guide/new.md)\n\n## "),
    ("\n## ", "\n![图](picture.png)\n\n## "),
    ("客户", "顾客"),
    ("---", "--"),
]
_TEXT_FILES = {
    "cases/guide/new.md": "# 页\n",
    "cases/lessons/LS-777.md": "---\nid: LS-777\ntitle: 新教训\n---\n",
    "cases/playbooks/PB-777.md": "---\nid: PB-777\ntitle: 新预案\nstatus: 已发布\n---\n",
    "cases/resolved/2024/picture.png": "no picture",
    "cases/stray.md": "",
    "site_config/checks.yml": "levels:\n  KB415: off\n",
}
_OF_ONE_SIZE = [
    ("客户", "顾客"),
    ("LS-001", "LS-777"),
    ("LS-777", "LS-001"),
    ("已发布", "己发布"),
    ("title", "tilte"),
]
EDITS = st.one_of(
    st.builds(
        lambda path, piece: _unnoticed(path, *piece),
        st.sampled_from(_DOCUMENTS),
        st.sampled_from(_OF_ONE_SIZE),
    ),
    st.builds(
        lambda path, piece: replaced(path, *piece),
        st.sampled_from(_DOCUMENTS),
        st.sampled_from(_PIECES),
    ),
    st.builds(_deleted, st.sampled_from([*_DOCUMENTS, *_TEXT_FILES])),
    st.builds(lambda file: written(*file), st.sampled_from(sorted(_TEXT_FILES.items()))),
    st.builds(
        lambda path, number: _copied(path, f"cases/resolved/2024/CASE-2024-00{number}.md"),
        st.sampled_from(_DOCUMENTS),
        st.integers(10, 12),
    ),
    st.builds(
        lambda path: _moved(path, f"cases/resolved/2023/{path.rpartition('/')[2]}"),
        st.sampled_from(_DOCUMENTS),
    ),
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.lists(EDITS, min_size=3, max_size=8))
def test_random_edits_come_to_a_fresh_check(edits: list[Edit]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "base"
        shutil.copytree(CORPUS, root)
        shutil.copytree(REPOSITORY / "site_config", root / "site_config", dirs_exist_ok=True)
        watch = _Watch(root)
        watch.agrees()
        for edit in edits:
            edit(root)
            watch.agrees()


@pytest.mark.parametrize(
    "edit",
    [
        _deleted("cases/lessons/LS-001.md"),
        written("cases/guide/new.md", "# 页\n"),
        _copied(CASE, "cases/resolved/2024/CASE-2024-0012.md"),
        replaced("cases/lessons/LS-001.md", "status: 已发布", "status: 草稿"),
    ],
)
def test_what_others_say_changes_with_a_document(root: Path, edit: Edit) -> None:
    """Each of these changes what is said of documents that were not touched, and back."""
    replaced(CASE, "\n## ", "\n见[页](../../guide/new.md)\n\n## ")(root)
    before = {path: path.read_bytes() for path in root.rglob("*.md")}
    watch = _Watch(root)
    watch.agrees()
    edit(root)
    watch.agrees()
    for path in set(root.rglob("*.md")) - set(before):
        path.unlink()
    for path, data in before.items():
        path.write_bytes(data)
    watch.agrees()


def test_only_what_asked_about_the_change_is_run_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[tuple[str, str]] = []
    diagnose = rechecking.diagnose

    def counted(document, context, active, in_force):  # type: ignore[no-untyped-def]
        runs.extend((document.path, each.id) for some in active.values() for each in some)
        return diagnose(document, context, active, in_force)

    monkeypatch.setattr(rechecking, "diagnose", counted)
    followed = FollowedBase(root)
    base = followed.now()
    rechecker = Rechecker(base.settings)
    rechecker.check(base.corpus, TODAY)
    runs.clear()
    rechecker.check(followed.now().corpus, TODAY)
    assert runs == []
    lesson = root / "cases/lessons/LS-001.md"
    lesson.write_text(lesson.read_text(encoding="utf-8") + "\n补一句。\n", encoding="utf-8")
    rechecker.check(followed.now().corpus, TODAY)
    assert ("cases/lessons/LS-001.md", "KB101") in runs
    # The case that names the lesson asks whether it is published, and not for its text.
    assert {path for path, _ in runs} == {"cases/lessons/LS-001.md"}
    runs.clear()
    replaced("cases/lessons/LS-001.md", "status: 已发布", "status: 草稿")(root)
    rechecker.check(followed.now().corpus, TODAY)
    assert (CASE, "KB308") in runs
    assert (CASE, "KB101") not in runs


def test_settings_that_cannot_be_used_are_tried_again(root: Path) -> None:
    asked: list[str] = []

    def known(settings: Settings) -> None:
        asked.append(settings.digest)
        if len(asked) in (2, 3):
            raise KbError("no such rule")

    followed = FollowedBase(root, known)
    before = followed.now()
    written("site_config/checks.yml", "levels:\n  KB415: off\n")(root)
    for _ in range(2):
        with pytest.raises(KbError):
            followed.now()
    after = followed.now()
    assert after.settings.digest == asked[-1] != before.settings.digest


def test_a_question_that_nobody_asks_any_more_is_forgotten(root: Path) -> None:
    followed = FollowedBase(root)
    base = followed.now()
    rechecker = Rechecker(base.settings)
    rechecker.check(base.corpus, TODAY)
    rechecker.known.tidy()
    before = len(rechecker.known.questions.seals)
    lesson = root / "cases/lessons/LS-001.md"
    text = lesson.read_bytes()
    lesson.unlink()
    base = followed.now()
    rechecker.check(base.corpus, TODAY)
    rechecker.known.tidy()
    keys = [key for keys in rechecker.known.questions.numbers.values() for key in keys]
    assert "cases/lessons/LS-001.md" not in keys
    numbers = [
        each for keys in rechecker.known.questions.numbers.values() for each in keys.values()
    ]
    assert sorted(numbers) == list(range(len(rechecker.known.questions.seals)))
    assert 0 < len(numbers) < before
    # And who asked the others is still known: the case that names the lesson.
    lesson.write_bytes(text.replace("已发布".encode(), "草稿".encode()))
    base = followed.now()
    found = rechecker.check(base.corpus, TODAY)
    assert found == rules.check(base.corpus, base.settings, TODAY)
    assert CASE in rechecker.looked_at


def test_nothing_the_context_knows_escapes_the_notes() -> None:
    """A new attribute of the context is asked for through the notes, or named as settled here."""
    known = {field.name for field in fields(Context)} | {
        name
        for name, value in vars(Context).items()
        if isinstance(value, cached_property) or (callable(value) and not name.startswith("_"))
    }
    settled = {"settings", "gate", "personal"}
    assert settled == rechecking._SETTLED
    assert known - settled - {"_personal"} == {
        "corpus", "today", "days_ahead", "documents_by_path", "redirecting", "titled", "copies", "banned", "highest",
        "page_visibility", "page_holders",
    }  # fmt: skip
