"""What `kb check --fix` mends, and that nothing else changes."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import Counter

import markdown
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from places import CORPUS, REPOSITORY

from kb_builder import loader, mending, rules
from kb_builder.mending import SPELLING
from kb_builder.model import document
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document

SETTINGS = loader.load_settings(REPOSITORY)
FILES = {path: (CORPUS / path).read_text("utf-8") for path in sorted(loader.document_paths(CORPUS))}
CASE = "cases/resolved/2024/CASE-2024-0001.md"
OTHER = "cases/resolved/2024/CASE-2024-0002.md"
PLAYBOOK = "cases/playbooks/PB-001.md"
TODAY = datetime.date(2024, 6, 30)


def corpus_of(files: dict[str, str]) -> Corpus:
    return Corpus(
        tuple(
            document.build(path, text.encode(), SETTINGS.schema)
            for path, text in sorted(files.items())
        ),
        frozenset({"cases/index.md", "cases/guide/writing.md"}),
    )


def mended(files: dict[str, str], **options: object) -> dict[str, tuple[str, dict[str, int]]]:
    """Path → text and fixes of the files that change."""
    data = {path: text.encode() for path, text in files.items()}
    found = mending.mend(data, corpus_of(files), SETTINGS.schema, **options)  # type: ignore[arg-type]
    return {path: (each.data.decode(), dict(each.fixes)) for path, each in found.items()}


def everything_mended(files: dict[str, str]) -> dict[str, str]:
    return files | {path: text for path, (text, _) in mended(files).items()}


CLEAN = everything_mended(FILES)
"""The small base in which nothing is left to mend."""


def with_edit(old: str, new: str, path: str = CASE) -> dict[str, str]:
    assert CLEAN[path].count(old) == 1, old
    return CLEAN | {path: CLEAN[path].replace(old, new)}


@pytest.mark.parametrize(
    ("wrong", "right", "rule"),
    [
        ("channel: [phone, 现场]", "channel: [投诉电话, 现场/上门]", SPELLING),
        ("channel: [\"电话\", '现场/上门']", "channel: [\"投诉电话\", '现场/上门']", SPELLING),
        ("channel: [phone, 现场/上门] # 两种", "channel: [投诉电话, 现场/上门] # 两种", SPELLING),
        ("channel: [e\u200bmail, 现场/上门]", "channel: [电子邮件, 现场/上门]", "KB604"),
    ],
)
def test_a_value_is_written_with_its_label(wrong: str, right: str, rule: str) -> None:
    files = with_edit("channel: [投诉电话, 现场/上门]", wrong)
    text, fixes = mended(files)[CASE]
    assert text == CLEAN[CASE].replace("channel: [投诉电话, 现场/上门]", right)
    assert rule in fixes


@pytest.mark.parametrize(
    ("old", "wrong", "rule"),
    [
        ("attempts: 3", "attempts: ３", "KB103"),
        ("occurred_on: 2024-03", "occurred_on: ２０２４-０３", "KB103"),
        ("occurred_on: 2024-03", "occurred_on: 2024年3月", "KB103"),
        ("replied_on: 2024-03-05", 'replied_on: "2024/3/5"', "KB103"),
        ("id: CASE-2024-0001", "id: case-2024-1", "KB301"),
        ("lessons: [LS-001, LS-002]", "lessons: [ls-1, ＬＳ-００２]", "KB305"),
        ("root_cause: 派工单上没有零件型号一栏", "root_cause: 派工单上没有零件型号一栏 ", "KB607"),
        ("一周后", "一\u200b周\ufeff后", "KB604"),
        ("延长一年", "延长\u2060一年", "KB604"),
        ("3 月 1 日", "３ 月 １ 日", "KB602"),
        ("先道歉，再修理，并把", "　　先道歉，再修理，并把", "KB605"),
        ("客户试了三次，确认牢固。", "客户试了三次，确认牢固。 \t", "KB607"),
    ],
)
def test_a_slip_is_mended(old: str, wrong: str, rule: str) -> None:
    if rule == "KB605":
        files = with_edit("店长带着正确的零件登门，", "店长带着正确的零件登门，\n　　")
        text, fixes = mended(files)[CASE]
        assert text == files[CASE].replace("　　", "")
    else:
        text, fixes = mended(with_edit(old, wrong))[CASE]
        assert text.replace('"2024-03-05"', "2024-03-05") == CLEAN[CASE]
    assert set(fixes) == {rule}


@pytest.mark.parametrize(
    ("old", "unsure"),
    [
        ("severity: 较重", "severity: 很重"),
        ("attempts: 3", "attempts: 三次"),
        ("occurred_on: 2024-03", "occurred_on: 5/1/2024"),
        ("occurred_on: 2024-03", "occurred_on: 2024-03-01 09:30"),
        ("occurred_on: 2024-03", "occurred_on: 去年"),
        ("received_on: 2024-03-04 09:20", "received_on: 2024/3/4 09:20:59"),
        ("lessons: [LS-001, LS-002]", "lessons: [LS-001, LS-999]"),
        ("id: CASE-2024-0001", "id: CASE-2023-1"),
        ("延长一年。", "延长一年。  \n写在单子上。"),
        ("延长一年。", "延长一年。\n\n１. 甲\n２) 乙"),
        ("延长一年。", "延长一年。\n\n　　- 甲"),
        ("延长一年。", "延长一年。\n\n    　　代码"),
        ("延长一年。", "延长一年。\n\n```\n甲 \n　１\n```"),
        ("## 反馈", "## 反馈２"),
        ("延长一年。", "延长一年，`１２`。"),
        ("aliases: [電烤箱把手, 烤箱把手掉了]", "aliases: [电烤箱把手, 电烤箱把手]"),
        ("closed_on: 2024-03-18", "closed_on: &a 2024年3月"),
        ("延长一年。", "延长一年。\n\n\u200b## 甲"),
        ("延长一年。", "延长一年，*\u200b*甲**\u200b乙。"),
        ("延长一年。", "延长一年。\n\n\u200b1. 甲"),
        ("root_cause: 派工单上没有零件型号一栏", "root_cause: 派工单 \u200b# 没有型号"),
        ("延长一年。", "延长一年👩\u200d🔧。"),
    ],
)
def test_what_is_not_certain_stays(old: str, unsure: str) -> None:
    assert mended(with_edit(old, unsure)) == {}


def test_text_in_a_block_keeps_its_blanks() -> None:
    files = with_edit("root_cause: 派工单上没有零件型号一栏", "root_cause: |\n  派工单 \n  型号")
    assert mended(files) == {}


def test_what_kb_import_keeps_for_itself_stays() -> None:
    files = with_edit("origin: 本企业", "origin: 本企业\nimported: {key: Ａ１２, digest: ３４}")
    assert mended(files) == {}


def test_a_contrast_is_written_back() -> None:
    files = with_edit("contrast_with: CASE-2024-0001\n", "", OTHER)
    text, fixes = mended(files)[OTHER]
    assert "\ncontrast_with: CASE-2024-0001\nsources:" in text
    assert fixes == {"KB447": 1}


def test_of_two_contrasts_none_is_chosen() -> None:
    files = with_edit("contrast_with: CASE-2024-0001\n", "", OTHER)
    third = "cases/resolved/2023/CASE-2023-0001.md"
    files[third] = files[third].replace("---\n\n", "contrast_with: CASE-2024-0002\n---\n\n", 1)
    assert mended(files) == {}


def test_a_reference_mended_shows_the_contrast_that_is_missing() -> None:
    files = with_edit("contrast_with: CASE-2024-0001\n", "", OTHER)
    files[CASE] = files[CASE].replace("contrast_with: CASE-2024-0002", "contrast_with: case-2024-2")
    assert {path: fixes for path, (_, fixes) in mended(files).items()} == {
        CASE: {"KB305": 1},
        OTHER: {"KB447": 1},
    }


def test_line_ends_and_mark_of_order_stay() -> None:
    files = with_edit("attempts: 3", "attempts: ３")
    files[CASE] = "\ufeff" + files[CASE].replace("\n", "\r\n").removesuffix("\r\n")
    text, fixes = mended(files)[CASE]
    assert text == "\ufeff" + CLEAN[CASE].replace("\n", "\r\n")
    assert fixes == {"KB103": 1, SPELLING: 1}


def test_characters_in_parts_are_put_together() -> None:
    text, fixes = mended(with_edit("延长一年", "延长一年，送 cafe\u0301 券"))[CASE]
    assert "café 券" in text
    assert fixes == {SPELLING: 1}


def test_a_rule_that_is_off_mends_nothing() -> None:
    files = with_edit("延长一年", "延长\u200b１年")
    assert set(mended(files, leave={"KB602"})[CASE][1]) == {"KB604"}


@pytest.mark.parametrize("broken", ["title: [", "title: 甲\ttitle: 乙", "\x00", "---\n---"])
def test_front_matter_that_cannot_be_read_is_left_alone(broken: str) -> None:
    files = with_edit("attempts: 3", f"attempts: ３\n{broken}\n ")
    assert not corpus_of(files).by_id["CASE-2024-0001"].readable or mended(files)
    if not corpus_of(files).by_id["CASE-2024-0001"].readable:
        assert CASE not in mended(files)


def test_a_fix_that_would_make_a_new_fault_is_left_out() -> None:
    # Without the mark the field is there twice.
    files = with_edit("attempts: 3", "attempts: 3\nat\u200btempts: 4")
    assert mended(files) == {}


SCRAPS = st.sampled_from(
    ["\u200b", "\u200d", "\ufeff", "１", "２，３００", " ", "  ", "\u3000", "\u3000\u3000", "\t",
     "e\u0301", "\u0301", "\n", "\n\n", "\r\n", "#", "# ", "- ", "> ", "'", '"', "：", ": ", "```\n",
     "case-2024-1", "ls-1", "|", ",", "]", "１.", "phone", "2024年3月", "---", "**"]
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, str]:
    """A few files of the small base with a few insertions."""
    files = {}
    for path in draw(st.lists(st.sampled_from([CASE, OTHER, PLAYBOOK]), min_size=1, max_size=3)):
        text = FILES[path]
        for _ in range(draw(st.integers(1, 4))):
            place = draw(st.integers(0, len(text)))
            text = text[:place] + draw(SCRAPS) + text[place:]
        files[path] = text
    return files


@settings(max_examples=150)
@given(some=damaged())
def test_mending_twice_is_mending_once(some: dict[str, str]) -> None:
    assert mended(everything_mended(FILES | some)) == {}


@settings(max_examples=150)
@given(some=damaged())
def test_no_problem_is_new(some: dict[str, str]) -> None:
    files = FILES | some
    fixed = everything_mended(files)
    # A status that can be read at last, “已发布”, asks for what a draft needs not; an id that can
    # be read shows who refers to it.
    assume(ids_and_statuses(files) == ids_and_statuses(fixed))
    assert not problems(fixed) - problems(files)


def ids_and_statuses(files: dict[str, str]) -> list[tuple[str, str]]:
    return [(each.id, each.status) for each in corpus_of(files).documents]


def problems(files: dict[str, str]) -> Counter[tuple[str, str]]:
    found = rules.check(corpus_of(files), SETTINGS, TODAY)
    return Counter((each.path, each.rule) for each in found)


@settings(max_examples=150)
@given(some=damaged())
def test_no_meaning_changes(some: dict[str, str]) -> None:
    after = everything_mended(FILES | some)
    for path, text in some.items():
        old, new = (
            document.build(path, each.encode(), SETTINGS.schema) for each in (text, after[path])
        )
        if not old.readable:
            assert text == after[path]
            continue
        assert said(old, new) == said(new, old)
        assert old.keys.keys() | {"contrast_with"} >= new.keys.keys() >= old.keys.keys()
        assert rendered(old) == rendered(new)


def said(found: Document, other: Document) -> dict[str, list[str]]:
    """What could be read of two documents alike, in the spelling that is mended to."""
    return {
        name: [folded(item.text) for item in found.items(name)]
        for name in found.fields
        if name != "id" and len(found.items(name)) == len(other.items(name))
    }


def folded(text: str) -> str:
    text = re.sub("[\u200b\u200d\ufeff]", "", text)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).upper()).strip()


def rendered(found: Document) -> str:
    html = markdown.markdown(
        found.body, extensions=["tables", "fenced_code", "admonition", "footnotes"]
    )
    return re.sub(r"\s+", "", folded(html))


def test_the_base_of_this_repository_has_nothing_to_mend() -> None:
    base = loader.load(REPOSITORY)
    data = {each.path: (REPOSITORY / each.path).read_bytes() for each in base.corpus.documents}
    assert mending.mend(data, base.corpus, base.settings.schema) == {}
