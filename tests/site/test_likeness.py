"""The list 相似案例 on the page of a case: what the program finds, and the editors' last word."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from documents import case
from site_base import BuildSite, MakeBase, read

SEATS = "## 记录\n\n客户预付座椅套两周，到店才知道没有订货，当晚登门安装座椅套。第{}次。\n"
METER = "## 记录\n\n电表跳闸，物业推给供电所，楼道停电三晚，孩子摔伤。\n"


def similar(folder: Path, number: int) -> list[tuple[str, bool]]:
    """The ids in the list of a case, and whether each is marked as confirmed."""
    page = read(folder, f"c/CASE-2024-{number:04d}")
    block = re.search(r'<h2 id="相似案例".*?</section>', page, re.S)
    cards = re.findall(r'<a class="kb-card".*?</a>', block[0] if block else "", re.S)
    return [(re.findall(r"CASE-2024-\d+", card)[0], "编辑确认" in card) for card in cards]


def files(**fields: str) -> list[tuple[str, str]]:
    """Three cases of seat covers and one of a power cut; `fields` are those of the third."""
    summary = "电表跳闸三晚，物业推给供电所，最后连夜接线。"
    return [
        case(1, SEATS.format("一"), title="座椅套漏单"),
        case(2, SEATS.format("二"), title="座椅套没有货"),
        case(3, SEATS.format("三"), title="座椅套缺货", **fields),
        case(4, METER, title="停电三晚", summary=summary),
    ]


def test_like_cases_are_found_and_unlike_ones_are_not(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    site = build_site(make_base(*files()))
    assert {id_ for id_, _ in similar(site, 1)} == {"CASE-2024-0002", "CASE-2024-0003"}
    assert similar(site, 4) == []
    assert "相似案例" not in read(site, "c/CASE-2024-0004")


def test_confirmed_ones_come_first_and_say_so(make_base: MakeBase, build_site: BuildSite) -> None:
    site = build_site(make_base(*files(related="[CASE-2024-0004]")))
    assert similar(site, 3)[0] == ("CASE-2024-0004", True)
    assert {(id_, sure) for id_, sure in similar(site, 3)[1:]} == {
        ("CASE-2024-0001", False),
        ("CASE-2024-0002", False),
    }
    # Written on one page, it is on both.
    assert similar(site, 4) == [("CASE-2024-0003", True)]


@pytest.mark.parametrize("number", [1, 3])
def test_a_veto_counts_on_both_pages(
    make_base: MakeBase, build_site: BuildSite, number: int
) -> None:
    site = build_site(make_base(*files(not_related="[CASE-2024-0001]")))
    other = f"CASE-2024-{4 - number:04d}"
    found = [id_ for id_, _ in similar(site, number)]
    assert other not in found
    assert "CASE-2024-0002" in found


def test_a_confirmed_case_is_listed_once(make_base: MakeBase, build_site: BuildSite) -> None:
    site = build_site(make_base(*files(related="[CASE-2024-0001]")))
    assert similar(site, 1).count(("CASE-2024-0003", True)) == 1
    assert [id_ for id_, _ in similar(site, 1)].count("CASE-2024-0003") == 1


def _changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [None, _changed, Path.unlink])
def test_what_is_kept_of_the_last_time_changes_nothing(
    make_base: MakeBase, build_site: BuildSite, damage: Callable[[Path], None] | None
) -> None:
    base = make_base(*files())
    build_site(base)
    kept = base / ".kb" / "likeness"
    before = kept.read_bytes()
    if damage:
        damage(kept)
    page = next(base.glob("cases/resolved/*/CASE-2024-0004.md"))
    page.write_text(page.read_text(encoding="utf-8").replace("电表跳闸", "座椅套漏单"), "utf-8")
    warm = [similar(build_site(base), number) for number in range(1, 5)]
    assert kept.read_bytes() != before
    after = kept.read_bytes()
    kept.unlink()
    page.write_text(page.read_text(encoding="utf-8") + "\n", "utf-8")
    assert [similar(build_site(base), number) for number in range(1, 5)] == warm
    assert warm[0]
    assert kept.read_bytes() == after
