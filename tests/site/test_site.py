"""The site as a whole: what is published, what is not, and that it holds together."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from documents import case, files_of, lesson
from jinja2 import TemplateSyntaxError
from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from mkdocs.structure.files import Files
from site_base import MKDOCS, REPOSITORY, TODAY, BuildSite, MakeBase, read, write

from kb_builder import loader, site
from kb_builder.diagnostics import KbError

HOSTILE = "<img src=x onerror=alert(1)>"


class _Links(HTMLParser):
    """Collects what a page points to and the anchors it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.assets: list[str] = []
        self.anchors: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.anchors.add(found["id"])
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag in ("link", "script", "img", "source", "iframe"):
            self.assets += [found[name] for name in ("href", "src") if name in found]


def _pages(output: Path) -> Iterator[tuple[str, _Links]]:
    for path in sorted(output.rglob("*.html")):
        name = path.relative_to(output).as_posix()
        if name != "404.html":  # its links are absolute: it is shown at any address
            yield name, _Links(path.read_text(encoding="utf-8"))


def _broken(output: Path) -> list[str]:
    """Every relative link or asset that leads to no file or to no anchor of the page it names."""
    pages = dict(_pages(output))
    found = []
    for name, page in pages.items():
        for link in (*page.links, *page.assets):
            parts = urlsplit(urljoin(f"http://site/{name}", link))
            if parts.netloc != "site" or link.startswith("mailto:"):
                continue
            target = unquote(parts.path).lstrip("/")
            target += "index.html" if target.endswith("/") or not target else ""
            anchor = unquote(parts.fragment)
            if not (output / target).is_file():
                found.append(f"{name}: {link}")
            elif anchor and target in pages and anchor not in pages[target].anchors:
                found.append(f"{name}: {link} (no such anchor)")
    return found


@pytest.fixture(scope="module")
def repository_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this repository's own content."""
    output = tmp_path_factory.mktemp("repository") / "site"
    site.build(loader.load(REPOSITORY), output)
    return output


def test_every_link_of_this_repository_leads_somewhere(repository_site: Path) -> None:
    assert _broken(repository_site) == []


def test_nothing_is_asked_of_another_host(repository_site: Path) -> None:
    for name, page in _pages(repository_site):
        outside = [one for one in page.assets if urlsplit(one).netloc]
        # Only the canonical address may be absolute, and it is no request.
        assert not outside, name
    for path in repository_site.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"url\([\"']?(?!data:)[a-z]*:?//", text), path.name
        assert "@import" not in text


def test_no_page_lists_everything(repository_site: Path) -> None:
    for name, page in _pages(repository_site):
        documents = {
            urljoin(f"/{name}", link)
            for link in page.links
            if re.search(r"/(c|p|l)/[A-Z0-9-]+/$", urljoin(f"/{name}", link))
        }
        if name.partition("/")[0] in ("cases", "playbooks", "lessons", "browse"):
            assert len(documents) <= 50, name


def test_two_builds_are_the_same_bytes(make_base: MakeBase, build_site: BuildSite) -> None:
    root = make_base(case(1), case(2, occurred_on="2023"), lesson())
    first = files_of(build_site(root, to="one"))
    assert files_of(build_site(root, to="two")) == first
    assert "index.html" in first


def test_a_second_build_writes_nothing(make_base: MakeBase, tmp_path: Path) -> None:
    base = loader.load(make_base(case(), lesson()))
    assert site.build(base, tmp_path / "site", today=TODAY).written > 0
    report = site.build(base, tmp_path / "site", today=TODAY)
    assert report.written == 0
    assert report.pages > 10


def test_an_edit_leaves_what_a_fresh_build_leaves(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    root = make_base(case(1, lessons="[LS-001]", severity="较重"), case(2), lesson())
    build_site(root)
    write(root, *case(1, title="换了一个标题", severity="危机"))
    (root / case(2)[0]).unlink()
    assert files_of(build_site(root)) == files_of(build_site(root, to="fresh"))


# ---------------------------------------------------------------- what is published


def test_only_what_is_published_appears(make_base: MakeBase, build_site: BuildSite) -> None:
    root = make_base(
        case(1),
        case(2, status="草稿", title="机密草稿甲"),
        case(3, status="待审核", title="机密草稿乙"),
    )
    output = build_site(root)
    assert {path.name for path in (output / "c").iterdir()} == {"CASE-2024-0001"}
    assert not [
        name
        for name, data in files_of(output).items()
        if "机密草稿" in data.decode("utf-8", "ignore")
    ]


def test_drafts_appear_marked_when_asked_for(make_base: MakeBase, build_site: BuildSite) -> None:
    output = build_site(make_base(case(1), case(2, status="草稿")), drafts=True)
    assert "只在预览里看得到" in read(output, "c/CASE-2024-0002")
    assert "只在预览里看得到" not in read(output, "c/CASE-2024-0001")
    assert "CASE-2024-0002" in read(output, "cases")


def test_the_option_of_the_plugin_shows_drafts_too(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    mkdocs = "site_name: 甲\ndocs_dir: cases\nplugins:\n  - kb:\n      drafts: true\n"
    output = build_site(make_base(case(1, status="草稿"), mkdocs=mkdocs))
    assert (output / "c/CASE-2024-0001/index.html").is_file()


def test_an_archived_page_keeps_its_address_and_is_in_no_list(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    root = make_base(
        case(1, lessons="[LS-001]"),
        case(2, status="已归档", title="旧的一件", lessons="[LS-001]"),
        lesson(),
        mkdocs=MKDOCS + "site_url: https://kb.example/\n",
    )
    output = build_site(root)
    assert "已归档" in read(output, "c/CASE-2024-0002")
    for address in (".", "cases", "l/LS-001", "browse", "browse/channel/phone"):
        assert "旧的一件" not in read(output, address), address
    assert "CASE-2024-0002" not in (output / "sitemap.xml").read_text(encoding="utf-8")


def test_what_cannot_be_read_is_not_published(make_base: MakeBase, build_site: BuildSite) -> None:
    path, text = case(2, title="机密")
    root = make_base(case(1), (path, text.replace("title: 机密", "title: 机密: 三天")))
    output = build_site(root)
    assert not (output / "c/CASE-2024-0002").exists()
    assert not [
        name for name, data in files_of(output).items() if "机密" in data.decode("utf-8", "ignore")
    ]


def test_an_error_keeps_a_page_back_and_is_reported(make_base: MakeBase, tmp_path: Path) -> None:
    root = make_base(case(1), case(2, title="机密", owner="张三"))
    report = site.build(loader.load(root), tmp_path / "site")
    assert not (tmp_path / "site/c/CASE-2024-0002").exists()
    assert (tmp_path / "site/c/CASE-2024-0001").exists()
    assert any("CASE-2024-0002.md" in warning and "KB" in warning for warning in report.warnings)
    with pytest.raises(KbError, match="严格"):
        site.build(loader.load(root), tmp_path / "strict", strict=True)


def test_the_caller_may_say_what_is_unpublishable(make_base: MakeBase, tmp_path: Path) -> None:
    base = loader.load(make_base(case(1), case(2)))
    hidden = frozenset({case(2)[0]})
    site.build(base, tmp_path / "site", unpublishable=hidden)
    assert {path.name for path in (tmp_path / "site/c").iterdir()} == {"CASE-2024-0001"}


def test_plain_mkdocs_gives_the_site_and_strict_fails_on_an_error(
    make_base: MakeBase, tmp_path: Path
) -> None:
    root = make_base(case(1), case(2, owner="张三"))
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(tmp_path / "site"))
    mkdocs_build.build(config)
    assert (tmp_path / "site/c/CASE-2024-0001/index.html").is_file()
    assert not (tmp_path / "site/c/CASE-2024-0002").exists()
    strict = load_config(str(root / "mkdocs.yml"), site_dir=str(tmp_path / "no"), strict=True)
    with pytest.raises(Abort):
        mkdocs_build.build(strict)


def test_mkdocs_never_sees_a_content_file(
    make_base: MakeBase, build_site: BuildSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_base(
        case(1),
        lesson(),
        **{
            "cases/index.md": "文\n",
            "cases/guide/a.md": "文\n",
            "cases/resolved/2024/evil.html": "<script>1</script>",
            "cases/guide/notes.txt": "私下",
            "cases/README.md": "私下",
        },
    )
    seen: set[str] = set()
    pages = Files.documentation_pages

    def watch(self: Files, **options: object) -> object:
        seen.update(file.src_uri for file in self if not file.src_uri.startswith("assets/"))
        return pages(self, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Files, "documentation_pages", watch)
    output = build_site(root)
    assert seen <= {"index.md", "guide/a.md"}
    names = files_of(output)
    assert not [name for name in names if name.endswith(("evil.html", "notes.txt"))]
    assert not [name for name, data in names.items() if "私下" in data.decode("utf-8", "ignore")]


def test_symbolic_links_are_not_followed(make_base: MakeBase, build_site: BuildSite) -> None:
    root = make_base(case(1))
    (root / "secret.md").write_text("绝密", encoding="utf-8")
    (root / "cases/guide").mkdir()
    (root / "cases/guide/link.md").symlink_to(root / "secret.md")
    (root / "cases/loop").symlink_to(root / "cases")
    output = build_site(root)
    assert not [
        name for name, data in files_of(output).items() if "绝密" in data.decode("utf-8", "ignore")
    ]


# ------------------------------------------------------------------------ hostile texts


def test_hostile_front_matter_is_text(make_base: MakeBase, build_site: BuildSite) -> None:
    fields = {
        "title": f"'{HOSTILE}</title>'",
        "summary": f"'{HOSTILE}，这一段摘要够长了，不会因为太短而被退回。'",
        "product": f"'{HOSTILE}'",
        "root_cause": f"'{HOSTILE}'",
        "precursors": f"['{HOSTILE}']",
        "redirect_from": "['../../evil', 'CASE-2020-0001\"><b>']",
        "sources": "[{title: '"
        + HOSTILE
        + "', url: 'javascript:alert(1)', quote: '"
        + HOSTILE
        + "'}]",
        "timeline": "[{when: '" + HOSTILE[:19] + "', what: '" + HOSTILE + "'}]",
        "lessons": "[LS-001]",
    }
    root = make_base(
        case(1, **fields),
        lesson(title=f"'{HOSTILE}'", wrong_practice=f"'{HOSTILE}'", right_practice=f"'{HOSTILE}'"),
    )
    output = build_site(root)
    for name, page in files_of(output).items():
        if name.endswith(".html"):
            html = page.decode()
            assert "<img src=x" not in html, name
            assert 'href="javascript:' not in html, name
            assert html.count("</title>") == 1, name
    assert "&lt;img src=x" in read(output, "c/CASE-2024-0001")
    assert not (output.parent / "evil").exists()


def test_hostile_bodies_are_cleaned(make_base: MakeBase, build_site: BuildSite) -> None:
    body = (
        "## 记录\n\n<!-- 内部备注 -->\n\n[点](javascript:alert(1)) <script>alert(1)</script>\n\n"
        "![图](https://evil.example/t.png)\n\n"
        "## 总结\n\n价格<![5折]\n\n"
        "<div id='__search' style='position:fixed' onclick=alert(1)>\n\n<textarea>\n"
    )
    html = read(build_site(make_base(case(1, body))), "c/CASE-2024-0001")
    content = html[html.index("<article") : html.index("</article>")]
    for gone in (
        "内部备注",
        "javascript:",
        "alert(1)<",
        "onclick",
        "evil.example",
        "__search",
        "<textarea",
    ):
        assert gone not in content, gone
    assert "价格" in content
    assert "kb-footer" in html


def test_hostile_hand_written_pages_are_cleaned(make_base: MakeBase, build_site: BuildSite) -> None:
    page = (
        f"---\ntitle: '{HOSTILE}</title>'\ntemplate: redirect.html\nlocation: //evil.example\n---\n"
        f"{HOSTILE}\n\n## 甲 &lt;/title> \\<script>\n\n<!-- 内部备注 -->\n"
    )
    root = make_base(**{"cases/guide/a.md": page, "cases/index.md": page})
    output = build_site(root)
    for address in (".", "guide/a"):
        html = read(output, address)
        for gone in ("<img src=x", "内部备注", "evil.example"):
            assert gone not in html, (address, gone)
        assert html.count("</title>") == 1
    assert "&lt;img src=x" in read(output, "guide/a")


def test_the_text_of_a_hand_written_page_is_never_front_matter(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    page = "---\ntitle: 真\n---\ntemplate: nope.html\n\n---\ntitle: 假\n---\n文\n"
    html = read(build_site(make_base(**{"cases/guide/a.md": page})), "guide/a")
    assert "template: nope.html" in html
    assert "<title>真 - 测试库</title>" in html


def test_one_page_that_cannot_be_rendered_does_not_end_the_build(
    make_base: MakeBase, tmp_path: Path
) -> None:
    root = make_base(
        case(1, "## 记录\n\n" + "[" * 5000),
        case(2),
        **{
            "cases/guide/bad.md": "[" * 5000,
            "cases/guide/yaml.md": "---\na: b: c\n---\n绝密\n",
        },
    )
    report = site.build(loader.load(root), tmp_path / "site", unpublishable=frozenset())
    assert (tmp_path / "site/c/CASE-2024-0002/index.html").is_file()
    assert not (tmp_path / "site/c/CASE-2024-0001").exists()
    assert not (tmp_path / "site/guide/yaml").exists()
    for name in ("CASE-2024-0001.md", "guide/bad.md", "guide/yaml.md"):
        assert any(name in warning for warning in report.warnings), name


# ------------------------------------------------------------------- links, pictures


def test_links_between_sources_become_links_between_pages(
    make_base: MakeBase, tmp_path: Path
) -> None:
    body = (
        "## 记录\n\n见[教训](../../lessons/LS-001.md#由来)、[指南](../../guide/a.md)、"
        "[草稿](../../lessons/LS-002.md)。\n"
    )
    root = make_base(
        case(1, body),
        lesson(1),
        lesson(2, status="草稿"),
        **{
            "cases/guide/a.md": "见[案例](../resolved/2024/CASE-2024-0001.md)、[术语](../glossary.md)\n",
            "cases/index.md": "见[案例](resolved/2024/CASE-2024-0001.md)和[指南](guide/a.md)\n",
        },
    )
    output = tmp_path / "site"
    report = site.build(loader.load(root), output, unpublishable=frozenset())
    html = read(output, "c/CASE-2024-0001")
    assert 'href="../../l/LS-001/#由来"' in html
    assert 'href="../../guide/a/"' in html
    assert "LS-002" not in html
    assert 'href="../../glossary/"' in read(output, "guide/a")
    assert 'href="c/CASE-2024-0001/"' in read(output, ".")
    assert _broken(output) == []
    assert [warning for warning in report.warnings if "LS-002.md" in warning]


def test_a_value_with_a_chinese_id_has_its_list(make_base: MakeBase, build_site: BuildSite) -> None:
    root = make_base(case(1, industry="瓷器"))
    vocabulary = root / "site_config/taxonomy/industry.yml"
    with vocabulary.open("a", encoding="utf-8") as file:
        file.write("  瓷器: {label: 瓷器, help: 碗碟花瓶}\n")
    output = build_site(root, check=True)
    assert (output / "browse/industry/瓷器/index.html").is_file()
    assert _broken(output) == []


def test_only_pictures_that_a_page_shows_are_published(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    root = make_base(case(1, "## 记录\n\n![图](a.png) ![假](b.png) ![无](d.png)\n"))
    folder = root / "cases/resolved/2024"
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 20
    (folder / "a.png").write_bytes(png)
    (folder / "b.png").write_bytes(b"<script>1</script>")
    (folder / "unused.png").write_bytes(png)
    (folder / "d.png").symlink_to(folder / "a.png")
    output = build_site(root)
    assert 'src="../../media/resolved/2024/a.png"' in read(output, "c/CASE-2024-0001")
    assert [path.name for path in (output / "media").rglob("*.png")] == ["a.png"]


def test_old_ids_redirect(make_base: MakeBase, build_site: BuildSite) -> None:
    root = make_base(
        case(1, redirect_from="[CASE-2020-0007, CASE-2024-0002]"),
        case(2),
        mkdocs=MKDOCS + "site_url: https://kb.example/\n",
    )
    output = build_site(root)
    html = read(output, "c/CASE-2020-0007")
    assert 'content="0; url=../../c/CASE-2024-0001/"' in html
    assert 'href="https://kb.example/c/CASE-2024-0001/"' in html
    assert "refresh" not in read(output, "c/CASE-2024-0002")


# -------------------------------------------------------------------- lists, the empty base


def test_lists_are_cut_and_sorted(make_base: MakeBase, build_site: BuildSite) -> None:
    cases = [
        case(
            n,
            occurred_on=f"20{n:02d}",
            severity="较重" if n % 2 else "危机",
            appeal="情感诉求" if n < 70 else "",
        )
        for n in range(1, 121)
    ]
    output = build_site(make_base(*cases))
    rows = re.compile(r'<li class="kb-row"><h3><a href="[./]*c/(CASE-2024-\d{4})/">')
    shown = [rows.findall(read(output, f"browse/appeal/emotion{page}")) for page in ("", "/2")]
    assert [len(page) for page in shown] == [50, 19]
    assert shown[0][0] == "CASE-2024-0069"
    assert rows.findall(read(output, "browse/appeal/emotion/oldest"))[0] == "CASE-2024-0001"
    assert rows.findall(read(output, "cases/severity"))[:2] == ["CASE-2024-0002", "CASE-2024-0004"]
    assert len(rows.findall(read(output, "cases/3"))) == 20
    assert not (output / "cases/4").exists()
    assert not (output / "browse/appeal/interest").exists()
    # Every case came by telephone: that list is the list of all, and only begins here.
    assert not (output / "browse/channel/phone/2").exists()
    assert "全部列表" in read(output, "browse/channel/phone")
    assert _broken(output) == []


def test_an_empty_base_has_a_site_that_helps(make_base: MakeBase, build_site: BuildSite) -> None:
    output = build_site(make_base(), check=True)
    assert "kb new case" in read(output, ".")
    for address in ("cases", "playbooks", "lessons", "browse", "glossary", "rules", "fields"):
        assert "<h1>" in read(output, address)
    assert _broken(output) == []


def test_the_site_map_names_every_page_that_can_be_found(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    mkdocs = MKDOCS + "site_url: https://kb.example/sub/\n"
    output = build_site(make_base(case(1), **{"cases/guide/a.md": "文\n"}, mkdocs=mkdocs))
    text = (output / "sitemap.xml").read_text(encoding="utf-8")
    for address in ("", "guide/a/", "c/CASE-2024-0001/", "cases/", "rules/KB203/", "glossary/"):
        assert f"<loc>https://kb.example/sub/{address}</loc>" in text, address
    assert "lastmod" not in text


def test_without_an_address_there_is_no_site_map(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    assert not (build_site(make_base(case(1))) / "sitemap.xml").exists()


def test_the_navigation_stays_small(make_base: MakeBase, build_site: BuildSite) -> None:
    guide = {
        "cases/guide/b.md": "---\ntitle: 乙页\n---\n文\n",
        "cases/guide/a.md": "# 甲页\n\n文\n",
    }
    html = read(build_site(make_base(*(case(n) for n in range(1, 30)), **guide)), "cases")
    navigation = html[html.index('<nav class="md-tabs"') : html.index("<main")]
    assert re.findall(r'md-tabs__link">\s*(\S+)\s*</a>', navigation) == [
        "首页", "找先例", "案例", "预案", "教训", "浏览", "报表", "培训", "指南", "术语",
    ]  # fmt: skip
    assert "CASE-" not in html[: html.index("<article")]
    assert "甲页" in html


# -------------------------------------------------------------------------- ways to fail


def test_a_base_without_the_plugin_is_a_kb_error(make_base: MakeBase, tmp_path: Path) -> None:
    root = make_base(mkdocs="site_name: 甲\ndocs_dir: cases\nplugins: []\n")
    with pytest.raises(KbError, match="plugins"):
        site.build(loader.load(root), tmp_path / "site")


def test_a_broken_mkdocs_yml_is_a_kb_error(make_base: MakeBase, tmp_path: Path) -> None:
    for text in ("site_name: [", "docs_dir: cases\nplugins: [kb]\n", "plugins: [nope]\n"):
        root = make_base() if not (tmp_path / "base").exists() else tmp_path / "base"
        (root / "mkdocs.yml").write_text(text, encoding="utf-8")
        with pytest.raises(KbError):
            site.build(loader.load(root), tmp_path / "site")
    (root / "mkdocs.yml").unlink()
    with pytest.raises(KbError, match=r"缺少 mkdocs\.yml"):
        site.build(loader.load(root), tmp_path / "site")


def test_a_failed_build_leaves_nothing_behind(
    make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staging = tmp_path / "staging"
    staging.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(staging))
    root = make_base(case(1), **{"site_config/theme/main.html": "{% endif %}"})
    with pytest.raises(TemplateSyntaxError):
        site.build(loader.load(root), tmp_path / "site")
    assert not list(staging.iterdir())
    assert not logging.getLogger("mkdocs").handlers


def test_the_owner_may_replace_templates_and_add_styles(
    make_base: MakeBase, build_site: BuildSite
) -> None:
    root = make_base(
        case(1),
        mkdocs=MKDOCS + "extra_css: [assets/ours.css]\n",
        **{
            "site_config/theme/partials/footer.html": "<footer>我们自己的页脚</footer>",
            "site_config/theme/assets/ours.css": "body{}",
        },
    )
    output = build_site(root)
    assert "我们自己的页脚" in read(output, "c/CASE-2024-0001")
    assert "../../assets/ours.css" in read(output, "c/CASE-2024-0001")
    assert (output / "assets/ours.css").is_file()
