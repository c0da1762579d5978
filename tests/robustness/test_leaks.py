"""Nothing of what one audience may not see is in what is built for it (T12, T13)."""

from __future__ import annotations

import base64
import datetime
import gzip
import html
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from documents import files_of
from tiers import NIGHT
from trees import Tree, copy, random_tree, without_costs

from kb_builder import loader, pipeline, site
from kb_builder.browser.reading import Reader
from kb_builder.cli import main
from kb_builder.diagnostics import KbError
from kb_builder.loader import Base
from kb_builder.model.audience import Audience, narrowed, visibility_of
from kb_builder.site.searching import FOLDER

TODAY = datetime.date(2024, 6, 30)
SEEDS = range(1, 21) if NIGHT else [1]
"""One random base inside `make test`, twenty at night."""
MARK = re.compile("xq[bcdfghjkmnpqrtvwxz]{8}")


def build(root: Path, output: Path, audience: str | None) -> dict[str, bytes]:
    """The files of the site that is built."""
    built = pipeline.build(root, output, today=TODAY, audience=audience)
    assert not built.stopped, [each.message for each in built.diagnostics]
    return files_of(output)


@pytest.fixture(scope="module", params=SEEDS)
def tree(request: pytest.FixtureRequest) -> Tree:
    return random_tree(int(request.param))


@pytest.fixture(scope="module")
def root(tree: Tree, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole base."""
    return tree.write(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def whole(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of everything; built first, so that whatever it keeps is there for the others to trip over."""
    output = tmp_path_factory.mktemp("all") / "site"
    build(root, output, "all")
    return output


@pytest.fixture(scope="module")
def public(root: Path, whole: Path) -> Path:
    """The public site, built into the place where the site of everything was."""
    output = whole.parent / "public"
    build(root, output, "internal")
    build(root, output, "public")
    return output


def test_the_public_site_is_that_of_a_base_without_the_rest(
    tree: Tree, public: Path, tmp_path: Path
) -> None:
    never = tree.write(tmp_path / "never", "public")
    without_costs(never)
    assert files_of(public) == build(never, tmp_path / "site", "public")


def test_the_internal_site_is_that_of_a_base_without_what_is_restricted(tmp_path: Path) -> None:
    tree = random_tree(3)
    never = tree.write(tmp_path / "never", "public", "internal")
    whole = tree.write(tmp_path / "whole")
    one = build(whole, tmp_path / "one", "internal")
    assert one == build(never, tmp_path / "other", "internal")
    # What a case cost is for colleagues.
    assert any(b"770" in data for name, data in one.items() if name.startswith("c/"))


def test_no_mark_of_another_audience_is_in_the_public_site(tree: Tree, public: Path) -> None:
    found = marks_in(public)
    assert {mark: tree.marks[mark] for mark in found if tree.marks[mark] != "public"} == {}
    assert not [name for name in files_of(public) if "board" in name or "inside" in name]
    # The detector: every public mark that a page shows is seen.
    shown = {mark for mark, visibility in tree.marks.items() if visibility == "public"}
    assert len(found) > len(shown) * 0.8


def test_the_detector_finds_the_marks_where_nothing_is_left_out(tree: Tree, whole: Path) -> None:
    """The control: all of them, and in the index's own words too."""
    found = marks_in(whole)
    secret = {mark for mark, visibility in tree.marks.items() if visibility != "public"}
    # Comments are nowhere; everything else is.
    assert len(found & secret) > len(secret) * 0.8
    assert len(words_of_index(whole, secret)) > len(secret) * 0.4


def test_the_words_of_the_index_are_public(tree: Tree, public: Path) -> None:
    secret = {mark for mark, visibility in tree.marks.items() if visibility != "public"}
    assert words_of_index(public, secret) == set()


def test_comments_are_in_no_site_and_not_in_its_index(tree: Tree, whole: Path) -> None:
    """Those of public pages too: no page shows them."""
    texts = [data.decode("utf-8", "replace") for data in tree.files.values()]
    comments = {mark for text in texts for mark in re.findall(r"<!--\s+(\w+)", text)}
    assert len(comments & tree.marks.keys()) > 3
    assert comments & marks_in(whole) == set()
    assert words_of_index(whole, comments) == set()


def test_what_an_internal_field_says_is_nowhere(public: Path, whole: Path) -> None:
    costs = re.compile(r"7700\d\d")
    assert not [name for name, text in texts_of(public) if costs.search(text)]
    assert [name for name, text in texts_of(whole) if costs.search(text)]


@pytest.mark.parametrize("naive", ["pages only", "keeps pages", "keeps numbers", "keeps schema"])
def test_a_naive_filter_is_caught(
    naive: str, tree: Tree, public: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what others do instead of narrowing differs from the base without the rest."""
    root = tree.write(tmp_path / "base")
    base = loader.load(root)
    good = loader.for_audience(base, Audience.PUBLIC)
    hidden = {doc.path for doc in base.corpus.documents if visibility_of(doc) != "public"}
    made: Base
    if naive == "pages only":
        made = base
    elif naive == "keeps pages":
        made = replace(good, corpus=narrowed(base.corpus, Audience.PUBLIC, base.corpus.pages))
    elif naive == "keeps numbers":
        made = replace(base, corpus=replace_pages(base, good), settings=good.settings)
    else:
        made = replace(good, settings=base.settings)
    site.build(made, tmp_path / "site", today=TODAY, unpublishable=frozenset(hidden))
    assert files_of(tmp_path / "site") != files_of(public)


def replace_pages(base: Base, good: Base):  # type: ignore[no-untyped-def]
    """All documents, but the hand-written pages of the narrowed base."""
    return type(base.corpus)(base.corpus.documents, good.corpus.pages, base.corpus.pictures)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("visibility: internal", "visibility: secret"),
        ("visibility: internal", "visibility:"),
        ("visibility: internal", "visibility: [internal, public]"),
        ("visibility: internal", "# visibility: internal"),
        ("visibility: internal", "Visibility: internal"),
        ("visibility: internal", "visibility：internal"),
        ("visibility: internal", "visibility: internal\nvisibility: public"),
        ("visibility: internal", "visibility: public\nvisibility: internal"),
        ("visibility: internal", "visibility: &a internal"),
        ("visibility: internal", "visibility: internal: public"),
        ("visibility: internal", "visibility: 公 开"),
        ("visibility: internal", "visibility: 公\u3000开"),
        ("visibility: internal", "visibility: 公\u200b开"),
        ("visibility: internal", "visibility: 公开\u200b"),
        ("visibility: internal", "visibility: \ufeff公开"),
        ("visibility: internal", "visibility: pub lic"),
        ("visibility: internal", "visibility: Public"),
        ("visibility: internal", "visibility: ｐｕｂｌｉｃ"),
        ("visibility: internal", 'visibility: "公\\n开"'),
        ("---\nid:", "----\nid:"),
        ("---\nid:", "\n---\nid:"),
    ],
)
def test_what_cannot_be_told_stops_the_build(old: str, new: str, tmp_path: Path) -> None:
    chosen = "internal" if "secret" in new else "public"
    tree = random_tree(1, cases=4)
    root = tree.write(tmp_path / "base")
    path = next(
        path
        for path, visibility in tree.visibility.items()
        if visibility == "internal" and path.startswith("cases/resolved") and path.endswith(".md")
    )
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), "utf-8")
    result = CliRunner().invoke(
        main,
        ["--root", str(root), "build", "--audience", chosen, "--output", str(tmp_path / "s")],
    )
    assert result.exit_code in (1, 2), result.output
    assert path in result.output
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    "text",
    [
        "# 说明\n",
        "---\ntitle: 甲\n---\n",
        *(f"---\nvisibility: {word}\n---\n" for word in ("x", "公 开", "公\u200b开", "PUBLIC")),
    ],
)
def test_a_hand_written_page_must_say_who_may_see_it(text: str, tmp_path: Path) -> None:
    root = random_tree(1, cases=4).write(tmp_path / "base")
    (root / "cases/guide/new.md").write_text(text, "utf-8")
    with pytest.raises(KbError, match=r"cases/guide/new\.md"):
        pipeline.build(root, tmp_path / "s", today=TODAY, audience="public")


def test_a_reference_to_what_readers_may_not_see_stops_the_build(tmp_path: Path) -> None:
    tree = random_tree(1)
    root = tree.write(tmp_path / "base")
    secret = next(
        Path(path).stem
        for path, seen in tree.visibility.items()
        if seen == "internal" and "resolved" in path and path.endswith(".md")
    )
    public = next(
        root / path
        for path, seen in tree.visibility.items()
        if seen == "public" and "resolved" in path and path.endswith(".md")
    )
    text = re.sub(r"^related: .*\n", "", public.read_text("utf-8"), flags=re.MULTILINE)
    public.write_text(text.replace("\nowner:", f"\nrelated: [{secret}]\nowner:"), "utf-8")
    built = pipeline.build(root, tmp_path / "s", today=TODAY, audience="public")
    assert built.stopped
    assert "KB702" in {each.rule for each in built.diagnostics}


def test_errors_in_what_readers_may_not_see_do_not_stop_the_build(tmp_path: Path) -> None:
    tree = random_tree(1, cases=4)
    root = tree.write(tmp_path / "base")
    secret = next(
        root / path
        for path, seen in tree.visibility.items()
        if seen == "internal" and "resolved" in path and path.endswith(".md")
    )
    secret.write_text(
        secret.read_text("utf-8").replace("owner: 客服主管", "owner: 没有的岗位"), "utf-8"
    )
    assert not pipeline.build(root, tmp_path / "p", today=TODAY, audience="public").stopped
    assert pipeline.build(root, tmp_path / "a", today=TODAY, audience="all").stopped


def test_the_base_says_for_whom_it_is_built(tmp_path: Path) -> None:
    tree = random_tree(1, cases=4)
    root = tree.write(tmp_path / "base")
    by_default = build(root, tmp_path / "one", None)
    assert by_default == build(copy(root, tmp_path / "two"), tmp_path / "other", "public")


def test_a_base_that_keeps_no_audiences_apart_is_not_narrowed(tmp_path: Path) -> None:
    root = random_tree(1, cases=4).write(tmp_path / "base")
    (root / "site_config/audiences.yml").unlink()
    base = loader.load(root)
    assert loader.audience_of(base.settings, None) is Audience.ALL
    with pytest.raises(KbError, match="没有区分读者"):
        loader.audience_of(base.settings, "public")


def test_the_commands_narrow_too(root: Path, tree: Tree, tmp_path: Path) -> None:
    run = CliRunner().invoke
    everything = run(main, ["--root", str(root), "stats", "总览", "--json"])
    narrow = run(main, ["--root", str(root), "stats", "总览", "--json", "--audience", "public"])
    assert everything.exit_code == narrow.exit_code == 0
    secret = [Path(path).stem for path, seen in tree.visibility.items() if seen != "public"]
    cases = [name for name in secret if name.startswith("CASE")]
    assert any(name in everything.output for name in cases)
    assert not any(name in narrow.output for name in cases)
    made = run(main, ["--root", str(root), "export-search", "--output", str(tmp_path / "index")])
    assert made.exit_code == 0, made.output
    shown = {one.id for one in Reader(tmp_path / "index").documents()}
    assert shown
    assert not shown & set(secret)


def test_settings_that_name_what_readers_may_not_see_stop_the_build(tmp_path: Path) -> None:
    root = random_tree(1, cases=4).write(tmp_path / "base")
    (root / "mkdocs.yml").open("a", encoding="utf-8").write("nav:\n  - 绝密: guide/inside.md\n")
    result = CliRunner().invoke(
        main, ["--root", str(root), "build", "--output", str(tmp_path / "s")]
    )
    assert result.exit_code == 1
    assert (
        "mkdocs.yml:6:9: KB702 外部读者看得到这里写的，看不到 cases/guide/inside.md"
        in result.output
    )
    assert not (tmp_path / "s").exists()


def test_what_a_navigation_calls_an_absent_page_is_not_shown(tmp_path: Path) -> None:
    """Whatever the check lets through: MkDocs may take its `nav` from another file."""
    root = random_tree(1, cases=4).write(tmp_path / "base")
    nav = "nav:\n  - 绝密甲: guide/inside.md\n  - 绝密乙: [{绝密丙: guide/none.md}]\n"
    (root / "more.yml").write_text(nav, "utf-8")
    text = (root / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(f"INHERIT: more.yml\n{text}", "utf-8")
    build(root, tmp_path / "s", "public")
    assert not [name for name, text in texts_of(tmp_path / "s") if "绝密" in text]


def test_what_customers_say_for_an_internal_playbook_is_nowhere(tmp_path: Path) -> None:
    tree = random_tree(1)
    root = tree.write(tmp_path / "base")
    path = next(path for path in tree.visibility if path.startswith("cases/playbooks/"))
    text = (root / path).read_text("utf-8").replace("visibility: public", "visibility: internal")
    (root / path).write_text(text, "utf-8")
    name = Path(path).stem
    for each in root.glob("cases/resolved/*/*.md"):
        lines = each.read_text("utf-8").splitlines(keepends=True)
        each.write_text("".join(x for x in lines if not x.startswith("playbooks:")), "utf-8")
    said = root / "site_config/sayings.yml"
    said.write_text(f"{name}: [绝密的原话一句]\n", "utf-8")
    cues = root / "site_config/cues.yml"
    cues.write_text(f"playbooks:\n  {name}:\n    strong: [绝密提示词]\n", "utf-8")
    build(root, tmp_path / "s", "public")
    build(root, tmp_path / "i", "internal")
    assert not [n for n, text in texts_of(tmp_path / "s") if "绝密" in text]
    assert {word for _, text in texts_of(tmp_path / "i") for word in re.findall("绝密.", text)} == {
        "绝密的", "绝密提",
    }  # fmt: skip


def marks_in(folder: Path) -> set[str]:
    """Every mark in any file or name, however written."""
    return {mark for _, text in texts_of(folder) for mark in MARK.findall(text)}


def words_of_index(site_folder: Path, words: set[str]) -> set[str]:
    """Those of the words that the index's dictionary knows."""
    reader = Reader(site_folder / FOLDER)
    return {word for word in words if reader.frequency("word", word)}


def texts_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Each file's name and text, as written and with everything undone that could hide a word."""
    for name, data in files_of(folder).items():
        for view in _views(data):
            text = view.decode("utf-8", "replace")
            yield name, name + text
            text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
            text = unquote(html.unescape(text))
            yield name, re.sub("[\u00ad\u200b-\u200f\u2060\ufeff]|<[^<>]{1,200}>", "", text)
    for shown in Reader(folder / FOLDER).documents():
        yield FOLDER, repr(shown)


def _views(data: bytes) -> Iterator[bytes]:
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    for packed in (data, *map(base64.b64decode, re.findall(rb"[A-Za-z0-9+/]{40,}={0,2}", data))):
        for start in range(min(32, len(packed))):
            inflater = zlib.decompressobj(-15)
            try:
                found = inflater.decompress(packed[start:])
            except zlib.error:
                continue
            if len(found) > 20:
                yield found
