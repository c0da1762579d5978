"""Feeds: valid by the letter of RFC 4287 and JSON Feed 1.1, and the same for the same base."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from documents import case, files_of, lesson
from hypothesis import given
from hypothesis import strategies as st
from site_base import MKDOCS, BuildSite, MakeBase, read

from kb_builder import loader
from kb_builder.site import feeds
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.feeds import Feeds

SITE = "https://kb.example.org/sub/"
ATOM = "{http://www.w3.org/2005/Atom}"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_MEDIA = re.compile(r"[a-z]+/[a-z+.-]+")


def _feeds(root: Path, site_url: str = "") -> Feeds:
    base = loader.load(root)
    return Feeds(Catalogue.of(base.settings, base.corpus, site_name="测试库", site_url=site_url))


def _files(root: Path, site_url: str = "") -> Mapping[str, bytes]:
    return dict(_feeds(root, site_url).files())


def _count(parent: Element, name: str, least: int, most: int) -> list[Element]:
    found = parent.findall(f"{ATOM}{name}")
    assert least <= len(found) <= most, (name, len(found))
    return found


def _iri(text: str | None, *, absolute: bool = False) -> str:
    assert text
    assert not re.search(r'[\s<>"{}|\\^`]', text), text
    assert not absolute or urlsplit(text).scheme, text
    return text


def _date(element: Element) -> datetime.datetime:
    # 3.3: RFC 3339 with an upper-case T and a zone; an element of ours has nothing but the date in it.
    assert element.text
    assert _DATE.fullmatch(element.text), element.text
    return datetime.datetime.fromisoformat(element.text)


def _links(parent: Element) -> dict[str, str]:
    """4.2.7: each link has an address; of one relation, type and language there is one alternate."""
    seen = set()
    found = {}
    for link in parent.findall(f"{ATOM}link"):
        assert set(link.attrib) <= {"href", "rel", "type", "hreflang", "title", "length"}
        assert not list(link)
        rel, kind = link.get("rel", "alternate"), link.get("type", "")
        assert _MEDIA.fullmatch(kind)
        assert (rel, kind) not in seen
        seen.add((rel, kind))
        found[rel] = _iri(link.get("href"))
    return found


def _text(element: Element) -> str:
    """3.1: plain text has no children."""
    assert element.get("type", "text") == "text"
    assert not list(element)
    return element.text or ""


def check_atom(data: bytes) -> Element:
    """What RFC 4287 requires of a feed document (sections 3 and 4) of those elements that we write."""
    feed = ElementTree.fromstring(data)  # not well-formed: an error
    assert data.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert feed.tag == f"{ATOM}feed"
    # 4.1.1: exactly one id, title and updated; an author in the feed unless every entry has one.
    allowed = {"id", "title", "updated", "author", "link", "entry"}
    assert {child.tag.removeprefix(ATOM) for child in feed} <= allowed
    _iri(_count(feed, "id", 1, 1)[0].text, absolute=True)
    assert _text(_count(feed, "title", 1, 1)[0])
    newest = _date(_count(feed, "updated", 1, 1)[0])
    (author,) = _count(feed, "author", 1, 1)
    assert [child.tag for child in author] == [f"{ATOM}name"]
    assert author[0].text
    assert {"self", "alternate"} == set(_links(feed))
    ids = []
    for entry in feed.findall(f"{ATOM}entry"):
        # 4.1.2: the same of an entry; without content an alternate link.
        allowed = {"id", "title", "updated", "link", "category", "summary"}
        assert {child.tag.removeprefix(ATOM) for child in entry} <= allowed
        ids.append(_iri(_count(entry, "id", 1, 1)[0].text, absolute=True))
        _text(_count(entry, "title", 1, 1)[0])
        assert _date(_count(entry, "updated", 1, 1)[0]) <= newest
        _text(_count(entry, "summary", 0, 1)[0])
        assert set(_links(entry)) == {"alternate"}
        for category in entry.findall(f"{ATOM}category"):
            assert category.get("term")
    assert len(ids) == len(set(ids))
    return feed


def check_json(data: bytes) -> dict[str, Any]:
    """What JSON Feed 1.1 requires."""
    found: dict[str, Any] = json.loads(data)
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(found["title"], str)
    assert found["title"]
    assert set(found) <= {"version", "title", "home_page_url", "feed_url", "language", "authors", "items"}  # fmt: skip
    assert all(set(author) & {"name", "url", "avatar"} for author in found["authors"])
    for item in found["items"]:
        assert set(item) <= {"id", "url", "title", "content_text", "date_modified", "tags"}
        assert isinstance(item["id"], str)
        assert item["id"]
        assert item["content_text"]
        assert _DATE.fullmatch(item["date_modified"])
        assert all(isinstance(tag, str) and tag for tag in item["tags"])
    ids = [item["id"] for item in found["items"]]
    assert len(ids) == len(set(ids))
    return found


def _ids(data: bytes) -> list[str]:
    return [item["url"].rstrip("/").rpartition("/")[2] for item in check_json(data)["items"]]


@pytest.mark.parametrize("site_url", ["", SITE])
def test_every_feed_is_valid(make_base: MakeBase, site_url: str) -> None:
    root = make_base(
        case(1, severity="较重", complaint_type="[服务, 产品]"),
        case(2, title="一 < 二 & “三” ]]>"),
        lesson(1, last_reviewed="2024-05-06"),
    )
    files = _files(root, site_url)
    assert {name for name in files if name.endswith("feed.xml")} == {
        "feed.xml",
        "cases/feed.xml",
        "playbooks/feed.xml",
        "lessons/feed.xml",
        "browse/complaint_type/product/feed.xml",
        "browse/complaint_type/service/feed.xml",
        "browse/severity/serious/feed.xml",
    }
    for name, data in files.items():
        check_atom(data) if name.endswith(".xml") else check_json(data)


def test_both_formats_say_the_same(make_base: MakeBase) -> None:
    root = make_base(*(case(number, occurred_on=f"2024-0{number}") for number in range(1, 5)))
    files = _files(root)
    atom, other = check_atom(files["feed.xml"]), check_json(files["feed.json"])
    for entry, item in zip(atom.findall(f"{ATOM}entry"), other["items"], strict=True):
        assert entry.findtext(f"{ATOM}id") == item["id"]
        assert entry.findtext(f"{ATOM}title") == item["title"]
        assert entry.findtext(f"{ATOM}updated") == item["date_modified"]
        assert entry.findtext(f"{ATOM}summary") == item["content_text"]
        assert [one.get("term") for one in entry.findall(f"{ATOM}category")] == item["tags"]


def test_an_empty_base_has_valid_feeds(make_base: MakeBase) -> None:
    files = _files(make_base())
    assert check_atom(files["feed.xml"]).findall(f"{ATOM}entry") == []
    assert check_json(files["cases/feed.json"])["items"] == []


def test_the_newest_come_first_and_the_undated_not_at_all(make_base: MakeBase) -> None:
    root = make_base(
        case(1, occurred_on="2024-03"),
        case(2, occurred_on="2024-05-02"),
        case(3, occurred_on="1999", last_reviewed="2025-01-01"),
        case(4, occurred_on="unknown"),
        case(5, occurred_on="2024-03-01"),
        case(6, occurred_on="2026-01-01", status="草稿"),
    )
    found = _feeds(root)
    order = ["CASE-2024-0003", "CASE-2024-0002", "CASE-2024-0001", "CASE-2024-0005"]
    assert _ids(dict(found.files())["feed.json"]) == order
    assert (found.undated, found.all[0].total) == (1, 4)
    items = check_json(dict(found.files())["feed.json"])["items"]
    assert items[2]["date_modified"] == "2024-03-01T00:00:00+08:00"


def test_a_feed_is_cut(make_base: MakeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "LIMIT", 2)
    root = make_base(*(case(number) for number in range(1, 5)))
    found = _feeds(root)
    assert _ids(dict(found.files())["feed.json"]) == ["CASE-2024-0001", "CASE-2024-0002"]
    assert found.all[0].total == 4


def test_addresses_are_full_where_the_site_has_one(make_base: MakeBase) -> None:
    root = make_base(case(1, severity="较重"))
    for site_url, address in ((SITE, SITE), ("", "file:///site/")):
        for name, data in _files(root, site_url).items():
            if not name.endswith(".xml"):
                continue
            feed = check_atom(data)
            here = urljoin(address, name)
            links = _links(feed)
            assert urljoin(here, links["self"]) == here
            assert urljoin(here, links["alternate"]) == here.removesuffix("feed.xml")
            for entry in feed.findall(f"{ATOM}entry"):
                assert urljoin(here, _links(entry)["alternate"]) == f"{address}c/CASE-2024-0001/"
            if site_url:
                assert all(link.startswith(SITE) for link in links.values())
                assert feed.findtext(f"{ATOM}id") == here.removesuffix("feed.xml")


def test_ids_stay_when_the_text_changes(make_base: MakeBase, tmp_path: Path) -> None:
    root = make_base(case(1))
    before = check_json(_files(root)["feed.json"])["items"][0]
    path, text = case(1, title="换了一个标题", last_reviewed="2025-02-03")
    (root / path).write_text(text, encoding="utf-8")
    after = check_json(_files(root)["feed.json"])["items"][0]
    assert before["id"] == after["id"]
    assert before["id"].startswith("urn:uuid:")
    assert after["date_modified"].startswith("2025-02-03")


@given(st.text(max_size=40))
def test_any_text_gives_well_formed_xml(text: str) -> None:
    element = ElementTree.fromstring(feeds._element("title", text))
    kept = "".join(one for one in element.text or "" if one != "�")
    # A parser turns every end of a line into one; nothing else is lost but what XML can't hold.
    plain = re.sub(r"\r\n?", "\n", text)
    assert kept == "".join(one for one in plain if not feeds._NOT_XML.match(one) and one != "�")
    assert ElementTree.fromstring(f"<a b={feeds._attribute(text)}/>").get("b") is not None


def test_pages_tell_where_the_feeds_are(make_base: MakeBase, build_site: BuildSite) -> None:
    root = make_base(case(1, severity="较重", appeal="利益诉求"), lesson())
    output = build_site(root)
    everything = 'type="application/atom+xml" title="测试库 · 最近更新" href="{}feed.xml"'
    for address, way in ((".", ""), ("cases", "../"), ("c/CASE-2024-0001", "../../")):
        assert everything.format(way) in read(output, address), address
    own = 'type="application/atom+xml" title="测试库 · 严重度：较重" href="feed.xml"'
    assert own in read(output, "browse/severity/serious")
    assert 'title="测试库 · 案例" href="feed.json"' in read(output, "cases")
    assert 'href="feed.xml"' not in read(output, "browse/appeal")
    assert "feed.xml" in (output / "404.html").read_text(encoding="utf-8")
    for address in ("cases", "browse/severity/serious"):
        assert (output / address / "feed.xml").is_file()
    html = read(output, "exports")
    assert 'href="../browse/severity/serious/feed.json"' in html
    assert "mkdocs.yml 里没有写 site_url" in html


def test_the_owner_chooses_the_facets(make_base: MakeBase) -> None:
    root = make_base(case(1, severity="较重", appeal="利益诉求"))
    (root / "site_config" / "reports.yml").write_text("feed_facets: [appeal]\n", encoding="utf-8")
    names = [name for name in _files(root) if name.startswith("browse/")]
    assert names == ["browse/appeal/interest/feed.xml", "browse/appeal/interest/feed.json"]


def test_the_same_base_gives_the_same_feeds(make_base: MakeBase, build_site: BuildSite) -> None:
    root = make_base(case(1), case(2), lesson(), mkdocs=f"{MKDOCS}site_url: {SITE}\n")
    found = []
    for name in ("one", "two"):
        files = files_of(build_site(root, to=name))
        found.append({path: data for path, data in files.items() if "feed." in path})
    assert found[0] == found[1]
    assert len(found[0]) == 8
    assert SITE.encode() in found[0]["feed.xml"]
