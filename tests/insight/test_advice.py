"""The five parts together, the draft, and the vectors that the browser reads too.

`KB_UPDATE=1` writes what Python makes of them.
"""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

from advice_base import CUES, GUIDANCE, found
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.browser.advice import guidance_json
from kb_builder.insight.advice import advise, sought
from kb_builder.insight.case_draft import as_markdown
from kb_builder.insight.judging import Lexicon
from kb_builder.insight.similarity import MAX_TEXT

VECTORS = Path(__file__).parents[1] / "vectors" / "advice.json"
NOW = "2026-11-22T15:20"

FOUND = (
    found(1, 90, lessons=("LS-001", "LS-002"), contrast="CASE-2020-0002"),
    found(2, 60, lessons=("LS-002",), contrast="CASE-2020-0001", says=("修了三次还是漏水",)),
    found(3, 20, lessons=("LS-003",), says=("喝了流血，记者来了", "机器坏了要退钱")),
    found(4, 10, lessons=("LS-004",)),
)
TEXTS = (
    "修了三次还是老毛病，要退钱",
    "這台機器😂修了…五次！漏水，賠錢，道歉",
    "没有人受伤，开玩笑的。記者來了",
    "流血了。\n\n　# 标题*\r\n1. 退钱 <b>_x_",
    "你好",
    "你们的師傅来了三趟，这台𠮷牌机器一会儿转一会儿不转，照样漏水",
    "𠮷修了𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷次，修了𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷次",
)
CORRECTIONS: tuple[dict[str, list[str]], ...] = (
    {},
    {"severity": ["minor"], "crisis_signals": []},
    {"complaint_subtype": ["defect", "repeated"], "appeal": ["both"], "severity": ["none"]},
)


ALIKE: tuple[dict[str, int], ...] = ({}, {"PB-003": 301, "PB-002": 100, "PB-001": 400})


def advice(
    text: str, corrections: dict[str, list[str]], alike: dict[str, int] | None = None
) -> Any:
    made = advise(
        text,
        FOUND,
        GUIDANCE,
        Lexicon(CUES),
        now=NOW,
        alike=alike,
        masked=text,
        corrections=corrections,
    )
    return json.loads(json.dumps(dataclasses.asdict(made)))


def test_vectors() -> None:
    facts = [dataclasses.asdict(each) for each in FOUND]
    made = {
        "guidance": guidance_json(GUIDANCE)
        | {"traditional": dict(zip("這錢來記賠機師", "这钱来记赔机师", strict=True))},
        "found": facts,
        "now": NOW,
        "advice": [
            {
                "text": text,
                "alike": alike,
                "corrections": corrections,
                "made": advice(text, corrections, alike),
            }
            for text in TEXTS
            for corrections in CORRECTIONS
            for alike in ALIKE
        ],
        "sought": [{"text": text, "made": sought(text, Lexicon(CUES))} for text in TEXTS],
    }
    made = json.loads(json.dumps(made))
    if os.environ.get("KB_UPDATE"):
        VECTORS.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert made == json.loads(VECTORS.read_text(encoding="utf-8"))


def test_lessons_of_most_cases_come_first_and_each_once() -> None:
    lessons = advice("你好", {})["lessons"]
    assert [(each["id"], each["cases"]) for each in lessons] == [
        ("LS-002", ["CASE-2020-0001", "CASE-2020-0002"]),
        ("LS-001", ["CASE-2020-0001"]),
        ("LS-003", ["CASE-2020-0003"]),
    ]


def test_a_contrast_is_shown_once_and_far_cases_not_at_all() -> None:
    made = advice("你好", {})
    assert [(each["id"], each["with_id"]) for each in made["contrasts"]] == [
        ("CASE-2020-0001", "CASE-2020-0002")
    ]
    assert [case["id"] for case in made["cases"]] == [f"CASE-2020-{n:04d}" for n in (1, 2, 3)]


def test_only_the_customers_own_words_are_named() -> None:
    assert advice("修了三次", {})["cases"][0]["because"] == ["修了"]


def test_the_draft_has_what_was_corrected_and_leaves_out_what_is_unsure() -> None:
    made = advise(
        "说钱的事", (), GUIDANCE, Lexicon(CUES), now=NOW, corrections={"severity": ["serious"]}
    )
    text = made.draft.text
    assert "severity: 较重" in text
    assert "\nappeal:" not in text
    assert "\n# appeal:" in text
    assert "id: CASE-2026-0042" in text
    assert "received_on: 2026-11-22 15:20" in text


def test_without_a_masked_text_the_draft_holds_none() -> None:
    made = advise("修了三次", (), GUIDANCE, Lexicon(CUES), now=NOW)
    assert "修了三次" not in made.draft.text
    assert "（待写）" in made.draft.text


def test_what_is_sought_is_no_longer_than_what_is_read() -> None:
    long = "修了三次" + "长" * MAX_TEXT
    assert len(sought(long, Lexicon(CUES))) == MAX_TEXT
    assert sought(long, Lexicon(CUES)).endswith("多次维修，返修")
    assert sought("你好", Lexicon(CUES)) == "你好"


@given(st.text(max_size=60))
def test_a_quotation_never_leaves_its_lines(text: str) -> None:
    lines = as_markdown(text).split("\n")
    assert all(line.startswith(">") or not line for line in lines)
    assert not any(line.startswith(("> #", "> <", "> !", "> ```")) for line in lines)
