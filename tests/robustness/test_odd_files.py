"""T6: a FIFO, a device, a folder or a link in the place of a file of the base: nothing waits for it or reads it."""

from __future__ import annotations

import os
import re
from itertools import cycle
from pathlib import Path

import pytest
from bases import case, make_base
from breaking import Outcome, broken
from documents import lesson
from odd import HUNG, LIMIT, UNREAD, Put, full_folder

from kb_builder import loader, storage
from kb_builder.cli import main
from kb_builder.diagnostics import KbError

SECRET = "四七一一"


def outside(path: Path) -> None:
    """A link to a file that another could read, but who publishes the base not."""
    target = path.parents[len(path.parts) - path.parts.index("base") - 1] / "outside.yml"
    target.write_text(f"{SECRET}: {SECRET}\n", encoding="utf-8")
    path.symlink_to(target)


LINKS: dict[str, Put] = UNREAD | {"outside": outside}
ODD: dict[str, Put] = LINKS | {"folder": full_folder}
PAGE = "cases/guide/page.md"
SETTINGS = (
    "site_config/schema.yml", "site_config/roles.yml", "site_config/taxonomy/category.yml", "site_config/privacy.yml",
    "site_config/dictionary.txt", "site_config/synonyms.txt", "site_config/glossary.yml", "site_config/cues.yml",
    "site_config/audiences.yml",
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = make_base(tmp_path / "base", dict([case(1, lessons="[LS-001]"), lesson(1)]))
    (made / PAGE).parent.mkdir()
    (made / "cases/index.md").write_text("# 首页\n", encoding="utf-8")
    return made


def run(root: Path, *words: str, limit: float = LIMIT) -> Outcome:
    return broken(
        lambda: main(["--root", str(root), *words]), root.parent / f"run {words[0]}", after=limit
    )


def build(root: Path) -> Outcome:
    return run(root, "build", "--output", str(root.parent / "site"))


def put_instead(path: Path, put: Put) -> None:
    storage.remove(path)
    put(path)


@pytest.mark.parametrize("name", LINKS)
def test_a_page_that_is_no_file_is_not_waited_for(root: Path, name: str) -> None:
    LINKS[name](root / PAGE)
    (page,) = (page for page in loader.hand_pages(root) if page.path == PAGE)
    assert re.search("[是不].*，不读取", page.problem)
    assert page.body == ""
    for outcome in (run(root, "check"), build(root)):
        assert outcome.code in (1, 2), outcome.said
        assert PAGE in outcome.said
        assert SECRET not in outcome.said
        assert "Traceback" not in outcome.said


def test_a_folder_named_like_a_page_is_a_folder(root: Path) -> None:
    full_folder(root / PAGE)
    assert run(root, "check").code == 0
    assert build(root).code == 0


@pytest.mark.parametrize(
    ("path", "name"),
    # Each file with one of them, and one file with each.
    sorted({*zip(SETTINGS, cycle(ODD)), *((SETTINGS[0], name) for name in ODD)}),
)
def test_settings_that_are_no_file_are_an_error(root: Path, path: str, name: str) -> None:
    put_instead(root / path, ODD[name])
    # In a child: this may be what hangs.
    outcome = broken(lambda: loader.load(root) and None, root.parent / "run", after=LIMIT)
    assert outcome.code == 2, outcome.said
    assert f"读不了 {path}：" in outcome.said
    assert SECRET not in outcome.said


def test_a_folder_of_settings_that_is_a_link_is_an_error(root: Path) -> None:
    folder = root / "site_config/taxonomy"
    folder.rename(root.parent / "taxonomy")
    folder.symlink_to(root.parent / "taxonomy")
    with pytest.raises(
        KbError, match=r"读不了 site_config/taxonomy/\w+\.yml：在符号链接的文件夹里"
    ):
        loader.load_settings(root)


def test_what_nobody_needs_stops_nothing(root: Path) -> None:
    for path in ("site_config/notes", "site_config/imports/my", "cases/lessons/a"):
        ending = "png" if path.startswith("cases") else "yml"
        (root / path).parent.mkdir(exist_ok=True)
        for name, put in ODD.items():
            put(root / f"{path}-{name}.{ending}")
    for outcome in (run(root, "check"), build(root)):
        assert outcome.code == 0, outcome.said
        assert "Traceback" not in outcome.said
    assert not any(
        SECRET.encode() in path.read_bytes()
        for path in (root.parent / "site").rglob("*")
        if path.is_file()
    )


@pytest.mark.parametrize("name", ODD)
def test_a_configuration_of_the_site_that_is_no_file_is_an_error(root: Path, name: str) -> None:
    put_instead(root / "mkdocs.yml", ODD[name])
    assert run(root, "check").code == 0
    outcome = build(root)
    assert outcome.code == 2, outcome.said
    assert "mkdocs.yml 是符号链接，或不是普通文件" in outcome.said
    assert SECRET not in outcome.said


@pytest.mark.parametrize("name", LINKS)
def test_a_template_that_is_no_file_is_an_error(root: Path, name: str) -> None:
    path = "site_config/templates/lesson.md"
    (root / path).parent.mkdir(exist_ok=True)
    put_instead(root / path, LINKS[name])
    given = ["--title", "先道歉再解释", "--lesson-kind", "理念", "--owner", "客服主管"]
    outcome = run(root, "new", "lesson", *given)
    assert outcome.code == 2, outcome.said
    assert f"读不了 {path}：" in outcome.said


@pytest.mark.parametrize("words", [("fmt",), ("check", "--fix")])
def test_what_rewrites_pages_leaves_what_is_no_file(root: Path, words: tuple[str, ...]) -> None:
    for number, put in enumerate(LINKS.values(), 2):
        put(root / f"cases/lessons/LS-00{number}.md")
    outcome = run(root, *words)
    assert outcome.code in (0, 1), outcome.said
    assert "Traceback" not in outcome.said
    assert (root / "cases/lessons/LS-002.md").is_fifo()
    assert (root / "cases/lessons/LS-004.md").is_symlink()
    assert SECRET in (root.parent / "outside.yml").read_text("utf-8")


@pytest.mark.parametrize("words", [("stats", "体检", "--missed"), ("synonyms", "suggest")])
def test_a_file_without_an_end_is_refused(root: Path, words: tuple[str, ...]) -> None:
    outcome = run(root, *words, "/dev/zero")
    assert outcome.code == 2, outcome.said
    assert "超过 1 MB" in outcome.said


def test_a_map_without_an_end_is_refused(root: Path) -> None:
    (root.parent / "rows.csv").write_text("编号\n1\n", encoding="utf-8")
    outcome = run(root, "import", str(root.parent / "rows.csv"), "--map", "/dev/zero")
    assert outcome.code == 2, outcome.said
    assert "超过 1 MB" in outcome.said


def test_what_a_user_names_may_be_a_pipe(root: Path) -> None:
    """As `--map <(…)` and `--missed <(…)` are."""
    reader, writer = os.pipe()
    os.write(writer, b'{"format": 1, "queries": []}')
    os.close(writer)
    try:
        outcome = run(root, "stats", "体检", "--missed", f"/dev/fd/{reader}")
    finally:
        os.close(reader)
    assert outcome.code == 0, outcome.said


def test_read_as_any_file_it_hangs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    os.mkfifo(root / PAGE)
    monkeypatch.setattr(storage, "read", lambda path, _limit=None: Path(path).read_bytes())
    assert run(root, "check", limit=10).code == HUNG
