"""What is too large, too deep, too tangled or active is said to its author, and holds up nobody (T5)."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import pytest
from bases import HOSTILE, MISSING, make_base
from documents import BODY, lesson
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from places import REPOSITORY
from tiers import times
from vectors import BODIES

from kb_builder import loader, pipeline, rules, site
from kb_builder.diagnostics import KbError, Level
from kb_builder.model import document as document_model
from kb_builder.model.activity import active
from kb_builder.model.corpus import Corpus
from kb_builder.model.settings import Settings
from kb_builder.site import patience
from kb_builder.site.clean import Cleaner
from kb_builder.site.markdown import ConversionError, Converter
from kb_builder.site.patience import PatientConverter, might_take_long

TODAY = datetime.date(2024, 6, 30)
LIMITS = {"KB007", "KB009", "KB013", "KB014"}
PATHOLOGICAL = HOSTILE / "markdown_pathological.json"
TANGLED = "".join(f"一段{'[甲](<乙' * 60}\n\n" for _ in range(60))
"""Each block is within the limits; all together are more than is converted without a guard."""

# Text around what the rule looks for, so that examples come near it.
PIECES = st.sampled_from(
    ["<", ">", "<!--", "-->", "<script", "<img ", "src=", "on", "click=", "style=", '"', "'", "`", "```", "\n",
     "![", "[", "](", ")", "]:", "javascript:", "https://", "//", "&#106;", " ", "客户", "a", "|", "\n\n"]
)  # fmt: skip


def found_in(text: str, settings: Settings) -> set[str]:
    """The rules that report something in a lesson with this body."""
    path, whole = lesson(1, BODY.format(text))
    document = document_model.build(path, whole.encode(), settings.schema)
    found = rules.check(Corpus((document,)), settings, TODAY)
    return {each.rule for each in found if each.level is Level.ERROR}


def test_the_bodies_of_this_repository_need_no_guard() -> None:
    base = loader.load(REPOSITORY)
    assert [doc.path for doc in base.corpus.documents if might_take_long(doc.body)] == []


@pytest.mark.skipif(not PATHOLOGICAL.is_file(), reason=MISSING)
def test_known_crashers_are_reported_or_converted(settings: Settings) -> None:
    recipes = json.loads(PATHOLOGICAL.read_text("utf-8"))["cases"]
    assert len(recipes) == 20
    converter = PatientConverter()
    quiet = []
    for name, parts in sorted(recipes.items()):
        text = "".join(piece * count for piece, count in parts)
        if not found_in(text, settings) & LIMITS:
            quiet.append(name)
            converter.convert(text)
    # Nearly all of them are beyond some limit.
    assert len(quiet) < 5


def test_what_takes_too_long_is_stopped_and_the_rest_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "SECONDS", 0)
    assert might_take_long(BODY.format(TANGLED))
    root = make_base(tmp_path / "base", dict([lesson(1), lesson(2, BODY.format(TANGLED))]))
    report = site.build(
        loader.load(root), tmp_path / "site", search=False, unpublishable=frozenset()
    )
    (problem,) = report.unconverted
    assert "cases/lessons/LS-002.md" in problem
    assert (tmp_path / "site/l/LS-001/index.html").is_file()
    assert not (tmp_path / "site/l/LS-002").exists()
    # To publish is another matter: what was to be there is missing.
    with pytest.raises(KbError, match=r"LS-002\.md"):
        pipeline.build(root, tmp_path / "public", today=TODAY)
    assert not (tmp_path / "public").exists()


def test_a_guarded_conversion_gives_what_an_unguarded_one_does() -> None:
    text = "## 甲\n\n文字*强*。[^1]\n\n" * 2_000 + "\n[^1]: 注\n"
    assert might_take_long(text)
    assert PatientConverter().convert(text) == Converter().convert(text)


def test_a_failure_in_the_guarded_process_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConversionError, match="方括号"):
        PatientConverter().convert("[" * 40_000)
    monkeypatch.setattr(patience, "SECONDS", 0)
    with pytest.raises(ConversionError, match="超过 0 秒"):
        PatientConverter().convert("*甲 " * 40_000)


@given(st.lists(PIECES, max_size=40).map("".join))
@hypothesis(max_examples=times(100, 2_000))
def test_places_of_active_content_are_in_the_body(text: str) -> None:
    lines = ("---", "---", *text.split("\n"))
    for each in active(lines, 2):
        assert 3 <= each.line <= len(lines)
        assert 1 <= each.column <= len(lines[each.line - 1])
        assert each.length >= 1


@given(st.lists(PIECES, max_size=40).map("".join))
@hypothesis(max_examples=times(100, 2_000))
def test_what_is_in_fences_is_not_active(text: str) -> None:
    lines = tuple(f"~~~~~~\n{text.replace('~', '')}\n~~~~~~".split("\n"))
    assert list(active(lines, 0)) == []


@pytest.mark.parametrize("text", BODIES)
def test_what_cleaning_takes_out_is_said_to_the_author(text: str) -> None:
    """Whatever of our hostile texts would run without cleaning, the rule sees in the source."""
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text)
    try:
        parts = Converter().convert(text)
    except ConversionError:
        return
    html = parts.lead + "".join(part.html for part in parts.sections) + parts.notes
    if ACTIVE.search(html):
        assert list(active(tuple(text.split("\n")), 0))


ACTIVE = re.compile(
    r"<(?:script|style|iframe|object|embed|svg|math|form|base|meta|link|template|video|audio)\b"
    r"|<[^>]*\son\w+\s*=|<[^>]*\sstyle\s*=|(?:href|src)\s*=\s*[\"']?\s*(?:javascript|vbscript|data):"
    r"|<img[^>]*src=\"(?:https?:)?//",
    re.IGNORECASE,
)


def test_most_of_our_hostile_texts_would_run_without_cleaning() -> None:
    """The control: the test above looks at something."""
    would = [text for text in BODIES if ACTIVE.search(Converter().convert_any(f"{text}\n").lead)]
    assert len(would) > len(BODIES) / 2
    cleaner = Cleaner()
    cleaned = [
        re.sub("(?<=>)[^<]+", "", cleaner.clean(f"<p>{text}", lambda _: None)) for text in would
    ]
    assert not [html for html in cleaned if ACTIVE.search(html)]


@pytest.mark.parametrize(
    "text",
    ["价格 <300 元，>200 元", "见[条文](https://example.com/)", "代码 `<script>`", "a < b > c on = 1",
     "[甲](../playbooks/PB-001.md)和![图](a.png)", "<https://example.com/>", "<kb@example.com>", "甲<br>乙",
     "<!-- 内部备注 onclick= -->", "“on”=打开", "<sup onlyhere>2</sup>"],
)  # fmt: skip
def test_ordinary_texts_are_not_active(text: str) -> None:
    assert list(active((text,), 0)) == []
