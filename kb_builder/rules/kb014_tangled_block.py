"""KB014 tangled-block."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Span
from kb_builder.model.document import Document
from kb_builder.model.sections import outside_fences
from kb_builder.rules import Context, rule

_MOST_OPEN = 50
"""How many brackets may be open at once."""

_MOST_MARKS = 2_000
"""How many marks of Markdown a block may hold; the largest table of this repository has a tenth."""

_BRACKET = re.compile(r"[\[\]]")
_MARKS = re.compile(r"[\[\]()*_`<>]")


@rule("KB014", "tangled-block")
def tangled_block(document: Document, _context: Context) -> Iterator[Finding]:
    """一段里的括号或标记太多。

    方括号开了 50 个还没有闭合，或者一段里有两千个以上的 `[`、`(`、`*`、`_`、`>` 一类的标记，转换成网页要花几分钟，甚至转不出来。
    这样的一段多半是粘贴进来的程序或日志：放进代码块（前后各一行 ` ``` `），或者分成几段。

    反例:

    ```markdown
    记录：[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
    ```

    正例:

    ```markdown
    记录：[客户来电]
    ```
    """
    for start, block in _blocks(document):
        text = "\n".join(block)
        # Nearly every block is too small to hold so many.
        if text.count("[") <= _MOST_OPEN and len(text) <= _MOST_MARKS:
            continue
        opened = _deepest(text)
        marks = len(_MARKS.findall(text))
        if opened > _MOST_OPEN:
            message = f"这一段里的方括号开了 {opened:,} 个还没有闭合"
        elif marks > _MOST_MARKS:
            message = f"这一段里有 {marks:,} 个标记"
        else:
            continue
        yield Finding(Span(start + 1, 1, len(block[0])), message, "放进代码块，或分成几段")


def _blocks(document: Document) -> Iterator[tuple[int, list[str]]]:
    """What stands between blank lines outside of code: the index of its first line, and its lines."""
    first, block = 0, list[str]()
    for row, line in outside_fences(document.lines, document.body_line):
        if block and (not line.strip() or row != first + len(block)):
            yield first, block
            block = []
        if line.strip():
            first = first if block else row
            block.append(line)
    if block:
        yield first, block


def _deepest(text: str) -> int:
    """How many brackets are open at once, at most."""
    opened = most = 0
    for match in _BRACKET.finditer(text):
        opened = opened + 1 if match[0] == "[" else max(0, opened - 1)
        most = max(most, opened)
    return most
