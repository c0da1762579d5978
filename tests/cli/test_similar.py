"""`kb similar`: a text from a file or from standard input, the cases like it, and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder.cli import main

COMPLAINT = (
    "我买的烤箱，门把手松了，师傅上门来了两次，每次带的零件都不对，烤箱现在还不能用。"
    "我的电话是机密暗号甲乙丙，请马上把烤箱给我修好，不然我要告到总部。"
)


def kb(root: Path, *arguments: str, text: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), *arguments], input=text)


@pytest.fixture
def indexed(root: Path) -> Path:
    assert kb(root, "index").exit_code == 0
    return root


def test_the_same_from_a_file_and_from_standard_input(indexed: Path, tmp_path: Path) -> None:
    file = tmp_path / "投诉.txt"
    file.write_text(COMPLAINT, encoding="utf-8")
    there = kb(indexed, "similar", str(file), "--kind", "case", "--json")
    here = kb(indexed, "similar", "-", "--kind", "case", "--json", text=COMPLAINT.encode())
    assert there.exit_code == here.exit_code == 0
    found = json.loads(there.stdout)
    assert found["hits"] == json.loads(here.stdout)["hits"]
    first = found["hits"][0]
    assert "烤箱门把手" in first["title"]
    assert "烤箱" in first["because"]
    assert [COMPLAINT[start:end] for start, end in first["text_marks"]].count("烤箱") == 3
    assert {first["excerpt"][start:end] for start, end in first["marks"]} & set(first["because"])
    assert not found["shortened"]


def test_the_answer_has_score_id_title_reasons_and_never_the_text(indexed: Path) -> None:
    result = kb(indexed, "similar", "-", "--kind", "case", "--limit", "1", text=COMPLAINT.encode())
    assert result.exit_code == 0
    score, id_, title = result.stdout.splitlines()[0].split(maxsplit=2)
    assert int(score) > 0
    assert id_.startswith("CASE-")
    assert "【烤箱" in title
    assert "相似之处：" in result.stdout
    assert "机密暗号" not in result.output


def test_only_one_kind(indexed: Path) -> None:
    result = kb(indexed, "similar", "-", "--kind", "案例", "--json", text=COMPLAINT.encode())
    assert {hit["kind"] for hit in json.loads(result.stdout)["hits"]} == {"case"}
    wrong = kb(indexed, "similar", "-", "--kind", "故事", text=COMPLAINT.encode())
    assert wrong.exit_code == 2
    assert "可以写 案例" in wrong.stderr


def test_a_text_from_windows_is_read(indexed: Path) -> None:
    plain = kb(indexed, "similar", "-", "--json", text=COMPLAINT.encode())
    for data in (COMPLAINT.encode("gb18030"), COMPLAINT.encode("utf-8-sig")):
        found = kb(indexed, "similar", "-", "--json", text=data)
        assert json.loads(found.stdout)["hits"] == json.loads(plain.stdout)["hits"]
    binary = kb(indexed, "similar", "-", text=b"\xff\xff\xff\x00")
    assert binary.exit_code == 2
    assert "UTF-8" in binary.stderr


def test_a_longer_text_is_cut_and_that_is_said(indexed: Path) -> None:
    result = kb(indexed, "similar", "-", text=(COMPLAINT + "𠮷" * 20_000).encode())
    assert result.exit_code == 0
    assert "只看了前 5000 字" in result.stderr


def test_nothing_similar_and_no_index_are_said(indexed: Path, tmp_path: Path) -> None:
    nothing = kb(indexed, "similar", "-", text=b"zzqxj")
    assert nothing.exit_code == 1
    assert "没有相似的" in nothing.stdout
    (tmp_path / "空").mkdir()
    assert kb(tmp_path / "空", "similar", "-", text=b"x").exit_code == 2


def test_without_an_index_it_says_what_to_do(root: Path) -> None:
    result = kb(root, "similar", "-", text=COMPLAINT.encode())
    assert result.exit_code == 2
    assert "kb index" in result.stderr
