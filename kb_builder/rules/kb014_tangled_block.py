"""KB014 tangled-block."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Span
from kb_builder.model.document import Document
from kb_builder.model.sections import outside_fences
from kb_builder.rules import Context, On, rule

_MOST_OPEN = 50
"""How many brackets may be open at once."""

_MOST_MARKS = 2_000
"""How many marks of Markdown a block may hold; the largest table of this repository has a tenth."""

_MOST_NESTED = 50
"""How deep lists and quotations may be nested; the converter's stack overflows at some 240 levels."""

_BRACKET = re.compile(r"[\[\]]")
_MARKS = re.compile(r"[\[\]()*_`<>]")
_ITEMS = re.compile(r"(?:[ \t]*(?:[-+*>]|[0-9]{1,9}[.)])(?=[ \t>]))+")
_ITEM = re.compile(r"[-+*>]|[0-9]+")
_RULER = re.compile(r" {0,3}(?:(?:-+ {0,2}){3,}+|(?:\*+ {0,2}){3,}+|(?:_+ {0,2}){3,}+)[ ]*")
_MAY_NEST = re.compile(rf"^[ \t>*+.)0-9-]{{{_MOST_NESTED}}}", re.MULTILINE)
"""A level takes one character at least."""


@rule("KB014", "tangled-block", on=On.TEXT)
def tangled_block(document: Document, _context: Context) -> Iterator[Finding]:
    """一段里的括号或标记太多，或者一层套一层太深。

    方括号开了 50 个还没有闭合，或者一段里有两千个以上的 `[`、`(`、`*`、`_`、`>` 一类的标记，转换成网页要花几分钟，甚至转不出来；
    列表和引用一层套一层，套了 50 层也一样。这样的一段多半是粘贴进来的程序或日志：放进代码块（前后各一行 ` ``` `），或者分成几段。

    反例:

    ```markdown
    记录：[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
    ```

    正例:

    ```markdown
    记录：[客户来电]
    ```
    """
    yield from _nested(document)
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


def _nested(document: Document) -> Iterator[Finding]:
    """The first line that is nested too deep."""
    if not _MAY_NEST.search(document.body):
        return
    around: list[int] = []
    for row, line in outside_fences(document.lines, document.body_line):
        if not line.strip() or _RULER.fullmatch(line):
            continue
        indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        around = [*(each for each in around if each < indent), indent]
        items = _ITEMS.match(line)
        depth = len(around) - 1 + (len(_ITEM.findall(items[0])) if items else 0)
        if depth > _MOST_NESTED:
            message = f"列表和引用在这里套了 {depth} 层"
            yield Finding(Span(row + 1, 1, len(line)), message, "放进代码块，或改成几个短的列表")
            return


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
