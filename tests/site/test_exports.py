"""Exports: published pages only, valid by the schema beside them, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from documents import case, lesson
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from site_base import REPOSITORY, BuildSite, MakeBase, read

from kb_builder import loader
from kb_builder.insight.material import shown
from kb_builder.site import exports
from kb_builder.site.catalogue import Catalogue

SITE = "https://kb.example.org/"
GROUPS = {
    "corrective_actions": "[{action: 核对订单, owner: 店长, status: 未完成, due: 2024-06}]",
    "sources": "[{title: 一本书, published: 2011}]",
    "figures": "[{label: 等了, value: 五分钟}]",
}


def _catalogue(root: Path, site_url: str = "", *, drafts: bool = False) -> Catalogue:
    base = loader.load(root)
    corpus = shown(base.corpus, drafts=drafts)
    return Catalogue.of(base.settings, corpus, site_name="测试库", site_url=site_url)


def _files(catalogue: Catalogue) -> Mapping[str, bytes]:
    return {name.removeprefix("exports/"): data for name, data in exports.files(catalogue)}


def _valid(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files[name])
    schema = json.loads(files[name.replace(".json", ".schema.json")])
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(found)
    return found


def _rows(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")  # or a spreadsheet misreads the Chinese
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("site_url", ["", SITE])
def test_a_case_as_json(make_base: MakeBase, site_url: str) -> None:
    root = make_base(
        case(1, severity="较重", complaint_type="[服务, 产品]", cost="300", authority_gap="是",
             precursors="none_found", aliases="[漏单]", **GROUPS),
    )  # fmt: skip
    found = _valid(_files(_catalogue(root, site_url)), "cases.json")
    (one,) = found["cases"]
    assert one["address"] == "c/CASE-2024-0001/"
    assert one.get("url", "") == (f"{SITE}c/CASE-2024-0001/" if site_url else "")
    assert one["severity"] == "serious"
    assert one["complaint_type"] == ["service", "product"]
    assert (one["cost"], one["authority_gap"]) == (300, True)
    assert one["precursors"] == ["none_found"]
    assert one["occurred_on"] == "2024"
    assert one["corrective_actions"] == [
        {"action": "核对订单", "owner": "store_manager", "due": "2024-06", "status": "open"}
    ]
    assert found["labels"]["severity"]["serious"] == "较重"
    assert found["labels"]["corrective_actions.status"]["open"] == "未完成"
    assert found["version"] == exports.VERSION
    # What is only searched, or the program's own, is nobody else's.
    assert not {"aliases", "customer_says", "imported", "status"} & set(one)


def test_our_own_base_is_valid() -> None:
    files = _files(_catalogue(REPOSITORY))
    cases = _valid(files, "cases.json")["cases"]
    pages = _valid(files, "pages.json")["pages"]
    assert (
        len(_rows(files["cases.csv"])) == len(cases) == sum(one["kind"] == "case" for one in pages)
    )
    assert [one["id"] for one in cases] == sorted(one["id"] for one in cases)
    assert {one["id"] for one in pages} == set(_catalogue(REPOSITORY).listed.by_id)


def test_the_schema_refuses_what_is_wrong(make_base: MakeBase) -> None:
    files = _files(_catalogue(make_base(case(1, severity="较重"))))
    schema = json.loads(files["cases.schema.json"])
    for field, value in (("severity", "较重"), ("cost", "300"), ("secret", "x"), ("title", None)):
        found = json.loads(files["cases.json"])
        found["cases"][0][field] = value
        assert not Draft202012Validator(schema).is_valid(found), field
    found = json.loads(files["cases.json"])
    found["version"] = exports.VERSION + 1
    assert not Draft202012Validator(schema).is_valid(found)


def test_only_published_pages(make_base: MakeBase) -> None:
    root = make_base(case(1), case(2, status="草稿"), case(3, status="已归档"), lesson())
    for drafts in (False, True):
        files = _files(_catalogue(root, drafts=drafts))
        assert [one["id"] for one in _valid(files, "cases.json")["cases"]] == ["CASE-2024-0001"]
        assert [row["编号"] for row in _rows(files["cases.csv"])] == ["CASE-2024-0001"]
        pages = [one["id"] for one in _valid(files, "pages.json")["pages"]]
        assert pages == ["CASE-2024-0001", "LS-001"]


def test_the_list_of_pages(make_base: MakeBase) -> None:
    root = make_base(case(1, last_reviewed="2024-05-06", review_in="6"), lesson(owner="店长"))
    first, second = _valid(_files(_catalogue(root, SITE)), "pages.json")["pages"]
    assert first == {
        "id": "CASE-2024-0001",
        "kind": "case",
        "title": "第 1 件投诉",
        "address": "c/CASE-2024-0001/",
        "url": f"{SITE}c/CASE-2024-0001/",
        "owner": {"id": "agent", "label": "客服专员"},
        "last_reviewed": "2024-05-06",
        "review_due": "2024-11-06",
    }
    assert second["owner"]["label"] == "店长"
    assert "review_due" not in second


def test_an_empty_base(make_base: MakeBase) -> None:
    files = _files(_catalogue(make_base()))
    assert _valid(files, "cases.json")["cases"] == []
    assert _valid(files, "pages.json")["pages"] == []
    assert _rows(files["cases.csv"]) == []
    assert files["cases.csv"].decode("utf-8-sig").startswith("编号,标题,")


def test_the_table_is_for_people(make_base: MakeBase) -> None:
    root = make_base(
        case(1, title="一,二“三”", severity="较重", channel="[投诉电话, 柜台面诉]", customer_confirmed="是"),
        case(2, occurred_on="unknown"),
    )  # fmt: skip
    first, second = _rows(_files(_catalogue(root, SITE))["cases.csv"])
    assert first["标题"] == "一,二“三”"
    assert first["严重度"] == "较重"
    assert first["投诉渠道"] == "投诉电话；柜台面诉"
    assert first["责任岗位"] == "客服专员"
    assert first["客户确认"] == "是"
    assert (first["发生时间"], second["发生时间"]) == ("2024", "不详")
    assert first["网址"] == f"{SITE}c/CASE-2024-0001/"
    assert "整改" not in first  # several lines do not fit into a cell


def test_every_column_has_a_name_of_its_own(make_base: MakeBase) -> None:
    labels = [spec.label for spec in exports.columns(_catalogue(make_base()))]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＠"])
def test_no_cell_is_a_formula(make_base: MakeBase, start: str) -> None:
    title = f'"{start}HYPERLINK(1)"'
    (row,) = _rows(_files(_catalogue(make_base(case(1, title=title))))["cases.csv"])
    assert row["标题"] == f"'{start}HYPERLINK(1)"


@given(st.text(max_size=20))
def test_a_guarded_cell_never_begins_like_a_formula(text: str) -> None:
    found = exports.guarded(text)
    assert found in (text, f"'{text}")
    assert found.lstrip()[:1] not in tuple("=+-@＝＋－＠")
    assert found[:1] not in tuple("\t\r\n")
    if text[:1].isalnum():
        assert found == text


def test_the_page_describes_every_field(make_base: MakeBase, build_site: BuildSite) -> None:
    root = make_base(case(1), case(2, occurred_on="unknown"))
    output = build_site(root)
    html = read(output, "exports")
    for spec in exports.exported(_catalogue(root)):
        assert f"<code>{spec.name}</code>" in html, spec.name
    for name in ("cases.json", "cases.csv", "pages.json", "cases.schema.json", "pages.schema.json"):
        assert f'href="../exports/{name}"' in html
        assert (output / "exports" / name).is_file()
    assert f"现在是 {exports.VERSION}。" in html
    assert "有 1 篇两样都没写，不在订阅里" in html
    assert 'href="../../exports/"' in read(output, "c/CASE-2024-0001")
