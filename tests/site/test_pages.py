"""What stands on the pages of documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import case, lesson
from site_base import BuildSite, MakeBase, read

from kb_builder.model.settings import Settings
from kb_builder.rules import all_rules

PLAYBOOK = """---
id: PB-001
title: 速战速决
status: 已发布
phase: 中期处理
owner: 店长
summary: 答应的事没做到时用，一人拍板，当天登门办妥。
approved_by: 公司高层
reply_hours: 1
resolve_hours: 24
applies_to:
  complaint_type: [服务]
steps:
  - {stage: 情感, action: 听完再道歉, role: 客服专员, within: 立即, say: 是我们失约了。}
  - {stage: 处理, action: 当天登门, role: 店长}
roles:
  - {role: 店长, deputy: 值班经理, duty: 一人拍板}
scripts: [我七点到。]
banned_phrases: [您明天再打]
checklist: [道歉时没有讲原因]
authority_matrix:
  - {authority: 一线, limit: 免费送货}
escalate_to:
  - {when: 半小时内找不到货, role: 公司高层, within_hours: 1}
---

## 适用情形

约好的没做到。

## 要领

先定一个人。

## 常见误区

快而没解决。
"""

STATISTICS = """furniture:
  label: 家具投诉构成
  value: null
  unit: "%"
  base: 2011年受理的家具投诉
  source: 资料未注明
  verified: false
  incomplete: true
  parts:
    - {label: 质量, value: 55.6}
    - {label: 其他, value: 41.9}
"""

COUNTERPOINTS = """- id: C1
  question: 客户永远是对的吗？
  sides:
    - {claim: 能忍则忍, source: 甲书}
    - {claim: 有的可以放弃, source: 乙书}
  ruling: 先假定善意。
  pages: [CASE-2024-0001, LS-001]
"""

GLOSSARY = """- term: 冰山
  aliases: [一比二十九]
  definition: 看得见的少，看不见的多。
  see: [LS-001, LS-999]
- term: 安抚
  definition: 先让客户平静。
"""


def _text(html: str) -> str:
    """The words of the article, in their order."""
    article = html[html.index("<article") : html.index("</article>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", article))


@pytest.fixture
def site_of_all(make_base: MakeBase, build_site: BuildSite) -> Path:
    """A site with one of everything."""
    body = "## 记录\n\n货没到。\n\n## 处理\n\n补送。\n\n## 总结\n\n核对。\n"
    cases = [
        case(
            1,
            body,
            complaint_type="[服务]",
            severity="较重",
            remedy="[道歉, 上门服务]",
            outcome="已解决",
            lessons="[LS-001]",
            playbooks="[PB-001]",
            contrast_with="CASE-2024-0002",
            figures="[{label: 等待, value: 两周（据资料）}]",
            timeline="[{when: 次日, what: 登门, by: 店长}]",
            corrective_actions="[{action: 录单核对, owner: 店长, status: 已完成}]",
            sources="[{title: 甲书, quote: 一天办完, url: 'https://example.com/a'}]",
            incomplete="true",
            escalation="[{stage: 投诉}, {stage: 纠纷, when: 2024-05, sign: 两次上门没有修好}]",
            customer_says="[说好的事一拖再拖]",
        ),
        case(2, case_kind="反面教材", contrast_with="CASE-2024-0001"),
        case(3, related="[CASE-2024-0001]"),
    ]
    root = make_base(
        *cases,
        lesson(statistics="[furniture]", wrong_practice="先争辩。"),
        **{
            "cases/playbooks/PB-001.md": PLAYBOOK,
            "site_config/statistics.yml": STATISTICS,
            "site_config/counterpoints.yml": COUNTERPOINTS,
            "site_config/glossary.yml": GLOSSARY,
        },
    )
    return build_site(root)


def test_a_case_page(site_of_all: Path) -> None:
    html = read(site_of_all, "c/CASE-2024-0001")
    text = _text(html)
    for part in (
        "两周",
        "（据资料）",
        "资料不全",
        "登门",
        "录单核对",
        "客户永远是对的吗？",
        "一天办完",
    ):
        assert part in text, part
    assert 'href="../../browse/severity/serious/"' in html
    assert 'href="../../p/PB-001/"' in html
    assert 'href="../../l/LS-001/"' in html
    assert 'href="https://example.com/a" rel="noopener noreferrer"' in html
    assert re.search(r"道歉.*?</li>.*?上门服务", html, re.DOTALL)
    assert "CASE-2024-0003" in text  # related, written on the other page
    # Six stages, of which three are written.
    process = html[
        html.index('<nav class="kb-process"') : html.index("</nav>", html.index("kb-process"))
    ]
    assert re.findall(r">(\S\S)</a>", process) == ["记录", "处理", "总结"]
    assert re.findall(r">(\S\S)</span>", process) == ["受理", "分析", "反馈"]
    assert re.findall(r'id="(\S+?)" data-n="(\d)"', html) == [
        ("记录", "1"),
        ("处理", "4"),
        ("总结", "6"),
    ]
    assert "《第 1 件投诉》" in text
    way = text[text.index("升级经过") :]
    assert re.search(r"投诉 .*纠纷 2024年5月 两次上门没有修好", way)


def test_what_is_only_for_finding_is_not_shown(site_of_all: Path) -> None:
    """`shown: false` in the schema."""
    for address in ("c/CASE-2024-0001", "cases", "browse"):
        assert "一拖再拖" not in read(site_of_all, address)


def test_a_playbook_page(site_of_all: Path) -> None:
    text = _text(read(site_of_all, "p/PB-001"))
    order = ["答复时限", "什么时候用", "适用情形", "听完再道歉", "是我们失约了。", "说什么", "我七点到。", "您明天再打",
             "要领", "常见误区", "岗位分工", "值班经理", "授权表", "免费送货", "什么时候升级", "1 小时内",
             "核对清单", "用过它的案例", "第 1 件投诉", "引用本页"]  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_a_lesson_page(site_of_all: Path) -> None:
    text = _text(read(site_of_all, "l/LS-001"))
    for part in (
        "先争辩。",
        "先听完，再说话。",
        "家具投诉构成",
        "未核实",
        "原文缺数",
        "97.5%",
        "还差 2.5%",
        "第 1 件投诉",
    ):
        assert part in text, part


def test_the_home_page_shows_the_pair_once(site_of_all: Path) -> None:
    html = read(site_of_all, ".")
    assert html.count('class="kb-versus"') == 1
    assert html.index("CASE-2024-0001") < html.index("CASE-2024-0002")  # what went well comes first
    assert "反复应验的教训" in html


def test_the_glossary_is_in_the_order_of_pinyin(site_of_all: Path) -> None:
    html = read(site_of_all, "glossary")
    assert html.index('id="安抚"') < html.index('id="冰山"')
    assert 'href="../l/LS-001/"' in html
    assert "LS-999" not in html


def test_every_field_and_rule_has_its_place(site_of_all: Path, settings: Settings) -> None:
    html = read(site_of_all, "fields")
    for kind in settings.schema.kinds.values():
        for name in kind.fields:
            assert f'id="{kind.name}-{name}"' in html, name
    for rule in all_rules():
        page = _text(read(site_of_all, f"rules/{rule.id}"))
        assert rule.title.rstrip("。") in page
        assert rule.name in page


def test_a_field_that_an_owner_declares_shows_up(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    root = make_base(
        case(1, shop="城南店", area="南区", visits="[{by: 店长, why: 道歉}, {by: 技师}]")
    )
    (root / "site_config/taxonomy/area.yml").write_text(
        "label: 片区\nvalues:\n  south: {label: 南区}\n", encoding="utf-8"
    )
    schema = root / "site_config/schema.yml"
    text = schema.read_text(encoding="utf-8").replace(
        '      redirect_from: {label: 旧编号, type: text, many: true, max: 20, help: "并入本页的旧编号，',
        "      shop: {label: 门店, type: text}\n"
        "      visits: {label: 上门, type: group, many: true, fields: {by: {label: 谁, type: text}, why: {label: 为何, type: text}}}\n"
        "      area: {label: 片区, type: vocabulary, facet: true}\n"
        '      redirect_from: {label: 旧编号, type: text, many: true, max: 20, help: "并入本页的旧编号，',
    )
    schema.write_text(text, encoding="utf-8")
    output = build_site(root)
    page = _text(read(output, "c/CASE-2024-0001"))
    assert "城南店" in page
    assert "片区 南区" in page
    assert "上门 店长 · 道歉 技师" in page
    assert (output / "browse/area/south/index.html").is_file()


def test_a_document_without_a_summary_is_listed_with_its_beginning(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    output = build_site(make_base(case(1, "## 记录\n\n**货**没到。\n", summary="")))
    assert "<p>货没到。</p>" in read(output, "cases")
