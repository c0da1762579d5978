"""A warm build gives the bytes of a cold one, whatever was changed in between."""

from __future__ import annotations

import datetime
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from documents import case, lesson
from site_base import MakeBase

from kb_builder import pipeline
from kb_builder.site import Record

TODAY = datetime.date(2026, 11, 22)
SEATS = (
    "## 记录\n\n客户预付座椅套两周，到店才知道没有订货，第{}次。见[另一件](CASE-2024-{:04d}.md)。\n"
)


@pytest.fixture
def base(make_base: MakeBase) -> Path:
    """Eight cases that are like each other, with links and references, and two lessons."""
    cases = [
        case(
            n, SEATS.format(n, n % 5 + 1), title=f"座椅套漏单{n}", lessons="[LS-001]", status="草稿"
        )
        for n in range(1, 9)
    ]
    return make_base(*cases, lesson(1, status="草稿"), lesson(2, status="草稿"))


def _build(
    root: Path, output: Path, *, search: bool = False, day: datetime.date = TODAY
) -> dict[str, bytes]:
    built = pipeline.build(
        root, output, today=day, with_index=False, with_search=search, drafts=True
    )
    assert not built.stopped, built.diagnostics
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file()
    }


def _path(root: Path, number: int) -> Path:
    return root / f"cases/resolved/2024/CASE-2024-{number:04d}.md"


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _edit(root: Path) -> None:
    _replace(_path(root, 1), "到店才知道没有订货", "到店才知道压根没有订货，物业也推给别人")


def _retitle(root: Path) -> None:
    _replace(_path(root, 2), "座椅套漏单2", "座椅套两周没有货")


def _relate(root: Path) -> None:
    _replace(_path(root, 3), "owner:", "related: [CASE-2024-0005]\nowner:")


def _veto(root: Path) -> None:
    _replace(_path(root, 4), "owner:", "not_related: [CASE-2024-0006]\nowner:")


def _rename(root: Path) -> None:
    _replace(_path(root, 8), "CASE-2024-0008", "CASE-2024-0009")
    _path(root, 8).rename(_path(root, 9))


def _delete(root: Path) -> None:
    _path(root, 7).unlink()


def _summarise(root: Path) -> None:
    _replace(root / "cases/lessons/LS-001.md", "先处理情感", "先听客户说完，先处理情感")


def _reclassify(root: Path) -> None:
    _replace(_path(root, 5), "正面典范", "反面教材")


def _learn_word(root: Path) -> None:
    (root / "site_config/dictionary.txt").write_text("漏单\n", encoding="utf-8")


def _rename_site(root: Path) -> None:
    _replace(root / "mkdocs.yml", "测试库", "另一个库")


def _add(root: Path) -> None:
    """A case that is more like the first one than any other, and so takes a place in its list."""
    text = _path(root, 1).read_text(encoding="utf-8").replace("CASE-2024-0001", "CASE-2024-0010", 1)
    _path(root, 10).write_text(text, encoding="utf-8")


CHANGES: list[Callable[[Path], None]] = [
    _edit, _retitle, _relate, _veto, _rename, _delete, _summarise, _reclassify, _learn_word, _rename_site,
]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_a_warm_build_gives_the_bytes_of_a_cold_one(base: Path, tmp_path: Path, seed: int) -> None:
    _build(base, tmp_path / "warm", search=seed == 1)
    order = random.Random(seed).sample(CHANGES, len(CHANGES))
    for number, changes in enumerate(([_add], order[:3], order[3:])):
        for change in changes:
            change(base)
        warm = _build(base, tmp_path / "warm", search=seed == 1)
        cold = tmp_path / f"cold{number}"
        shutil.copytree(base, cold, ignore=shutil.ignore_patterns(".kb"))
        expected = _build(cold, cold / "site", search=seed == 1)
        wrong = {
            path for path in warm.keys() | expected.keys() if warm.get(path) != expected.get(path)
        }
        assert not wrong, [change.__name__ for change in changes]


def test_only_pages_that_may_differ_are_made_again(base: Path, tmp_path: Path) -> None:
    _build(base, tmp_path / "site")
    before = {path: path.stat().st_ino for path in (tmp_path / "site/c").rglob("*.html")}
    _replace(base / "cases/lessons/LS-002.md", "先处理情感", "先听完，先处理情感")
    _build(base, tmp_path / "site")
    assert {path: path.stat().st_ino for path in before} == before
    _edit(base)
    _build(base, tmp_path / "site")
    made = {path.parent.name for path in before if path.stat().st_ino != before[path]}
    assert "CASE-2024-0001" in made


def _made_again(root: Path, output: Path, change: Callable[[Path], None]) -> set[str]:
    """The pages that neither are of a document nor were taken from the site before."""
    _build(root, output)
    before = {path: path.stat().st_ino for path in output.rglob("index.html")}
    change(root)
    _build(root, output)
    made = {path for path in before if path.exists() and path.stat().st_ino != before[path]}
    return {path.relative_to(output).parent.as_posix() for path in made} - {"."}


def test_a_body_makes_no_list_again(base: Path, tmp_path: Path) -> None:
    made = _made_again(base, tmp_path / "site", _edit)
    others = {address for address in made if not address.startswith(("c/", "l/"))}
    assert others <= {"reports/warning", "training"}


def test_a_title_makes_only_the_lists_again_that_show_it(base: Path, tmp_path: Path) -> None:
    _replace(_path(base, 1), "[投诉电话]", "[电子邮件]")
    _replace(_path(base, 2), "[投诉电话]", "[电子邮件]")
    made = _made_again(base, tmp_path / "site", _retitle)
    lists = {address for address in made if address.startswith(("cases", "browse", "lessons"))}
    assert "cases" in lists
    assert "browse/channel/email" in lists
    assert "browse/channel/phone" not in lists
    assert "lessons" not in lists


def test_the_day_makes_reports_again(base: Path, tmp_path: Path) -> None:
    before = _build(base, tmp_path / "site")
    after = _build(base, tmp_path / "site", day=TODAY + datetime.timedelta(days=1))
    changed = {path for path in before if before[path] != after[path]}
    assert "reports/overview/index.html" in changed
    assert all(path.startswith(("reports/", "index.html", "kb-", "_headers")) for path in changed)


def test_a_record_comes_back_as_it_was(base: Path, tmp_path: Path) -> None:
    _build(base, tmp_path / "site")
    (path,) = (path for path in (base / ".kb" / "sites").iterdir() if not path.suffix)
    record = Record.decode(path.read_bytes())
    assert record.pages
    assert record.parts
    assert Record.decode(record.encode()) == record
    assert record.by(record.program) is record
    assert record.by("another") == record.by("") == Record()
    assert not record.of("another").parts


def test_a_page_that_somebody_changed_is_not_taken_over(base: Path, tmp_path: Path) -> None:
    right = _build(base, tmp_path / "site")
    page = tmp_path / "site/c/CASE-2024-0003/index.html"
    page.write_bytes(page.read_bytes().replace("座椅套".encode(), "座椅垫".encode()))
    _replace(_path(base, 1), "到店才知道", "到店时知道")
    found = _build(base, tmp_path / "site")
    assert found["c/CASE-2024-0003/index.html"] == right["c/CASE-2024-0003/index.html"]


def test_a_damaged_record_counts_as_none(base: Path, tmp_path: Path) -> None:
    _build(base, tmp_path / "site")
    (record,) = (path for path in (base / ".kb" / "sites").iterdir() if not path.suffix)
    assert Record.decode(record.read_bytes()).pages
    record.write_bytes(record.read_bytes().replace(b"CASE-2024-0001", b"CASE-2024-0002"))
    assert Record.decode(record.read_bytes()) == Record()
    _replace(_path(base, 1), "到店才知道", "到店时知道")
    page = _build(base, tmp_path / "site")["c/CASE-2024-0001/index.html"].decode()
    assert "到店时知道" in page
