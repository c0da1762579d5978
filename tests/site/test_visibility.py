"""Pages that aren't for all say who may see them, on the sites that hold them and on no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import case, lesson
from site_base import MakeBase, read

from kb_builder import loader, site
from kb_builder.model.audience import Audience

_BADGE = re.compile(r'<span class="kb-badge kb-visibility" title="([^"]+)">([^<]+)</span>')
_PLAYBOOK = (
    "cases/playbooks/PB-001.md",
    "---\nid: PB-001\ntitle: 总流程\nstatus: 已发布\nvisibility: 内部\nphase: 中期处理\nowner: 店长\n"
    "summary: 不知道用哪份预案时从这里开始。\n---\n\n## 适用情形\n\n都可以。\n",
)
_APART = ("site_config/audiences.yml", "default: public\n")
_HOME = ("cases/index.md", "---\nvisibility: 公开\n---\n# 知识库\n")


def _build(root: Path, audience: Audience) -> Path:
    output = root.parent / audience.value
    base = loader.for_audience(loader.load(root), audience)
    site.build(base, output, search=False, unpublishable=frozenset())
    return output


@pytest.fixture
def root(make_base: MakeBase) -> Path:
    return make_base(
        _APART,
        _HOME,
        case(1, visibility="公开"),
        case(2, visibility="internal"),
        lesson(1, visibility="限制"),
        _PLAYBOOK,
    )


def test_a_page_says_who_may_see_it(root: Path) -> None:
    whole = _build(root, Audience.ALL)
    for address, label in (
        ("c/CASE-2024-0002", "内部"),
        ("p/PB-001", "内部"),
        ("l/LS-001", "限制"),
    ):
        html = read(whole, address)
        ((title, shown),) = _BADGE.findall(html)
        assert shown == label
        assert "看得到" in title
        # Below the title, where one looks first.
        assert html.index("</h1>") < html.index("kb-visibility") < html.index("kb-meta")
    assert not _BADGE.search(read(whole, "c/CASE-2024-0001"))


def test_the_public_site_has_none_of_it(root: Path) -> None:
    assert "kb-visibility" in read(_build(root, Audience.INTERNAL), "c/CASE-2024-0002")
    pages = list(_build(root, Audience.PUBLIC).rglob("*.html"))
    assert pages
    assert not [page for page in pages if "kb-visibility" in page.read_text("utf-8")]


def test_where_no_audiences_are_kept_apart_nothing_is_claimed(root: Path) -> None:
    (root / _APART[0]).unlink()
    assert not _BADGE.search(read(_build(root, Audience.ALL), "c/CASE-2024-0002"))


def test_the_home_page_leads_managers_and_trainers_on(root: Path) -> None:
    html = read(_build(root, Audience.ALL), "")
    panel = html[html.index('id="给管理者"') :]
    heading = panel[: panel.index("</header>")]
    assert re.findall('href="([^"]*)"', heading) == ["reports/", "training/"]
