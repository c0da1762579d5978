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
    site_url="https://kb.example.org/base/",
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


@pytest.mark.parametrize(
    ("url", "below"),
    [
        ("https://kb.example.org/base/p/PB-004/", "p/PB-004/"),
        ("HTTP://KB.Example.org/base/p/%50B-004/?x#y", "p/PB-004/"),
        ("https://kb.example.org/base", ""),
        ("https://kb.example.org/based/p/PB-004/", None),
        ("https://kb.example.org/p/PB-004/", None),
        ("https://example.org/base/p/PB-004/", None),
        ("mailto:a@kb.example.org/base/", None),
        ("p/PB-004/", None),
    ],
)
def test_an_address_of_the_site_itself_is_told_from_others(url: str, below: str | None) -> None:
    assert _resolver().below(url) == below


def test_a_whole_address_stays_and_is_noted_where_the_site_has_no_such_page() -> None:
    resolver = _resolver()
    here = "https://kb.example.org/base"
    urls = [f"{here}/p/PB-004/#x", f"{here}/p/PB-009/", "https://example.org/p/PB-009/", "mailto:x"]
    assert [resolver(url) for url in urls] == urls
    assert resolver.strays == [f"{here}/p/PB-009/"]
    assert resolver.broken == []


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("../../playbooks/PB-004.md", True),
        ("../../p/PB-004/", True),
        ("/p/PB-004/", True),
        ("../CASE-2024-0001", True),
        ("https://kb.example.org/base/p/PB-004", True),
        ("https://example.org/base/p/PB-004/", False),
        ("../../playbooks/PB-009.md", False),
        ("mailto:p/PB-004/", False),
    ],
)
def test_whether_a_link_leads_to_one_of_them(url: str, leads: bool) -> None:
    assert _resolver().leads(url) == leads
