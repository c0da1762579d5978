"""Nothing personal of a table reaches the disk, a report or a key."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_importing import HEADER, Bench, actions, line

from kb_builder.diagnostics import KbError
from kb_builder.intake import files
from kb_builder.intake.importing import Action
from kb_builder.intake.keys import MARK
from kb_builder.intake.texts import Texts

SECRETS = ("张伟", "李娜", "13800001234", "138-0000-1234", "110101190003070010", "GD-2024-000123")


@pytest.fixture
def bench(base: Path, write_csv: Callable[..., Path]) -> Bench:
    return Bench(base, write_csv)


def everything(folder: Path) -> str:
    return "\n".join(
        f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "site_config" not in path.parts and path.suffix != ".csv"
    )


def test_all_cells_of_a_row_are_redacted_together(bench: Bench) -> None:
    (step,) = bench.run(
        [
            line(
                7,
                标题="张伟的屏幕碎了没人管",
                详情="客户张伟来电，电话 138-0000-1234，身份证110101190003070010",
                答复="店员李娜已给张伟（13800001234）换新。",
            )
        ]
    )
    assert "title: 客户甲的屏幕碎了没人管" in step.text
    assert "客户甲来电，电话 电话①，身份证证件①" in step.text
    assert "店员乙已给客户甲（电话①）换新。" in step.text
    assert not [secret for secret in SECRETS if secret in everything(bench.root)]


def test_what_the_map_says_about_a_column_counts(bench: Bench) -> None:
    bench.map_text += '  反馈:\n    - text: "联系人：{用户}。"\n'
    bench.map_text = bench.map_text.replace("mask: {columns: [用户], word: 留言人}\n", "")
    (step,) = bench.run([line(1, 用户="买买提")])
    assert "联系人：客户甲。" in step.text


def test_a_personal_number_becomes_a_key_with_no_way_back(bench: Bench) -> None:
    bench.map_text = bench.map_text.replace(
        "{column: 编号, prefix: T-}", "{column: 编号, prefix: 工单号}"
    )
    rows = [line("GD-2024-000123"), line("GD-2024-000124")]
    first, second = bench.run(rows)
    assert f"key: 工单号{MARK}" in first.text
    assert first.text != second.text
    assert "GD-2024" not in everything(bench.root)
    assert actions(bench.run(rows)) == [Action.UNCHANGED] * 2
    secret = bench.root / ".kb/import.key"
    assert secret.stat().st_mode & 0o077 == 0
    secret.unlink()
    with pytest.raises(KbError, match=r"缺少 .*import\.key"):
        bench.run(rows)
    # Nobody waits for a secret, and one that may still be needed is not thrown away.
    os.mkfifo(secret)
    with pytest.raises(KbError, match=r"读不了 .*import\.key：不是普通文件"):
        bench.run(rows)
    assert secret.is_fifo()


def test_a_dry_run_keeps_no_secret(bench: Bench) -> None:
    bench.map_text = bench.map_text.replace(
        "{column: 编号, prefix: T-}", "{column: 编号, prefix: 工单号}"
    )
    bench.run([line("GD-2024-000123")], write=False)
    assert not (bench.root / ".kb/import.key").exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"时间": "客户张伟 13800001234"},
        {"渠道": "打13800001234"},
        {"编号": "13800001234"},
        {"标题": "", "详情": "张伟"},
    ],
)
def test_reasons_do_not_quote_it(bench: Bench, changed: dict[str, str]) -> None:
    values = dict(zip(HEADER, line(1), strict=True)) | changed
    rows = [list(values.values())] * 2
    steps = bench.run(rows, write=False)
    said = " ".join(step.reason for step in steps)
    assert not [secret for secret in SECRETS if secret in said]


def test_a_header_that_is_data_is_not_quoted(bench: Bench) -> None:
    import_map = bench.map()
    with pytest.raises(KbError) as caught:
        import_map.check_columns(["1", "张伟", "打13800001234找他"])
    assert not [secret for secret in SECRETS if secret in str(caught.value)]


def test_a_secret_is_written_whole_or_not_at_all(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_source: Path, _target: Path) -> None:
        raise KeyboardInterrupt

    bench.map_text = bench.map_text.replace(
        "{column: 编号, prefix: T-}", "{column: 编号, prefix: 工单号}"
    )
    with monkeypatch.context() as patch:
        patch.setattr(files.os, "link", killed)
        with pytest.raises(KeyboardInterrupt):
            bench.run([line("GD-2024-000123")])
    assert not (bench.root / ".kb/import.key").exists()
    assert actions(bench.run([line("GD-2024-000123")])) == [Action.CREATED]


def test_a_name_put_together_by_a_digest_of_digits_is_no_name(bench: Bench) -> None:
    """The digest is not redacted, whatever its digits look like, or no row would be known again."""
    rows = [line(number, 详情=f"第{number}次来电") for number in range(60)]
    bench.run(rows)
    assert actions(bench.run(rows)) == [Action.UNCHANGED] * 60


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=20))
def test_a_spreadsheets_texts_come_back_and_are_not_in_the_clear(texts: list[str]) -> None:
    held = Texts(texts)
    assert [held[number] for number in range(len(texts))] == texts
    with pytest.raises(IndexError):
        held[len(texts)]
    rows = held._base.execute("SELECT data FROM texts").fetchall()
    assert not [
        text for text in texts if len(text) > 5 and text.encode() in {row[0] for row in rows}
    ]
    held.close()
