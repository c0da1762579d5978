"""A stamped page is the page that the theme itself would have made."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

import pytest
from documents import case
from markupsafe import Markup
from mkdocs.commands.build import get_context
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from site_base import MKDOCS, BuildSite, MakeBase

from kb_builder.site import plugin
from kb_builder.site.markdown import EXTENSIONS, OPTIONS, Heading
from kb_builder.site.pages import SitePage
from kb_builder.site.shell import NavLink, Shell

TOC = (
    Heading("记录", "记录", (Heading("细节", "细节 & 其他"), Heading("再", "再"))),
    Heading("总结", "总结"),
)
CONTENT = '<h1>标题</h1>\n<h2 id="记录">记录</h2><p>文</p>'


class _Seen(Shell):
    """Keeps what it was made of."""

    last: tuple[Any, ...] = ()

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        type(self).last = (self, *arguments)


@pytest.fixture(params=["", "site_url: https://kb.example/sub/\n"])
def made(
    request: pytest.FixtureRequest,
    make_base: MakeBase,
    build_site: BuildSite,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[Any, ...]:
    """A shell with the environment, configuration, files and navigation of a real build."""
    monkeypatch.setattr(plugin, "Shell", _Seen)
    guide = {"cases/guide/index.md": "---\ntitle: 指南页\n---\n文\n"}
    build_site(make_base(case(), mkdocs=MKDOCS + request.param, **guide))
    return _Seen.last


def _links(headings: tuple[Heading, ...], level: int) -> list[AnchorLink]:
    found = []
    for heading in headings:
        link = AnchorLink(heading.title.replace("&", "&amp;"), heading.id, level)
        link.children = _links(heading.children, level + 1)
        found.append(link)
    return found


def _by_theme(made: tuple[Any, ...], page: SitePage) -> str:
    """The page as the theme renders it when MkDocs knows it."""
    _, environment, config, files, nav, policy = made
    file = File.generated(config, f"{page.address}index.md", content="")
    known = Page(None, file, config)
    known.content = str(page.content)
    known.meta = {"title": page.title, "description": page.description, "hide": ["navigation"]}
    if page.toc:
        known.toc = TableOfContents(_links(page.toc, 2))
    else:
        known.meta["hide"].append("toc")
    for item in nav.items:
        if isinstance(item, NavLink):
            item.active = item.section == page.section
    context: Any = get_context(nav, files, config, known)
    html: str = environment.get_template("main.html").render(context)
    for item in nav.items:
        if isinstance(item, NavLink):
            item.active = False
    return str(policy.page(html))


def _normal(html: str, address: str) -> str:
    """The page with white space and links in one form: `../cases/` on `cases/` is also `./`."""
    html = re.sub(
        r'(href|src)="([^"#]*)',
        lambda found: f'{found[1]}="{urljoin(f"http://site/{address}", found[2])}',
        html,
    )
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", html)).strip()


@pytest.mark.parametrize("address", ["cases/", "c/CASE-2024-0001/", "browse/severity/major/2/"])
@pytest.mark.parametrize("toc", [(), TOC, TOC[1:]])
@pytest.mark.parametrize("section", ["", "cases", "browse"])
def test_a_stamped_page_is_what_the_theme_renders(
    made: tuple[Any, ...], address: str, toc: tuple[Heading, ...], section: str
) -> None:
    page = SitePage(address, "标题", "一句话", Markup(CONTENT), section, toc)
    assert _normal(made[0].stamp(page), address) == _normal(_by_theme(made, page), address)


def test_the_comparison_sees_a_difference(made: tuple[Any, ...]) -> None:
    page = SitePage("cases/", "标题", "一句话", Markup(CONTENT), "cases", TOC)
    other = SitePage("cases/", "标题", "一句话", Markup(CONTENT), "browse", TOC)
    assert _normal(made[0].stamp(page), "") != _normal(_by_theme(made, other), "")


def test_title_and_headings_are_escaped(made: tuple[Any, ...]) -> None:
    hostile = '</title><img src=x onerror="alert(1)">'
    page = SitePage(
        "cases/", hostile, hostile, Markup(CONTENT), "", (Heading('"><b', hostile, TOC),)
    )
    html = made[0].stamp(page)
    assert "<img src=x" not in html
    assert '"><b' not in html


def test_hand_written_pages_have_the_same_markdown(made: tuple[Any, ...]) -> None:
    config = made[2]
    assert tuple(config.markdown_extensions) == EXTENSIONS
    assert config.mdx_configs == OPTIONS
