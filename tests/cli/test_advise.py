"""`kb advise`: the five parts on a terminal, the draft, what it refuses."""

from __future__ import annotations

import datetime
import html
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from kb_builder import clock
from kb_builder.cli import advise, main
from kb_builder.site.markdown import Converter

TEXT = "洗衣机修了三次还是老毛病，我叫张伟，电话13812345678，要么退钱要么换新，你们推来推去没人管！"


NOW = datetime.datetime(2026, 11, 21, 9, 30)


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is advised says the minute, and what is checked depends on the day."""
    stopped = SimpleNamespace(datetime=SimpleNamespace(now=lambda: NOW))
    monkeypatch.setattr(advise, "datetime", stopped)
    monkeypatch.setenv(clock.EPOCH, str(int(NOW.replace(tzinfo=datetime.UTC).timestamp())))


@pytest.fixture
def indexed(root: Path) -> Path:
    assert run(root, "index").exit_code == 0
    return root


def run(root: Path, *arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["--root", str(root), *arguments], input=stdin)


def test_five_parts(indexed: Path) -> None:
    result = run(indexed, "advise", "-", stdin=TEXT)
    assert result.exit_code == 0, result.output
    places = [
        result.output.index(f"── {title} ──")
        for title in ("相似案例", "这是什么投诉", "用哪份预案", "教训", "草稿")
    ]
    assert places == sorted(places)
    assert "投诉子类：多次维修未果" in result.output
    assert "张伟" not in result.output
    assert "13812345678" not in result.output


def test_as_json(indexed: Path) -> None:
    result = run(indexed, "advise", "-", "--json", stdin=TEXT)
    made = json.loads(result.stdout)
    assert list(made) == ["cases", "judgement", "playbooks", "lessons", "contrasts", "draft"]


def test_the_draft_is_written_and_the_check_accepts_it(indexed: Path) -> None:
    made = json.loads(run(indexed, "advise", "-", "--json", stdin=TEXT).stdout)["draft"]
    target = indexed / made["path"]
    target.parent.mkdir(parents=True, exist_ok=True)
    assert run(indexed, "advise", "-", "--draft", str(target), stdin=TEXT).exit_code == 0
    assert target.read_text(encoding="utf-8") == made["text"]
    checked = run(indexed, "check", str(target))
    assert checked.exit_code == 0, checked.output
    assert "错误" not in checked.output


def test_a_nasty_text_makes_a_draft_that_the_check_accepts(indexed: Path) -> None:
    nasty = (
        "---\nid: X\n---\n# 标题\n## 受理\n```\n<script>x</script>\n| a | b |\n[x](y.md)\n1. 退钱\n"
    )
    made = json.loads(run(indexed, "advise", "-", "--json", stdin=nasty).stdout)["draft"]
    target = indexed / made["path"]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(made["text"], encoding="utf-8")
    checked = run(indexed, "check", str(target))
    assert checked.exit_code == 0, checked.output


def test_a_draft_shows_the_text_as_it_was_written(indexed: Path) -> None:
    lines = [
        "<b>甲</b> & 乙",
        "= 丙 | 丁 ~~戊~~",
        ": 己 `庚` *辛* [壬](癸)",
        "- 子",
        "1. 丑 #寅 {卯} \\辰!",
    ]
    made = json.loads(run(indexed, "advise", "-", "--json", stdin="\n".join(lines)).stdout)["draft"]
    record = made["text"].partition("## 记录")[2].partition("\n## ")[0]
    shown = re.sub(r"<[^>]+>", "", Converter().convert(record).lead)
    assert [html.unescape(line) for line in shown.split("\n") if line.strip()] == lines


def test_nothing_is_overwritten(indexed: Path, tmp_path: Path) -> None:
    target = tmp_path / "草稿.md"
    target.write_text("原有", encoding="utf-8")
    result = run(indexed, "advise", "-", "--draft", str(target), stdin=TEXT)
    assert result.exit_code == 2
    assert "不覆盖" in result.output
    assert target.read_text(encoding="utf-8") == "原有"


def test_the_text_is_written_nowhere(indexed: Path) -> None:
    marker = "独一无二的暗号甲乙丙"
    before = {path for path in indexed.rglob("*") if path.is_file()}
    assert run(indexed, "advise", "-", stdin=TEXT + marker).exit_code == 0
    after = {path for path in indexed.rglob("*") if path.is_file()}
    assert after == before
    assert not [path for path in after if marker.encode() in path.read_bytes()]


def test_it_reads_what_windows_writes(indexed: Path) -> None:
    result = run(indexed, "advise", "-", stdin=TEXT.encode("gb18030"))
    assert "投诉子类：多次维修未果" in result.output


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "没有文字"), ("字" * 20_001, "20000 字"), (b"\xff\xfe\x00\x81", "不是 UTF-8")],
)
def test_what_it_refuses(indexed: Path, text: str | bytes, said: str) -> None:
    result = run(indexed, "advise", "-", stdin=text)
    assert result.exit_code == 2
    assert said in result.output


def test_without_an_index_it_makes_one_and_says_so(root: Path) -> None:
    first = run(root, "advise", "-", "--json", stdin=TEXT)
    assert first.exit_code == 0, first.output
    assert "先建一次" in first.stderr
    second = run(root, "advise", "-", "--json", stdin=TEXT)
    assert second.stderr == ""
    assert second.stdout == first.stdout


@pytest.mark.parametrize(
    ("sayings", "said"),
    [
        (f"PB-001: [{'长' * 81}]", "最多 80 个字"),
        ("PB-001: [钱呢, 钱呢]", "写了两遍"),
        ("PB-001: [钱呢]\nPB-002: [钱呢]", "PB-001 里已经有了"),
        ("PB-001: 钱呢\nPB-001: 货呢", "PB-001"),
    ],
)
def test_a_saying_that_cannot_be_used_is_an_error_with_its_place(
    root: Path, sayings: str, said: str
) -> None:
    (root / "site_config" / "sayings.yml").write_text(sayings, encoding="utf-8")
    result = run(root, "advise", "-", stdin=TEXT)
    assert result.exit_code == 2
    assert said in result.output
    assert "sayings.yml:" in result.output


def test_what_customers_say_is_a_reason_for_a_playbook(root: Path) -> None:
    text = "橱窗里的灯笼糊得歪七扭八，跟我上次说的花样一点不沾边，绸带也少了两条"
    reason = "原话像客户遇到这种情形时说的话"
    sayings = root / "site_config" / "sayings.yml"
    sayings.unlink()
    made = json.loads(run(root, "advise", "-", "--json", stdin=text).stdout)
    assert reason not in made["playbooks"][0]["why"]
    sayings.write_text("PB-001: [灯笼糊得歪七扭八, 花样跟上次说的一点不沾边]\n", "utf-8")
    made = json.loads(run(root, "advise", "-", "--json", stdin=text).stdout)
    assert reason in made["playbooks"][0]["why"]


@pytest.mark.parametrize(
    ("cues", "said"),
    [
        ("fields: {severity: {huge: {strong: [大]}}}", "没有“huge”"),
        ("fields: {severity: {较种: {strong: [大]}}}", "较重"),
        ("fields: {product: {x: {strong: [大]}}}", "不认识“product”"),
        ("fields: {severity: {minor: {strong: [大, 大]}}}", "写了两遍"),
        ("fields: {severity: {minor: {strong: [修了…]}}}", "不能用"),
        ("implied: {severity: {minor: {appeal: none}}}", "没有“none”"),
    ],
)
def test_a_cue_that_means_nothing_is_an_error_with_its_place(
    root: Path, cues: str, said: str
) -> None:
    (root / "site_config" / "cues.yml").write_text(cues, encoding="utf-8")
    result = run(root, "check")
    assert result.exit_code == 2
    assert "site_config/cues.yml:1:" in result.output
    assert said in result.output
