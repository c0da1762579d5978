"""KB606 masked-word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, in_prose, rule

_HAN = "\u3400-\u9fff"
_MASKED = re.compile(
    rf"(?<![\d*])(?:\*{{3,}}|＊{{2,}}|[×╳]{{2,}}|(?<=[{_HAN}])[Xx]{{3,}})(?![\d*])"
)
_EMPHASIS = re.compile(r"(\*{2,3})(?=[^\s*])[^*]+(?<=[^\s*])\1")
_RULE = re.compile(r"[ \t]*(?:\*[ \t]*){3,}$")


@rule("KB606", "masked-word", level=Level.WARNING)
def masked_word(document: Document, _context: Context) -> Iterator[Finding]:
    """有打码的词。

    “****”“×××”看不出原来说了什么：也许是骂人的话，也许是转载时丢了字。查得到原文就补上，查不到就用自己的话说出大意，或者写“原文
    此处打码”。号码中间的星号（138****0000）是有意隐去的，不算。

    反例:

    ```markdown
    董事长在微博上回复：“****，你懂什么。”
    ```

    正例:

    ```markdown
    董事长在微博上回了一句骂人的话，原文此处打码。
    ```
    """
    for passage, match, span in in_prose(document, _MASKED):
        if passage.field == "aliases" or _RULE.match(passage.text):
            continue
        # What is bold may touch what is bold.
        if any(
            begin <= match.start() < end
            for begin, end in (each.span() for each in _EMPHASIS.finditer(passage.text))
        ):
            continue
        yield Finding(span, f"{quoted(match[0])}遮住了原来的话", "查原文补上，或用自己的话说出大意")
