"""KB608 repeated-punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, in_prose, rule

_REPEATED = re.compile("[。，、；：]{2,}|[!！?？]{3,}")


@rule("KB608", "repeated-punctuation", level=Level.WARNING)
def repeated_punctuation(document: Document, _context: Context) -> Iterator[Finding]:
    """标点重复。

    “。。”“，，”是打字时手滑，“！！！”在记录里是替客户喊。留一个；省略号写“……”。

    反例:

    ```markdown
    客户等了两周。。没有人回话！！！
    ```

    正例:

    ```markdown
    客户等了两周，没有人回话。
    ```
    """
    for _, match, span in in_prose(document, _REPEATED):
        last = match[0][-1]
        hint = "省略号写“……”，否则留一个" if last == "。" else "只留一个"
        yield Finding(span, f"标点{quoted(match[0])}重复", hint)
