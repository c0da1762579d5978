"""Personal data in what is no document: hand-written pages, settings, pictures that nothing names."""

from __future__ import annotations

import datetime
import struct
import zlib
from pathlib import Path

import pytest

from kb_builder import loader, rules
from kb_builder.diagnostics import Diagnostic
from kb_builder.loader import FollowedBase
from kb_builder.rules.rechecking import Rechecker

TODAY = datetime.date(2026, 11, 22)


def _check(root: Path) -> list[Diagnostic]:
    base = loader.load(root)
    found = rules.check(base.corpus, base.settings, TODAY)
    followed = FollowedBase(root).now()
    assert Rechecker(followed.settings).check(followed.corpus, TODAY) == found
    return found


def _picture(text: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"tEXt", b"Author\0" + text) + chunk(b"IEND", b"")


@pytest.mark.parametrize("path", ["cases/index.md", "cases/guide/how.md", "site_config/extra.yml"])
def test_a_number_beside_the_documents_is_reported(root: Path, path: Path) -> None:
    file = root / path
    file.parent.mkdir(exist_ok=True)
    file.write_text("# 说明\n# 有事打 13800001234\n", encoding="utf-8")
    found = [each for each in _check(root) if each.path == str(path)]
    assert [(each.rule, each.span.line) for each in found] == [("KB501", 2)]
    assert "13800001234" not in found[0].source


def test_an_exception_is_written_as_in_documents(root: Path) -> None:
    (root / "cases/guide").mkdir(exist_ok=True)
    page = "打 0731-88880000。<!-- kb: ignore KB501 公司总机 -->\n\n`<!-- kb: ignore KB501 -->`\n"
    (root / "cases/guide/how.md").write_text(page, encoding="utf-8")
    setting = "a: 0731-88880000  # kb: ignore KB501 公司总机\n"
    (root / "site_config/extra.yml").write_text(setting, encoding="utf-8")
    assert [each for each in _check(root) if each.rule.startswith("KB5")] == []


def test_a_picture_that_nothing_names_is_reported_itself(root: Path) -> None:
    (root / "cases/resolved/2024/lone.png").write_bytes(_picture(b"Zhang Wei"))
    found = [each for each in _check(root) if each.rule == "KB516"]
    assert [each.path for each in found] == ["cases/resolved/2024/lone.png"]


def test_where_a_value_is_reviewed_it_is_not_in_use(root: Path) -> None:
    """Or no entry of privacy.yml would ever be needless."""
    text = "reviewed:\n  - {value: 13800001234, reason: 总机, by: 店长}\n"
    (root / "site_config/privacy.yml").write_text(text, encoding="utf-8")
    assert [each.rule for each in _check(root) if each.path == "site_config/privacy.yml"] == [
        "KB520"
    ]
