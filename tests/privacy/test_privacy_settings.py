"""`site_config/privacy.yml`: what is read, what is refused, and what is no longer needed."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from kb_builder import loader, rules
from kb_builder.diagnostics import KbError, Span
from kb_builder.model.privacy import Numbering, Privacy, Reviewed

TODAY = datetime.date(2024, 6, 30)


def settings_with(root: Path, text: str) -> Privacy:
    (root / "site_config/privacy.yml").write_text(text, encoding="utf-8")
    return loader.load_settings(root).privacy


def test_everything_is_read(root: Path) -> None:
    found = settings_with(
        root,
        'numbers: [{label: 工单, forms: ["GD-#####"], after: [工单号]}]\n'
        "domains: ['@Shop.cn']\npeople: [雷锋]\nfields: [sources.author]\n"
        "reviewed:\n  - {value: 0731-88880000, reason: 公司总机, by: 客服主管}\n",
    )
    assert found == Privacy(
        numbers=(Numbering("工单", ("GD-#####",), ("工单号",)),),
        domains=("shop.cn",),
        people=("雷锋",),
        fields=("sources.author",),
        reviewed=(Reviewed("0731-88880000", "公司总机", "客服主管", Span(6, 13, 13)),),
        path="site_config/privacy.yml",
    )


def test_without_the_file_nothing_is_declared(root: Path) -> None:
    (root / "site_config/privacy.yml").unlink()
    assert loader.load_settings(root).privacy == Privacy(path="site_config/privacy.yml")


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("numbers: [{label: 工单}]", "1:11", "forms 或 after"),
        ('numbers: [{label: 工单, forms: ["G-##"]}]', "1:30", "至少要有 5 个"),
        ("reviewed: [{value: 88880000, reason: 总机}]", "1:12", "三项都要写"),
        ("phones: []", "1:1", "不认识“phones”"),
    ],
)
def test_what_cannot_be_used_is_refused(root: Path, text: str, place: str, reason: str) -> None:
    with pytest.raises(KbError, match=reason) as caught:
        settings_with(root, text)
    assert f"privacy.yml:{place}: " in str(caught.value)


def check(root: Path) -> list[str]:
    base = loader.load(root)
    found = rules.check(base.corpus, base.settings, TODAY)
    return [f"{each.path}:{each.span.line} {each.rule}" for each in found if "KB5" in each.rule]


def test_a_reviewed_value_is_needed_while_it_is_written(root: Path) -> None:
    settings_with(root, "reviewed:\n- {value: 0731-88880000, reason: 公司总机, by: 客服主管}\n")
    assert check(root) == ["site_config/privacy.yml:2 KB520"]
    path = root / "cases/playbooks/PB-001.md"
    path.write_text(path.read_text("utf-8") + "\n请打 0731 8888 0000。\n", encoding="utf-8")
    assert check(root) == []


def test_the_hand_written_pages_and_settings_of_this_repository_are_clean(root: Path) -> None:
    repository = Path(__file__).parents[2]
    base = loader.load(repository)
    gate = rules.personal.gate_of(base.settings)
    for page in loader.hand_pages(repository):
        assert gate.find(page.body) == (), page.path
