"""However a page refers to what its readers may not see: the build for them stops (KB702)."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from documents import files_of
from trees import Tree, copy, random_tree

from kb_builder import loader, pipeline, rules
from kb_builder.cli import main
from kb_builder.diagnostics import Diagnostic
from kb_builder.loader import FollowedBase
from kb_builder.rules.rechecking import Rechecker

TODAY = datetime.date(2024, 6, 30)
RULE = "KB702"
HOW, ABOUT = "cases/guide/how.md", "cases/guide/index.md"


def _page(visibility: str, text: str) -> str:
    return f"---\ntitle: 说明\nvisibility: {visibility}\n---\n# 说明\n\n{text}\n"


def _cases(tree: Tree, visibility: str) -> list[str]:
    return sorted(
        path
        for path, seen in tree.visibility.items()
        if seen == visibility and "resolved" in path and path.endswith(".md")
    )


@pytest.fixture(scope="module")
def tree() -> Tree:
    made = random_tree(1, cases=6)
    made.files[HOW] = _page("公开", "怎么做。").encode()
    made.files[ABOUT] = _page("内部", "只给同事。").encode()
    return made


@pytest.fixture
def base(tree: Tree, tmp_path: Path) -> Path:
    return tree.write(tmp_path / "base")


@pytest.fixture
def public(tree: Tree) -> str:
    """The path of a case for everybody."""
    return _cases(tree, "public")[0]


@pytest.fixture
def secret(tree: Tree) -> str:
    """The path of a case that is not."""
    return _cases(tree, "internal")[-1]


def _append(file: Path, text: str) -> int:
    """Put a text at the end of a file; the number of its first line."""
    before = file.read_text("utf-8")
    file.write_text(f"{before}\n{text}\n", "utf-8")
    return before.count("\n") + 2


def _check(root: Path) -> list[Diagnostic]:
    base = loader.load(root)
    found = rules.check(base.corpus, base.settings, TODAY)
    followed = FollowedBase(root).now()
    assert Rechecker(followed.settings).check(followed.corpus, TODAY) == found
    return [each for each in found if each.rule == RULE]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[看]({there})", 0),
        ("[看](../{name}/)", 0),
        ("[看](../../c/{name}/)", 0),
        ("[看](/c/{name}/)", 0),
        ("[看](https://kb.example.org/c/{name}/)", 0),
        ("<https://kb.example.org/c/{name}/>", 0),
        ("网址 https://kb.example.org/c/{name}/ 没有做成链接", 0),
        ("[看看\n那边]({there})", 1),
        ("[看 [那] 边]({there})", 0),
        ("[![图](图0.png)]({there})", 0),
        ("[看](../x/{name_entity}.md)", 0),
        ("[看](../x/{name_percent}.md)", 0),
        ("```\n\n[看]({there})", 2),
        ("> [看][a]\n>\n> [a]: {there}", 2),
        ("[看][a]\n\n[a]:\n  {there}", 3),
        ('<a href  =  "{there}">看</a>', 0),
        ('<a href=\n"{there}">看</a>', 1),
        ('[看]({there} "题")', 0),
        ("[看]({there} (题))", 0),
        ("![看]({there})", 0),
        (f"[{'看' * 310}]({{there}})", 0),
        ("[看\\] 那]({there})", 0),
        ("[`a]b`]({there})", 0),
        ("文[^1]\n\n[^1]: 见 [看]({there})", 2),
        ("!!! note\n    [看]({there})", 1),
        ("见 {name}。", 0),
        ("见{name}和别的", 0),
        ("见 {name_entity}。", 0),
        ("见 CASE\\-{number}。", 0),
        ("`{name}`", 0),
        ("```\n{name}\n```", 1),
        ("`<!-- {name} -->`", 0),
        ("```\n<!-- {name} -->\n```", 1),
        ("    <!-- {name} -->", 0),
        ("&lt;!-- {name} --&gt;", 0),
        ("<!-- 一 --> {name} <!-- 二 -->", 0),
        ("一 <!-- 二\n\n{name} 三 -->", 2),
        ("见旧编号 CASE-2018-9999。", 0),
        ("见 guide/inside.md。", 0),
        ("<https://kb.example.org/guide/inside/>", 0),
        ("[看](../../guide/inside.md)", 0),
        ("![看](../../guide/inside.md)", 0),
    ],
)  # fmt: skip
def test_the_check_finds_every_way_to_refer_to_it(
    text: str, line: int, base: Path, public: str, secret: str
) -> None:
    name = Path(secret).stem
    hidden = (base / secret).read_text("utf-8")
    hidden = "\n".join(x for x in hidden.split("\n") if not x.startswith("redirect_from:"))
    hidden = hidden.replace("\nowner:", "\nredirect_from: [CASE-2018-9999]\nowner:")
    (base / secret).write_text(hidden, "utf-8")
    assert _check(base) == []
    written = text.format(
        there=f"../../{Path(secret).relative_to('cases')}",
        name=name,
        number=name.partition("-")[2],
        name_entity=name.replace("-", "&#45;"),
        name_percent=name.replace("-", "%2D"),
    )
    first = _append(base / public, written)
    found = _check(base)
    assert [(each.path, each.span.line) for each in found] == [(public, first + line)]
    target = "cases/guide/inside.md" if "inside" in text else name
    assert f"外部读者看得到这一页，看不到 {target}" in found[0].message


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (HOW, "见 {name}。"),
        (HOW, "<https://kb.example.org/c/{name}/>"),
        ("cases/index.md", "见 /guide/inside/"),
    ],
)
def test_a_hand_written_page_must_not_mention_it(
    path: str, text: str, base: Path, secret: str
) -> None:
    line = _append(base / path, text.format(name=Path(secret).stem))
    assert [(each.path, each.span.line) for each in _check(base)] == [(path, line)]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- {name} 还没有公开 -->",
        "文 <!-- {name} --> 文 <!-- 再说一次 {name} --> 文",
        "<!-- 一\n\n{name}\n-->",
        "X{name}、{name}0",
        "{own}和 {own}",
        "指南/guide/insider/ 和 guide/inside",
        "guide/how.md",
    ],
)
def test_what_tells_nothing_may_be_written(text: str, base: Path, public: str, secret: str) -> None:
    _append(base / public, text.format(name=Path(secret).stem, own=Path(public).stem))
    assert _check(base) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("product: 和 {name} 的一样", True),
        ("timeline: [{{when: 次日, what: 和 {name} 一样}}]", True),
        ("product: 见 guide/inside.md", True),
        ("remark: 和 {name} 的一样", False),
    ],
)
def test_a_field_must_not_mention_it_unless_it_is_internal(
    line: str, found: bool, base: Path, public: str, secret: str
) -> None:
    schema = base / "site_config/schema.yml"
    text = schema.read_text("utf-8")
    assert "      cost: {" in text
    note = "      remark: {label: 备注, type: text, internal: true}\n"
    schema.write_text(text.replace("      cost: {", f"{note}      cost: {{", 1), "utf-8")
    file = base / public
    lines = [x for x in file.read_text("utf-8").split("\n") if not x.startswith("product:")]
    lines.insert(2, line.format(name=Path(secret).stem))
    file.write_text("\n".join(lines), "utf-8")
    assert [each.span.line for each in _check(base)] == ([3] if found else [])


def test_who_sees_it_may_mention_it(base: Path, tree: Tree, secret: str) -> None:
    other = _cases(tree, "internal")[0]
    assert other != secret
    _append(base / other, f"见 {Path(secret).stem} 和 guide/inside.md")
    assert _check(base) == []
    (base / "site_config/audiences.yml").unlink()
    public = _cases(tree, "public")[0]
    _append(base / public, f"见 {Path(secret).stem}")
    assert _check(base) == []


def test_what_becomes_internal_must_not_be_mentioned_any_more(base: Path, tree: Tree) -> None:
    """The check remembers what it asked: about a number in a text too, and one that there was not yet."""
    one, other = _cases(tree, "public")[:2]
    new = "cases/resolved/2024/CASE-2024-0999.md"
    _append(base / one, f"见 {Path(other).stem} 和 CASE-2024-0999。")
    followed = FollowedBase(base)
    rechecker = Rechecker(followed.now().settings)

    def hidden() -> list[str]:
        found = rechecker.check(followed.now().corpus, TODAY)
        return [each.message for each in found if each.rule == RULE and each.path == one]

    assert hidden() == []
    text = (base / other).read_text("utf-8")
    secret = text.replace("visibility: public", "visibility: internal")
    (base / other).write_text(secret, "utf-8")
    assert [Path(other).stem in each for each in hidden()] == [True]
    (base / new).parent.mkdir(exist_ok=True)
    (base / new).write_text(secret.replace(Path(other).stem, "CASE-2024-0999"), "utf-8")
    assert len(hidden()) == 2
    (base / other).write_text(text, "utf-8")
    assert ["CASE-2024-0999" in each for each in hidden()] == [True]


ONLY_THE_CONVERTER = (
    "[看](in&#115;ide.md)",
    "[`a]b`](inside.md)",
    "[看\\] 那](inside.md)",
    f"[{'看' * 310}](inside.md)",
    "![看](inside.md)",
    "[看](/guide/)",
    "[看](https://kb.example.org/guide/)",
    "[看](HTTP://KB.example.org/%67uide/?x#y)",
    "<https://kb.example.org/guide/>",
    "[看](../inside)",
)
"""Links of which the check can't tell that they lead to an internal page; on a page in `guide/`."""


def test_what_only_the_converter_sees_stops_the_build(base: Path, tmp_path: Path) -> None:
    lines = [_append(base / HOW, text) for text in ONLY_THE_CONVERTER]
    assert _check(base) == []
    output = tmp_path / "site"
    # Twice: what the first one kept must not let the second one through.
    for strict in (False, False, True):
        built = pipeline.build(base, output, today=TODAY, audience="public", strict=strict)
        assert built.stopped
        found = [each for each in built.diagnostics if each.rule == RULE]
        assert [(each.path, each.span.line) for each in found] == [(HOW, line) for line in lines]
        assert not output.exists()
    for audience in ("internal", "all"):
        seen = pipeline.build(base, tmp_path / audience, today=TODAY, audience=audience)
        assert not seen.stopped


def test_the_command_says_what_to_do_and_leaves_the_site(
    base: Path, public: str, tmp_path: Path
) -> None:
    output = tmp_path / "site"
    arguments = ["--root", str(base), "build", "--audience", "public", "--output", str(output)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    before = files_of(output)
    line = _append(base / public, "[看](/guide/)")
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert f"{public}:{line}:5: KB702 外部读者看得到这一页，看不到链接“/guide/”" in result.output
    assert "去掉这个链接，或让两页的可见范围一样" in result.output
    assert files_of(output) == before


def test_a_page_that_is_taken_over_hides_nothing(base: Path, public: str, tmp_path: Path) -> None:
    """What was public is not any more: the page that links to it is what it was but for that."""
    shown = (base / ABOUT).read_text("utf-8").replace("内部", "公开", 1)
    hidden = (base / ABOUT).read_text("utf-8")
    _append(base / public, "[看](/guide/)、<https://kb.example.org/guide/>")
    output = tmp_path / "site"
    (base / ABOUT).write_text(shown, "utf-8")
    assert not pipeline.build(base, output, today=TODAY, audience="public").stopped
    before = files_of(output)
    (base / ABOUT).write_text(hidden, "utf-8")
    for _ in range(2):
        built = pipeline.build(base, output, today=TODAY, audience="public")
        assert built.stopped
        assert len([each for each in built.diagnostics if each.path == public]) == 2
        assert files_of(output) == before
    (base / ABOUT).write_text(shown, "utf-8")
    pipeline.build(base, output, today=TODAY, audience="public")
    fresh = tmp_path / "fresh"
    pipeline.build(copy(base, tmp_path / "copy"), fresh, today=TODAY, audience="public")
    assert files_of(output) == files_of(fresh) == before


def test_an_address_that_is_no_page_of_ours_is_no_concern(
    base: Path, public: str, tmp_path: Path
) -> None:
    """Beside the site there may be something else; and it stays as it is written."""
    _append(base / public, "[店](https://kb.example.org/shop/)、[外](https://example.org/guide/)")
    built = pipeline.build(base, tmp_path / "site", today=TODAY, audience="public")
    assert not built.stopped
    assert built.warnings == ()
    page = (tmp_path / "site/c" / Path(public).stem / "index.html").read_text("utf-8")
    assert 'href="https://kb.example.org/shop/"' in page
    assert 'href="https://example.org/guide/"' in page
