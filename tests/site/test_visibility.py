"""Pages that aren't for all say who may see them, on the sites that hold them and on no other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from documents import case, lesson
from site_base import MakeBase, read

from kb_builder import loader, site
from kb_builder.model.audience import Audience
from kb_builder.model.schema import FieldSpec, Schema

_BADGE = re.compile(r'<span class="kb-badge kb-visibility" title="([^"]+)">([^<]+)</span>')
_PLAYBOOK = (
    "cases/playbooks/PB-001.md",
    "---\nid: PB-001\ntitle: 处理总流程\napproved_by: 店长\nstatus: 已发布\nvisibility: 内部\nphase: 中期处理\nowner: 店长\n"
    "summary: 不知道用哪份预案时从这里开始，先听先安抚，再办事。\n---\n\n## 适用情形\n\n都可以。\n",
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


_GROUPS = {
    "escalation": "[{stage: 投诉, when: 2024-01-02, sign: 说要发帖}]",
    "timeline": "[{when: 次日, what: 客户来电话, by: 店长}]",
    "figures": "[{label: 损失数, value: 三百元}]",
    "follow_up": "[{when: 一周后, what: 客户满意了, by: 店长}]",
    "corrective_actions": "[{action: 加一道核对, kind: 流程, owner: 店长, due: 2024-02-03, status: 已完成, done_on: 2024-02-02}]",
    "sources": "[{title: 一本书, author: 某作者, published: 1999, url: 'https://example.org/书', doi: 10.1/书, quote: 引一句}]",
}  # fmt: skip
_GROUPS_OF_PLAYBOOK = {
    "steps": "[{stage: 情感, action: 先听完, role: 店长, within: 接触后立即, say: 您慢慢说}]",
    "roles": "[{role: 店长, deputy: 值班经理, duty: 开口前数三下}]",
    "authority_matrix": "[{authority: 一线, limit: 当场道歉}]",
    "escalate_to": "[{when: 有人受了伤, role: 店长, within_hours: 7}]",
    "applies_to": "{severity: [较重], channel: [投诉电话]}",
}


@pytest.mark.parametrize("place", range(6))
def test_a_field_inside_a_group_may_be_internal(make_base: MakeBase, place: int) -> None:
    """Whichever it is: the first of each group, the second …"""
    path, playbook = _PLAYBOOK
    lines = "".join(f"{name}: {value}\n" for name, value in _GROUPS_OF_PLAYBOOK.items())
    playbook = playbook.replace("visibility: 内部\n", f"visibility: 公开\n{lines}")
    root = make_base(_APART, _HOME, case(1, visibility="公开", **_GROUPS), (path, playbook))
    base = loader.load(root)
    assert not [fault for document in base.corpus.documents for fault in document.faults]
    schema = Schema(
        {
            name: replace(kind, fields=_with_internal(kind.fields, place))
            for name, kind in base.settings.schema.kinds.items()
        }
    )
    settings = replace(base.settings, schema=schema)
    base = replace(base, settings=settings, corpus=loader.load_corpus(root, schema))
    shown = {}
    for audience in (Audience.ALL, Audience.PUBLIC):
        output = root.parent / audience.value
        narrowed = loader.for_audience(base, audience)
        site.build(narrowed, output, search=False, unpublishable=frozenset())
        shown[audience] = read(output, "c/CASE-2024-0001") + read(output, "p/PB-001")
    hidden = [
        value
        for text in (*_GROUPS.values(), *_GROUPS_OF_PLAYBOOK.values())
        for at, (_, value) in enumerate(re.findall(r"(\w+): ([^,{}\[\]]+)", text))
        # What stands in one place only can be told from the rest.
        if at == place and len(value) > 2 and value in shown[Audience.ALL]
    ]
    assert hidden or place == 5
    assert [value for value in hidden if value in shown[Audience.PUBLIC]] == []


def _with_internal(fields: Mapping[str, FieldSpec], place: int) -> dict[str, FieldSpec]:
    """The fields; in each group the one at this place is internal."""
    found = {}
    for name, spec in fields.items():
        inner = {
            key: replace(each, internal=True) if at == place else each
            for at, (key, each) in enumerate((spec.fields or {}).items())
        }
        found[name] = replace(spec, fields=inner) if spec.fields else spec
    return found
