"""Where relative links lead."""

from __future__ import annotations

import pytest

from kb_builder.site.links import Resolver, Targets

TARGETS = Targets(
    files={
        "cases/playbooks/PB-004.md": "p/PB-004/",
        "cases/guide/index.md": "guide/",
        "cases/index.md": "",
    },
    addresses=frozenset({"p/PB-004/", "guide/", "", "glossary/", "c/CASE-2024-0001/"}),
    picture=lambda path: "media/a.png" if path == "cases/resolved/2024/a.png" else None,
)


def _resolver() -> Resolver:
    return Resolver(TARGETS, "cases/resolved/2024/CASE-2024-0001.md", "c/CASE-2024-0001/")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("../../playbooks/PB-004.md", "../../p/PB-004/"),
        ("../../playbooks/PB-004.md#要领", "../../p/PB-004/#要领"),
        ("../../playbooks/%50B-004.md", "../../p/PB-004/"),
        ("../../guide/index.md", "../../guide/"),
        ("../../index.md", "../../"),
        ("../../glossary/", "../../glossary/"),
        ("a.png", "../../media/a.png"),
        ("#记录", "#记录"),
    ],
)
def test_links_that_lead_somewhere(written: str, expected: str) -> None:
    resolver = _resolver()
    assert resolver(written) == expected
    assert not resolver.broken


@pytest.mark.parametrize(
    "written",
    [
        "PB-004.md",
        "../../playbooks/PB-999.md",
        "../../../../etc/passwd",
        "b.png",
        "/p/PB-004/x",
        "x/",
    ],
)
def test_links_that_lead_nowhere_are_dropped_and_noted(written: str) -> None:
    resolver = _resolver()
    assert resolver(written) is None
    assert resolver.broken == [written]


def test_the_home_page_links_downwards() -> None:
    resolver = Resolver(TARGETS, "cases/index.md", "")
    assert resolver("playbooks/PB-004.md") == "p/PB-004/"
    assert resolver("index.md") == "./"
