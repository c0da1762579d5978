"""Whatever lies in `cases/`, `kb check` says what is wrong with it and shows no traceback."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from kb_builder import loader, reporters, rules
from kb_builder.cli import main
from kb_builder.diagnostics import Diagnostic
from kb_builder.model import document
from kb_builder.model.corpus import Corpus
from kb_builder.model.settings import Settings

TODAY = datetime.date(2024, 6, 30)
FORMATS = ["full", "concise", "json", "github"]
SHARED = Path(__file__).parents[3] / "shared" / "data" / "hostile"

VALID = (Path(__file__).parents[1] / "corpus/cases/resolved/2024/CASE-2024-0001.md").read_text(
    encoding="utf-8"
)
PATH = "cases/resolved/2024/CASE-2024-0001.md"


def fields(text: str) -> bytes:
    """A document whose front matter is this."""
    return f"---\n{text}\n---\n\n## 记录\n\n文字\n".encode()


def body(text: str) -> bytes:
    """A valid document with this body."""
    return (VALID.split("\n---\n")[0] + "\n---\n\n" + text).encode()


def bomb(levels: int) -> str:
    """Aliases of aliases: nine times as many values on each level."""
    lines = ["a0: &a0 [哈, 哈, 哈]"]
    for level in range(1, levels):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]")
    return "\n".join(lines)


HOSTILE: dict[str, bytes] = {
    # Bytes
    "empty": b"",
    "newline": b"\n",
    "nul": b"\0",
    "many nuls": b"\0" * 100_000,
    "byte order mark only": b"\xef\xbb\xbf",
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf---\nid: x\n---\n",
    "byte order mark inside": "---\n\ufeffid: x\n---\n".encode(),
    "utf-16 little": VALID.encode("utf-16-le"),
    "utf-16 big with mark": b"\xfe\xff" + VALID.encode("utf-16-be"),
    "utf-32": VALID.encode("utf-32"),
    "gbk": VALID.replace("電", "电").encode("gbk"),
    "big5": "---\ntitle: 標題\n---\n".encode("big5"),
    "latin-1": "---\ntitle: caf\xe9\n---\n".encode("latin-1"),
    "shift-jis": "---\ntitle: テスト\n---\n".encode("shift-jis"),
    "every byte": bytes(range(256)) * 4,
    "overlong encoding": b"---\nid: \xc0\xaf\n---\n",
    "encoded surrogate": b"---\nid: \xed\xa0\x80\n---\n",
    "beyond unicode": b"---\nid: \xf4\x90\x80\x80\n---\n",
    "continuation byte first": b"\x80---\n",
    "cut in a character": "---\ntitle: 标".encode()[:-1],
    "elf": b"\x7fELF\x02\x01\x01" + bytes(100),
    "zip": b"PK\x03\x04" + bytes(range(200)),
    "gzip": b"\x1f\x8b\x08\x00" + bytes(50),
    "carriage returns only": VALID.replace("\n", "\r").encode(),
    "mixed line ends": VALID.replace("\n", "\r\n", 10).replace("\n", "\r", 3).encode(),
    "unicode line ends": VALID.replace("\n", "\u2028").encode(),
    "next line": VALID.replace("\n", "\x85").encode(),
    "vertical tabs": VALID.replace("\n", "\x0b").encode(),
    "form feeds": VALID.replace("\n", "\x0c").encode(),
    "noncharacters": fields("title: \ufffe\uffff\ufdd0"),
    "private use": fields("title: \ue000\U000f0000"),
    "bidi override": fields("title: \u202e预付\u202c\u2066\u2069"),
    "zero width": fields("titl\u200be: 预\u200b付\ufeff座椅套"),
    "combining marks": fields("title: " + "e" + "\u0301" * 5_000),
    "emoji": fields("title: 👨‍👩‍👧‍👦🏳️‍🌈 预付座椅套"),
    "terminal escapes": fields("title: \x1b]0;x\x07\x1b[2J"),
    "backspaces": fields("title: 草稿\b\b已发布"),
    # Fences
    "one fence": b"---",
    "two fences": b"---\n---",
    "fences only": b"---\n" * 5_000,
    "four dashes": b"----\nid: x\n----\n",
    "dots": b"---\nid: x\n...\n",
    "indented fence": b" ---\nid: x\n ---\n",
    "fence in a block": fields("title: |\n  ---\n  x"),
    "no newline at the end": VALID.strip().encode(),
    "fence with no-break space": "---\u00a0\nid: x\n---\n".encode(),
    "toml": b'+++\nid = "x"\n+++\n',
    "json": b'{"id": "x"}\n',
    # YAML
    "list": fields("- id: x\n- id: y"),
    "scalar": fields("x"),
    "null": fields("null"),
    "comment only": fields("# nothing"),
    "spaces only": fields("   \n  \n"),
    "tab": fields("\tid: x"),
    "tab after key": fields("id:\tx"),
    "anchor": fields("id: &a x"),
    "alias": fields("id: *a"),
    "alias of itself": fields("id: &a [*a]"),
    "alias bomb": fields(bomb(10)),
    "alias bomb in one line": fields("a: &a [x,x,x]\nb: &b [*a,*a]\nc: [*b,*b]"),
    "merge": fields("<<: {id: x}"),
    "merge of a list": fields("<<: [a, b]"),
    "python object": fields("id: !!python/object/apply:os.system [id]"),
    "python name": fields("id: !!python/name:os.system"),
    "python tuple": fields("id: !!python/tuple [1, 2]"),
    "binary": fields("id: !!binary aGVsbG8="),
    "set": fields("id: !!set {a, b}"),
    "timestamp": fields("id: !!timestamp 2024-01-01"),
    "env": fields("id: !ENV [PATH]"),
    "unknown tag": fields("id: !foo bar"),
    "tag directive": fields("%TAG ! tag:x,2000:\nid: !foo bar"),
    "yaml directive": fields("%YAML 9.9\nid: x"),
    "second document": fields("id: x\n--- \nid: y"),
    "document end": fields("id: x\n...\nid: y"),
    "complex key": fields("? [a, b]\n: c"),
    "mapping as key": fields("? {a: b}\n: c"),
    "multi-line key": fields("? |\n  a\n  b\n: c"),
    "empty key": fields(": x"),
    "null key": fields("~: x"),
    "number as key": fields("1: x\n2: y"),
    "duplicate keys": fields("\n".join("id: x" for _ in range(1_000))),
    "duplicate keys by quoting": fields("id: x\n\"id\": y\n'id': z"),
    "unclosed quote": fields('id: "x'),
    "unclosed single quote": fields("id: 'x"),
    "unclosed bracket": fields("id: [x"),
    "unclosed brace": fields("id: {x: y"),
    "brackets that close nothing": fields("id: ]"),
    "comma": fields("id: [,]"),
    "bad escape": fields('id: "\\q"'),
    "escaped nul": fields('title: "\\0\\x1b\\u2028"'),
    "escaped surrogate": fields('title: "\\ud800"'),
    "escaped beyond unicode": fields('title: "\\UFFFFFFFF"'),
    "literal block": fields("title: |\n  一\n  二"),
    "folded block": fields("title: >-\n  一\n  二"),
    "bad block header": fields("title: |99\n  x"),
    "block indentation": fields("title: |2\n x"),
    "full-width colon": fields("id：CASE-2024-0001\ntitle：标题"),
    "full-width everything": fields("ｉｄ： ＣＡＳＥ"),
    "reserved": fields("id: @x\ntitle: `y`"),
    "percent": fields("id: %x"),
    "question mark": fields("?"),
    "dash": fields("-"),
    "dashes without space": fields("channel:\n  -电话\n  -邮件"),
    "wrong indentation": fields("timeline:\n  - when: x\n   what: y"),
    "deep flow": fields("id: " + "[" * 50_000),
    "deep flow closed": fields("id: " + "[" * 20_000 + "]" * 20_000),
    "deep mapping": fields("id: " + "{a: " * 10_000),
    "deep block": fields("\n".join(" " * depth + "a:" for depth in range(300))),
    "deep dashes": fields("id: \n" + "- " * 10_000),
    "deep questions": fields("? " * 10_000),
    # Size
    "over a mebibyte": VALID.encode() + b"a" * 1_100_000,
    "a mebibyte of front matter": fields("title: " + "长" * 300_000),
    "huge scalar": fields("title: " + "长" * 60_000),
    "huge number": fields("attempts: " + "9" * 60_000),
    "huge key": fields("长" * 60_000 + ": x"),
    "huge list": fields("aliases: [" + "甲, " * 15_000 + "]"),
    "huge list of unknown values": fields("channel: [" + ", ".join(map(str, range(8_000))) + "]"),
    "many unknown fields": fields("\n".join(f"a{n}: x" for n in range(5_000))),
    "many references": fields("lessons: [" + ", ".join(f"LS-{n}" for n in range(5_000)) + "]"),
    "long line": body("长" * 300_000),
    "many lines": body("\n" * 900_000),
    "many headings": body("## 记\n" * 20_000),
    "many levels of heading": body("#" * 1_000_000),
    "many first headings": body("# 甲\n" * 20_000),
    "heading of spaces": body("## x" + " " * 500_000 + "y"),
    "heading of hashes": body("## x " + "# " * 250_000 + "y"),
    "many links": body("[x](y.md) " * 20_000),
    "many brackets": body("[" * 500_000),
    "many bracket pairs": body("[](" * 300_000),
    "many link starts": body("[a" * 300_000),
    "many fences": body("```\n~~~\n" * 50_000),
    "unclosed fence": body("```\n" + "## 记录\n" * 50_000),
    "percent escapes": body("[x](" + "%2e%2e%2f" * 30 + "etc/passwd.md)"),
    "bad percent escapes": body("[x](%ff%fe%00.md) [y](%.md)"),
    "links up and out": body("[x](" + "../" * 90 + "x.md)"),
    # Values
    "wrong types everywhere": fields(
        "\n".join(
            f"{name}: {{a: [b]}}" for name in ("id", "title", "status", "channel", "timeline")
        )
    ),
    "lists everywhere": fields("id: [x]\ntitle: [x]\nstatus: [草稿]\nowner: [店长, 技师]"),
    "empty everywhere": fields("id:\ntitle:\nstatus:\nchannel:\ntimeline:\nowner:"),
    "empty groups": fields("timeline: [{}, {}, null, x, []]"),
    "groups in groups": fields("timeline: [{when: {when: x}, what: [[x]]}]"),
    "id of another": fields("id: CASE-2024-0002"),
    "id is a path": fields("id: ../../../etc/passwd"),
    "id is a script": fields("id: <script>alert(1)</script>"),
    "id with a line break": fields('id: "CASE-2024-0001\\nx"'),
    "id of other digits": fields("id: CASE-٢٠٢٤-٠٠٠١"),
    "id with a huge number": fields("id: CASE-2024-" + "9" * 400),
    "year zero": fields("occurred_on: 0000\nreceived_on: 0000-00-00"),
    "year 9999": fields("occurred_on: 9999-12-31"),
    "impossible dates": fields("occurred_on: 2024-02-30\nreceived_on: 2024-13-01 99:99"),
    "booleans as YAML has them": fields("authority_gap: NO\nincomplete: off"),
    "numbers as YAML has them": fields("attempts: 0x1F\nhandoffs: 1_000"),
    "reference to itself": fields("id: CASE-2024-0001\nrelated: [CASE-2024-0001]"),
    "redirect to itself": fields("redirect_from: [CASE-2024-0001, '', ../x]"),
    "format strings": fields("title: '{0} %s {title!r:>99999999}'\nsummary: '%(x)d'"),
    "null bytes by escape in a key": fields('"ti\\0tle": x'),
    "line break in a key": fields('"ti\\ntle": x'),
    "a key like a method": fields("__class__: x\nitems: y\nget: z"),
    "unicode keys that fold": fields("ＩＤ: x\nİd: y\nıd: z"),
    "status in other letters": fields("status: рublished\ntitle: 预付座椅套"),
    "status with a space inside": fields("status: 已 发 布"),
    "published by alias": fields("status: 公开"),
    "sections by entity": body("&#35;&#35; 记录\n\n文字"),
    "sections in a comment": body("<!--\n## 记录\n-->"),
    "setext headings": body("记录\n---\n\n总结\n===\n"),
    "front matter twice": body("---\nid: x\n---\n"),
    "html": body("<textarea>\n## 记录\n<script>alert(1)</script><plaintext>"),
    "comments of the checker": body("<!-- kb:allow KB401 -->"),
    "snippet": body('--8<-- "/etc/passwd"'),
    "what kills MkDocs": body("价格<![5折]"),
    "pound signs": body("######## x\n#######\n#\n##\n## \n##\t"),
    "headings of what is invisible": body("## \u200b\n\n## \u3000\n\n## \u00a0"),
    "headings in a list": body("- ## 记录\n> ## 总结"),
    "links in links": body("[[x](y.md)](z.md) [x]( y.md ) [x](<y.md>) [x](y.md 'z')"),
    "links to folders": body("[x](.) [x](..) [x](./) [x](../..) [x](//) [x](/)"),
    "links to other schemes": body("[x](javascript:alert(1)) [x](data:text/html,x) [x](C:\\x.md)"),
    "links with line breaks": body("[x](y%0A.md) [x](y%00.md) [x\n](y.md)"),
    "templates": fields("title: '{{ 7 * 7 }}{% include \"/etc/passwd\" %}'"),
    "markup": fields("title: '<img src=x onerror=alert(1)>'"),
    "workflow command": fields("title: '::error::x%0A'\nx,y:z: a"),
}

NAMES = [
    b"\x1b[31m.md", b"a\nb.md", b"a\tb.md", b"a\rb.md", b"\x07.md", b"\xff\xfe.md", b"\xe5\xba.md",
    b"a\\b.md", b"a:b.md", b"a?b#c.md", b"*.md", b"-rf.md", b" .md", b"..md", b"...md", b"con.md",
    b"'\".md", b"<b>.md", b"{0}.md", b"%s.md", b"%2e.md", b"$(id).md", b"`id`.md", b"a" * 252 + b".md",
    "\u202egpj.md".encode(), "\u200b.md".encode(), "e\u0301.md".encode(), "é.md".encode(),
    "长".encode() * 84 + b".md", "👨‍👩‍👧.md".encode(), "CASE-2024-0001\u00a0.md".encode(),
    b"case-2024-0001.md", b"CASE-2024-0001.MD", b"CASE-2024-0001.md.md", b"CASE-2024-0001 (1).md",
]  # fmt: skip


def kb(root: Path, *arguments: str) -> Result:
    command = ["--root", str(root), "check", *arguments]
    return CliRunner().invoke(main, command, catch_exceptions=False)


def diagnose(data: bytes, settings: Settings) -> list[Diagnostic]:
    """What is found in these bytes; and that each place is one."""
    read = document.build(PATH, data, settings.schema)
    lines = read.lines or ("",)
    for fault in read.faults:
        assert 1 <= fault.finding.span.line <= len(lines), fault
    found = rules.check(Corpus((read,)), settings, TODAY)
    for each in found:
        span = each.span
        assert 1 <= span.line <= len(lines), each
        assert each.source == lines[span.line - 1]
        assert 1 <= span.column <= len(each.source) + 1, each
        assert span.length >= 1
        assert span.column + span.length - 1 <= max(len(each.source), span.column)
        assert len(each.message) < 400
        assert len(each.hint) < 400
    assert bool(read.faults) <= bool(found)
    return found


def test_there_are_many() -> None:
    assert len(HOSTILE) + len(NAMES) >= 200


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_content_is_reported(name: str, settings: Settings) -> None:
    found = diagnose(HOSTILE[name], settings)
    assert found
    for report in (
        reporters.full(found),
        reporters.concise(found),
        reporters.github(found),
        reporters.as_json(found, documents=1),
    ):
        report.encode("utf-8")


@pytest.fixture
def hostile(root: Path) -> Path:
    """The small base with all hostile contents and names in it."""
    for number, data in enumerate(HOSTILE.values(), 100):
        (root / f"cases/playbooks/PB-{number}.md").write_bytes(data)
    for name in NAMES:
        with open(os.fsencode(root / "cases/resolved/2024") + b"/" + name, "wb") as file:  # noqa: PTH123
            file.write(b"---\nid: x\n---\n")
    return root


def test_all_of_it_at_once(hostile: Path) -> None:
    result = kb(hostile, "--format", "json")
    assert result.exit_code == 1
    assert result.stderr == ""
    paths = {os.fsencode(each["path"]) for each in json.loads(result.stdout)["diagnostics"]}
    for number, name in enumerate(HOSTILE, 100):
        assert b"cases/playbooks/PB-%d.md" % number in paths, name
    # One of these does not end in .md, the others begin with a point: they are not read.
    unread = {b"CASE-2024-0001.MD", b"..md", b"...md"}
    assert set(NAMES) - {path.rpartition(b"/")[2] for path in paths} == unread


def test_all_of_it_in_a_process(hostile: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "kb_builder", "--root", str(hostile), "check"],
        capture_output=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr == b""
    output = result.stdout.decode("utf-8")
    assert all(char.isprintable() or char in "\n\u3000" for char in output)


def test_names_that_others_collected(root: Path) -> None:
    source = SHARED / "filenames.json"
    if not source.is_file():
        pytest.skip("../shared/data/hostile is not here")
    names = [name for name in json.loads(source.read_text("utf-8"))["names"] if "/" not in name]
    for name in names:
        (root / "cases/resolved/2024" / name).write_text("---\nid: x\n---\n", encoding="utf-8")
    for form in FORMATS:
        assert kb(root, "--format", form).exit_code == 1


def test_markdown_that_others_collected(settings: Settings) -> None:
    source = SHARED / "markdown_pathological.json"
    if not source.is_file():
        pytest.skip("../shared/data/hostile is not here")
    for parts in json.loads(source.read_text("utf-8"))["cases"].values():
        diagnose(body("".join(text * times for text, times in parts)), settings)


def test_what_is_no_file_is_reported_and_not_waited_for(root: Path) -> None:
    folder = root / "cases/playbooks"
    os.mkfifo(folder / "PB-101.md")
    (folder / "PB-102.md").symlink_to("PB-001.md")
    (folder / "PB-103.md").symlink_to("PB-103.md")
    (folder / "PB-104.md").symlink_to("/etc/passwd")
    (folder / "PB-105.md").symlink_to(root)
    (folder / "PB-106.md").symlink_to("/dev/zero")
    (folder / "loop").symlink_to(folder)
    # From inside: the address of a socket is at most 108 bytes long.
    with contextlib.chdir(folder), socket.socket(socket.AF_UNIX) as server:
        server.bind("PB-107.md")
    result = kb(root, "--format", "concise")
    assert result.exit_code == 1
    for number in range(101, 108):
        assert f"cases/playbooks/PB-{number}.md:1:1: KB012" in result.stdout
    assert "loop" not in result.stdout


def test_a_folder_named_like_a_document_is_a_folder(root: Path) -> None:
    inside = root / "cases/playbooks/PB-101.md/PB-102.md"
    inside.parent.mkdir()
    inside.write_text("---\nid: PB-102\n---\n", encoding="utf-8")
    result = kb(root, "--format", "concise")
    assert "PB-101.md/PB-102.md:2:5: KB304" in result.stdout


@pytest.fixture
def nest(root: Path) -> Iterator[Callable[[str, int], None]]:
    """Makes folders inside each other in `cases/playbooks`, with PB-101.md in the last one."""

    def make(name: str, depth: int) -> None:
        here = Path.cwd()
        os.chdir(root / "cases/playbooks")
        for _ in range(depth):
            Path(name).mkdir()
            os.chdir(name)
        Path("PB-101.md").write_text("---\nid: PB-101\n---\n", encoding="utf-8")
        os.chdir(here)

    yield make
    # Python's own rmtree, with which pytest cleans up, is recursive.
    subprocess.run(["rm", "-rf", root / "cases/playbooks"], check=True)


def test_folders_deeper_than_the_stack(root: Path, nest: Callable[[str, int], None]) -> None:
    nest("d", 1_100)
    result = kb(root, "--format", "concise")
    assert result.exit_code == 1
    assert "PB-101.md:2:5: KB304" in result.stdout


def test_a_path_longer_than_the_system_takes(root: Path, nest: Callable[[str, int], None]) -> None:
    nest("d" * 250, 20)
    result = kb(root)
    assert result.exit_code == 2
    assert result.stderr.startswith("错误：读不了文件夹 cases/playbooks/")


def test_a_file_that_may_not_be_read(root: Path) -> None:
    secret = root / "cases/playbooks/PB-101.md"
    secret.write_text("---\nid: PB-101\n---\n", encoding="utf-8")
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        pytest.skip("this user may read everything")
    assert "PB-101.md:1:1: KB012" in kb(root, "--format", "concise").stdout


@cache
def repository_settings() -> Settings:
    """No fixture: Hypothesis prints all arguments of a test that fails."""
    return loader.load_settings(Path(__file__).parents[2])


@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    diagnose(data, repository_settings())


YAML_PIECES = st.sampled_from(
    [
        *("---\n", "\n", " ", "  ", "- ", ": ", ":", "：", "[", "]", "{", "}", ", ", "#", '"', "'"),
        *("|\n", ">\n", "&a ", "*a", "!x ", "\t", "? ", "%", "@", "\\", "~", "null", "title", "id"),
        *(
            "status",
            "已发布",
            "草稿",
            "channel",
            "投诉电话",
            "timeline",
            "when",
            "what",
            "2024-05-01",
        ),
        *(
            "lessons",
            "LS-001",
            "CASE-2024-0001",
            "## 记录\n",
            "# x\n",
            "```\n",
            "[x](y.md)",
            "\u3000",
        ),
        *("\r\n", "\r", "\0", "\x85", "\u2028", "\ufeff", "\u202e", "é", "😀", "座椅套", "x" * 300),
    ]
)


@hypothesis(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(YAML_PIECES, max_size=60))
def test_random_front_matter(pieces: list[str]) -> None:
    diagnose(fields("".join(pieces)), repository_settings())


@hypothesis(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_documents(data: st.DataObject) -> None:
    text = VALID
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        text = text[:start] + data.draw(YAML_PIECES) + text[end:]
    found = diagnose(text.encode("utf-8"), repository_settings())
    reporters.full(found).encode("utf-8")
