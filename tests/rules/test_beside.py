"""What is no document: hand-written pages, settings, pictures that nothing names; personal data in them, and
references to what readers may not see.
"""

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


def test_a_page_is_looked_at_again_when_another_takes_its_address(root: Path) -> None:
    followed = FollowedBase(root)
    base = followed.now()
    rechecker = Rechecker(base.settings)
    guide = root / "cases/guide"
    guide.mkdir(exist_ok=True)

    def check() -> list[tuple[str, str]]:
        base = followed.now()
        found = rechecker.check(base.corpus, TODAY)
        assert found == rules.check(base.corpus, base.settings, TODAY)
        return [(each.path, each.rule) for each in found if each.path.startswith("cases/guide/")]

    (guide / "case.md").write_text("# 一页\n", encoding="utf-8")
    assert check() == []
    (guide / "Case.md").write_text("# 一页\n", encoding="utf-8")
    assert check() == [("cases/guide/case.md", "KB015")]
    (guide / "Case.md").unlink()
    assert check() == []


def test_where_a_value_is_reviewed_it_is_not_in_use(root: Path) -> None:
    """Or no entry of privacy.yml would ever be needless."""
    text = "reviewed:\n  - {value: 13800001234, reason: 总机, by: 店长}\n"
    (root / "site_config/privacy.yml").write_text(text, encoding="utf-8")
    assert [each.rule for each in _check(root) if each.path == "site_config/privacy.yml"] == [
        "KB520"
    ]


def _apart(root: Path) -> None:
    """Make it a base that keeps audiences apart, in which all is public but a lesson and two pages."""
    (root / "site_config/audiences.yml").write_text("default: public\n", encoding="utf-8")
    for name in ("counterpoints", "glossary", "cues", "sayings"):
        (root / f"site_config/{name}.yml").unlink(missing_ok=True)
    for path in root.glob("cases/**/*.md"):
        text = path.read_text("utf-8")
        seen = "内部" if path.stem == "LS-002" else "公开"
        front = "---\n" if text.startswith("---\n") else "---\ntitle: 页\n---\n"
        text = text if text.startswith("---\n") else front + text
        path.write_text(text.replace("---\n", f"---\nvisibility: {seen}\n", 1), encoding="utf-8")
    for name, seen in (("inside", "内部"), ("board", "限制")):
        page = f"---\ntitle: 只给同事\nvisibility: {seen}\n---\n# 只给同事\n"
        (root / f"cases/guide/{name}.md").write_text(page, encoding="utf-8")


def _hidden(root: Path) -> list[tuple[str, int, str]]:
    found = [each for each in _check(root) if each.rule == "KB702"]
    return [
        (each.path, each.span.line, each.source[each.span.column - 1 :][: each.span.length])
        for each in found
    ]


@pytest.mark.parametrize(
    ("path", "text", "line", "word"),
    [
        ("site_config/counterpoints.yml", "- id: C1\n  pages: [LS-001, LS-002]\n", 2, "LS-002"),
        ("site_config/glossary.yml", "- term: 投诉\n  see: [LS-002]\n", 2, "LS-002"),
        ("site_config/glossary.yml", '- term: 投诉\n  definition: "# 见LS-002。"\n', 2, "LS-002"),
        ("mkdocs.yml", "site_name: 库\nnav:\n  - 秘密: guide/inside.md\n", 3, "guide/inside"),
        ("mkdocs.yml", "site_name: 库\ncopyright: 见 /guide/board/\n", 2, "guide/board"),
        ("mkdocs.yml", "x: !!python/name:a.b\nnav: [lessons/LS-002.md]\n", 2, "LS-002"),
        (
            "cases/guide/how.md",
            "---\nvisibility: 公开\n---\n见[那里](inside.md)。\n",
            4,
            "inside.md",
        ),
        (
            "cases/guide/how.md",
            "---\nvisibility: 内部\n---\n见[那里](board.md)和[这里](inside.md)。\n",
            4,
            "board.md",
        ),
        (
            "cases/guide/how.md",
            "---\nvisibility: 公开\n---\n见[教训](../lessons/LS-002.md)。\n",
            4,
            "../lessons/LS-002.md",
        ),
    ],
)  # fmt: skip
def test_what_more_may_see_must_not_name_what_they_may_not(
    path: str, text: str, line: int, word: str, root: Path
) -> None:
    _apart(root)
    before = _hidden(root)
    (root / path).write_text(text, encoding="utf-8")
    assert [each for each in _hidden(root) if each not in before] == [(path, line, word)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("site_config/glossary.yml", "# 见 LS-002\n- term: 投诉  # LS-002\n  see: [LS-001]\n"),
        ("site_config/glossary.yml", "- term: 投诉\n  see: [XLS-002, LS-0021]\n"),
        ("site_config/imports/x.yml", "like: LS-002\n"),
        ("mkdocs.yml", "site_name: 库\nnav: [guide/writing.md]\n"),
        ("cases/guide/how.md", "---\nvisibility: 内部\n---\n见[那里](inside.md)。\n"),
    ],
)
def test_what_nobody_else_sees_may_name_it(path: str, text: str, root: Path) -> None:
    _apart(root)
    before = _hidden(root)
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")
    assert _hidden(root) == before


@pytest.mark.parametrize(
    "text",
    [
        "见[那里](../../guide/inside.md)。",
        '见[那里](../../guide/inside.md "题")。',
        "见[那里][1]。\n\n[1]: ../../guide/inside.md",
        '见<a href="../../guide/inside.md">那里</a>。',
    ],
)
def test_a_public_case_must_not_link_to_an_internal_page(text: str, root: Path) -> None:
    _apart(root)
    before = _hidden(root)
    case = next(root.glob("cases/resolved/2024/*.md"))
    with case.open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")
    (new,) = [each for each in _hidden(root) if each not in before]
    assert new[0] == case.relative_to(root).as_posix()
    assert new[2] == "../../guide/inside.md"
