"""Names, links and places: nothing is followed out of the base, nothing takes another's place (T6)."""

from __future__ import annotations

import datetime
import json
import os
import re
import socket
from pathlib import Path

import pytest
from bases import HOSTILE, make_base
from documents import BODY, files_of, lesson

from kb_builder import loader, pipeline, rules, site
from kb_builder.diagnostics import KbError
from kb_builder.site.output import Output

TODAY = datetime.date(2024, 6, 30)
NAMES = [
    "CON.md", "aux.md", "com1.md", "LPT9.md", "a#b.md", "a?b.md", "a&b<c>.md", '"q".md', "'x'.md", "a\nb.md",
    "a\tb.md", "a\x1b[31mb.md", "a\u202egpj.md", "a\u200bb.md", "trail .md", "a;b.md", "a|b.md", "a\\b.md", "a:b.md",
    "*.md", "{{7*7}}.md", "javascript:alert(1).md", " lead.md", "a%2e%2e.md", "长" * 81 + ".md", "x/nul.md",
]  # fmt: skip
GOOD = [
    "write-case.md",
    "写法.md",
    "a b.md",
    "v1.2.md",
    "README.md",
    "404.md",
    "search.md",
    "deep/er/page.md",
]
SECRET = "隔壁的秘密"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50


def build(root: Path, output: Path) -> site.BuildReport:
    return site.build(loader.load(root), output, search=False, unpublishable=frozenset())


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a site with nothing odd in it."""
    folder = tmp_path_factory.mktemp("plain")
    build(make_base(folder / "base", dict([lesson(1)])), folder / "site")
    return files_of(folder / "site")


def names() -> list[str]:
    """Ours, and what others collected where it is there."""
    path = HOSTILE / "filenames.json"
    others = json.loads(path.read_text("utf-8"))["names"] if path.is_file() else []
    return sorted({*NAMES, *(each for each in others if each.endswith(".md"))})


def test_odd_names_make_no_odd_addresses(tmp_path: Path, plain: dict[str, bytes]) -> None:
    root = make_base(tmp_path / "base", dict([lesson(1)]))
    for name in (*names(), *GOOD):
        path = root / "cases/guide" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# 一页\n\n文\n", "utf-8")
    report = build(root, tmp_path / "site")
    made = files_of(tmp_path / "site")
    for path in made:
        assert re.fullmatch(r"[\w.\-/ ]+", path), path
        assert all(0 < len(part) <= 120 for part in path.split("/"))
    for name in GOOD:
        assert f"guide/{name[:-3]}/index.html" in made or name == "README.md", name
    for name in NAMES:
        assert not [path for path in made if name[:-3] in path.removeprefix("guide/").split("/")]
    # Each is named to the editor, and what belongs to the theme is what it was.
    assert len(report.unconverted) >= len(NAMES)
    assets = {path: data for path, data in plain.items() if path.startswith("assets/")}
    assert {path: made[path] for path in assets} == assets


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.md", "a/index.md"),
        ("Case.md", "case.md"),
        ("caf\u00e9.md", "cafe\u0301.md"),
        ("ﬁ.md", "FI.md"),
    ],
)
def test_of_two_pages_with_one_address_one_is_refused(one: str, other: str, tmp_path: Path) -> None:
    files = dict([lesson(1)]) | {
        f"cases/guide/{name}": f"# {number}\n\n第 {number} 页\n"
        for number, name in enumerate((one, other))
    }
    root = make_base(tmp_path / "base", files)
    report = build(root, tmp_path / "site")
    (problem,) = report.unconverted
    assert "一样" in problem or "分开存" in problem
    assert "cases/guide/" in problem
    built = pipeline.build(root, tmp_path / "public", today=TODAY)
    assert built.stopped
    assert [each.rule for each in built.diagnostics] == ["KB015"]


def test_two_files_of_the_site_never_share_a_place(tmp_path: Path) -> None:
    for one, other in (("a", "A"), ("caf\u00e9", "cafe\u0301"), ("a", "a")):
        output = Output(tmp_path)
        output.put(f"{one}/index.html", b"1")
        with pytest.raises(KbError, match="同一个地方"):
            output.put(f"{other}/index.html", b"2")


def test_pictures_whose_names_differ_by_case_are_refused(tmp_path: Path) -> None:
    body = BODY.format("![一](a.png)和![二](A.png)")
    root = make_base(tmp_path / "base", dict([lesson(1, body)]))
    for name in ("a.png", "A.png"):
        (root / "cases/lessons" / name).write_bytes(PNG + name.encode())
    with pytest.raises(KbError, match="同一个地方"):
        build(root, tmp_path / "site")


def test_nothing_is_followed_out_of_the_base(tmp_path: Path, plain: dict[str, bytes]) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "LS-900.md").write_text(lesson(900, BODY.format(SECRET))[1], "utf-8")
    (outside / "secret.png").write_bytes(PNG + SECRET.encode())
    body = BODY.format(
        "![一](link.png)![二](folder/secret.png)![三](../../../outside/secret.png)![四](pipe.png)"
    )
    root = make_base(tmp_path / "base", dict([lesson(1, body)]))
    folder = root / "cases/lessons"
    (folder / "LS-002.md").symlink_to(outside / "LS-900.md")
    (folder / "LS-003.md").symlink_to("/etc/passwd")
    (folder / "LS-004.md").symlink_to("LS-004.md")
    (folder / "LS-005.md").symlink_to("nowhere.md")
    (folder / "folder").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "link.png").symlink_to(outside / "secret.png")
    (root / "cases/guide").mkdir()
    (root / "cases/guide/page.md").symlink_to(outside / "LS-900.md")
    os.mkfifo(folder / "LS-006.md")
    os.mkfifo(folder / "pipe.png")
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(folder)  # the name of a socket has 108 bytes at most
    try:
        server.bind("LS-007.md")
    finally:
        os.chdir(here)
        server.close()
    base = loader.load(root)
    found = {
        one.path: one.rule
        for one in rules.check(base.corpus, base.settings, TODAY)
        if one.rule == "KB012"
    }
    odd = [f"cases/lessons/LS-00{n}.md" for n in range(2, 8)]
    assert sorted(found) == ["cases/guide/page.md", *odd]
    build(root, tmp_path / "site")
    made = files_of(tmp_path / "site")
    assert not [
        path for path, data in made.items() if SECRET.encode() in data or b"root:x:" in data
    ]
    assert {path for path in made if path.startswith("media/")} == set()
    assert {path.partition("/")[0] for path in made} == {path.partition("/")[0] for path in plain}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b"<svg onload='alert(1)'/>"),
        ("a.html", b"<script>alert(1)</script>"),
        ("a.png", b"<svg onload='alert(1)'/>"),
        ("a.jpg", PNG),
        ("a.gif", b"GIF8<script>"),
        ("a.webp", b"RIFF0000<script>alert(1)</script>"),
        ("a.pdf", b"%PDF-1.4"),
        ("a.js", b"alert(1)"),
        (".a.png", PNG),
        ("a.png", b""),
        ("a.png", PNG + b"0" * 10_485_760),
    ],
)
def test_only_pictures_are_published(name: str, data: bytes, tmp_path: Path) -> None:
    body = BODY.format(f"![一]({name})和[二]({name})")
    root = make_base(tmp_path / "base", dict([lesson(1, body)]))
    (root / "cases/lessons" / name).write_bytes(data)
    build(root, tmp_path / "site")
    made = files_of(tmp_path / "site")
    assert not [path for path in made if path.startswith("media/")]
    assert data[:40] not in made["l/LS-001/index.html"] or not data


def test_a_picture_is_published_as_it_is(tmp_path: Path) -> None:
    """The control of the test above."""
    root = make_base(tmp_path / "base", dict([lesson(1, BODY.format("![一](a.png)"))]))
    (root / "cases/lessons/a.png").write_bytes(PNG)
    build(root, tmp_path / "site")
    assert files_of(tmp_path / "site")["media/lessons/a.png"] == PNG


def test_content_takes_no_place_of_theme_or_generated_files(
    tmp_path: Path, plain: dict[str, bytes]
) -> None:
    script = next(path for path in plain if path.endswith(".js") and "bundle" in path)
    root = make_base(tmp_path / "base", dict([lesson(1)]))
    for name in (script, "404.html", "sitemap.xml", "_headers", "search-index/entry.json", "robots.txt",
                 "index.html", "assets/kb.css", "a.md~", "a.md.orig", "#a.md#", ".hidden.md", "b.docx", "c.yaml"):  # fmt: skip
        path = root / "cases" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SECRET, "utf-8")
    build(root, tmp_path / "site")
    assert files_of(tmp_path / "site") == plain


@pytest.mark.parametrize("address", ["..", "a/b", "C", "assets.", "", "a b", "中"])
def test_a_kind_has_an_address_of_letters(address: str, tmp_path: Path) -> None:
    root = make_base(tmp_path / "base", dict([lesson(1)]))
    schema = root / "site_config/schema.yml"
    text = schema.read_text("utf-8")
    assert "    address: l\n" in text
    schema.write_text(
        text.replace("    address: l\n", f"    address: {json.dumps(address)}\n"), "utf-8"
    )
    with pytest.raises(KbError, match="address"):
        loader.load(root)


@pytest.mark.parametrize(
    "data",
    [
        "# 退款流程\n".encode("gb18030"),
        "# 页\n".encode("utf-16"),
        "# 页\0\n".encode(),
        b"\xff\xfe\xfd",
    ],
    ids=["gbk", "utf-16", "nul", "bytes"],
)
def test_a_page_in_another_encoding_is_left_out(data: bytes, tmp_path: Path) -> None:
    root = make_base(tmp_path / "base", dict([lesson(1)]))
    (root / "cases/guide").mkdir()
    (root / "cases/guide/page.md").write_bytes(data)
    report = build(root, tmp_path / "site")
    assert "cases/guide/page.md" in report.unconverted[0]
    assert "guide/page/index.html" not in files_of(tmp_path / "site")
