"""The sentences of a document, with their places."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.diagnostics import Span
from kb_builder.model import document
from kb_builder.model.prose import BLANK, without_code
from kb_builder.model.settings import Settings

TEXT = """---
id: LS-001
title: "录单: 核对"
summary: 第一行
  第二行
wrong_practice: '没有''核对'
owner: 店长
aliases: [核对, 复核]
sources: [{title: 某书}]
imported: {key: 核对, digest: 核对}
---

## 由来

先核对，`核对`。

```
核对
```
"""


def prose(settings: Settings, text: str = TEXT) -> list[tuple[str, str, Span, bool]]:
    found = document.build("cases/lessons/LS-001.md", text.encode(), settings.schema)
    return [(each.field, each.text, each.start, each.exact) for each in found.prose]


def test_it_is_fields_of_text_and_then_the_body(settings: Settings) -> None:
    assert prose(settings) == [
        ("title", "录单: 核对", Span(3, 9, 6), True),
        ("summary", "第一行 第二行", Span(4, 10, 1), False),
        ("wrong_practice", "没有'核对", Span(6, 17, 8), False),
        ("aliases", "核对", Span(8, 11, 2), True),
        ("aliases", "复核", Span(8, 15, 2), True),
        ("title", "某书", Span(9, 19, 2), True),
        ("", "## 由来", Span(13, 1, 5), True),
        ("", f"先核对，{BLANK * 4}。", Span(15, 1, 9), True),
    ]


def test_what_is_found_has_its_place(settings: Settings) -> None:
    found = document.build("cases/lessons/LS-001.md", TEXT.encode(), settings.schema)
    places = [span for each in found.prose for _, span in each.find(re.compile("核对"))]
    assert places == [Span(3, 13, 2), Span(6, 17, 8), Span(8, 11, 2), Span(15, 2, 2)]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("见 `kb check`。", "见 __________。"),
        ("见 ``a`b``。", "见 _______。"),
        ("[核对](../a(1).md)后", "[核对](__________)后"),
        ("见 https://example.org/核对。好", "见 ______________________。好"),
        ("甲<!-- 核对 -->乙", "甲___________乙"),
        ("甲<br>乙", "甲____乙"),
        ('!!! note "核对"', '________ "核对"'),
        ("真的!!!", "真的!!!"),
        ("1 < 2，3 > 2", "1 < 2，3 > 2"),
    ],
)
def test_what_is_no_sentence_is_blanked_out(line: str, shown: str) -> None:
    assert without_code(line).replace(BLANK, "_") == shown


@given(st.text("甲`<>!-[]()/: a", max_size=30))
def test_columns_stay(line: str) -> None:
    blanked = without_code(line)
    assert len(blanked) == len(line)
    assert all(new in (old, BLANK) for new, old in zip(blanked, line, strict=True))
