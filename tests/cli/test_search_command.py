"""`kb search`: 字段:值 in the query, as in the browser's box."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kb_builder import pipeline
from kb_builder.cli import main


@pytest.fixture
def indexed(root: Path) -> Path:
    """The small base with an index, drafts too."""
    pipeline.index(root, drafts=True)
    return root


def kb(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        main, ["--root", str(root), "search", *arguments], catch_exceptions=False
    )


def found(root: Path, *arguments: str) -> dict[str, Any]:
    return json.loads(kb(root, *arguments, "--json", "--limit", "100").stdout)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("written", "option"),
    [
        ("种类:案例", ("--kind", "案例")),
        ("kind:case", ("--kind", "case")),
        ("年份：2024年", ("--year", "2024")),
        ("投诉类型:服务", ("--facet", "投诉类型=服务")),
    ],
)
def test_a_field_in_the_query_is_the_option(
    indexed: Path, written: str, option: tuple[str, ...]
) -> None:
    in_query, as_option = found(indexed, "客户", written), found(indexed, "客户", *option)
    assert as_option["total"] > 0
    assert in_query["hits"] == as_option["hits"]
    assert len(in_query["filters"]) == 1
    assert as_option["filters"] == []


def test_several_of_a_field_mean_any_of_them(indexed: Path) -> None:
    both = found(indexed, "年份:2023", "年份:2024")["total"]
    assert both == found(indexed, "年份:2023")["total"] + found(indexed, "年份:2024")["total"]
    assert found(indexed, "年份:2023", "--year", "2024")["total"] == both
    assert found(indexed, "年份:2023", "种类:案例", "种类:预案")["total"] <= both


def test_what_is_no_field_is_text(indexed: Path) -> None:
    assert found(indexed, "时间:下午")["filters"] == []
    assert found(indexed, "种类:不存在")["filters"] == []


def test_the_reader_is_told(indexed: Path) -> None:
    shown = kb(indexed, "客户", "种类:案例", "年份:2024", "投诉类型:服务")
    assert "只看种类“案例”、年份“2024”、投诉类型“服务”。" in shown.stderr


def test_homophones_are_offered_first(indexed: Path) -> None:
    assert found(indexed, "头诉")["corrections"]["头诉"][0] == "投诉"


def test_queries_of_a_file_know_fields_too(indexed: Path, tmp_path: Path) -> None:
    path = tmp_path / "queries.txt"
    path.write_text("客户 种类:案例\n客户\n", encoding="utf-8")
    lines = [json.loads(line) for line in kb(indexed, "--queries", str(path)).stdout.splitlines()]
    assert [line["query"] for line in lines] == ["客户 种类:案例", "客户"]
    assert lines[0]["total"] < lines[1]["total"]


def test_a_pasted_sentence_is_no_quotation_because_the_shell_needed_quotation_marks(
    indexed: Path,
) -> None:
    apart = found(indexed, "客户", "电话里没人接的椅子")
    assert apart["total"] > 0
    assert found(indexed, "客户 电话里没人接的椅子")["hits"] == apart["hits"]
    assert found(indexed, '"客户 电话里没人接的椅子"')["total"] == 0


def test_what_customers_say_finds_but_is_not_quoted(indexed: Path) -> None:
    case = indexed / "cases/resolved/2024/CASE-2024-0001.md"
    text = case.read_text(encoding="utf-8")
    said = "customer_says: [藤椅晃得像摇篮]\n"
    case.write_text(text.replace("summary:", f"{said}summary:", 1), encoding="utf-8")
    pipeline.index(indexed, drafts=True)
    hit = found(indexed, "藤椅晃得像摇篮")["hits"][0]
    assert hit["id"] == "CASE-2024-0001"
    assert "摇篮" not in json.dumps(hit, ensure_ascii=False)
