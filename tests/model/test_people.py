"""A name is told from a role that isn't declared."""

from __future__ import annotations

import pytest

from kb_builder.model.people import looks_like_name
from kb_builder.model.settings import Settings


@pytest.mark.parametrize(
    "text",
    ["张伟", "王小明", "欧阳娜娜", "李经理", "刘总", "陈师傅", "赵女士", "孙某某", "Wei Zhang"],
)
def test_a_name(text: str) -> None:
    assert looks_like_name(text)


@pytest.mark.parametrize("text", ["", "客服组长", "值班员", "主管", "售后", "CEO", "张", "manager"])
def test_no_name(text: str) -> None:
    assert not looks_like_name(text)


def test_a_declared_role_is_found_before_it_is_taken_for_a_name(settings: Settings) -> None:
    for role in settings.roles:
        for text in (role.label, *role.aliases):
            assert settings.roles.find(text) is role
