"""KB604 invisible-character."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, Span
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule

INVISIBLE = re.compile(
    "[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    # Between Han characters a joiner joins nothing; between pictures it makes one of two.
    "|(?<=[\u3400-\u9fff])\u200d|\u200d(?=[\u3400-\u9fff])"
)


@rule("KB604", "invisible-character", level=Level.WARNING)
def invisible_character(document: Document, _context: Context) -> Iterator[Finding]:
    """混进了看不见的字符。

    从网页和聊天软件复制来的文字，常带着零宽空格一类的字符：眼睛看不见，却会让编号对不上、词语断开。`kb check --fix` 会删去它们。

    反例:

    ```markdown
    客户要求退\u200b款。
    ```

    正例:

    ```markdown
    客户要求退款。
    ```
    """
    for row, line in enumerate(document.lines, 1):
        # Nearly every line is without; a search is quicker than an iterator.
        if INVISIBLE.search(line):
            found = list(INVISIBLE.finditer(line))
            codes = "、".join(dict.fromkeys(f"U+{ord(match[0]):04X}" for match in found))
            yield Finding(
                Span(row, found[0].start() + 1),
                f"这一行有 {len(found)} 个看不见的字符 {codes}",
                "删去，或运行 kb check --fix",
            )
