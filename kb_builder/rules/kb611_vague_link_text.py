"""KB611 vague-link-text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, in_prose, rule

_VAGUE = re.compile(
    r"(?<!!)\[\s*(?P<text>(?:请)?(?:点击|点|单击)?(?:这里|此处|这儿)?(?:查看)?(?:链接|详情|更多)?|here|link)\s*\](?=\()",
    re.IGNORECASE,
)


@rule("KB611", "vague-link-text", level=Level.HINT)
def vague_link_text(document: Document, _context: Context) -> Iterator[Finding]:
    """链接的文字看不出去哪里。

    “点击这里”要读完前后文才懂；用读屏软件的人只听链接，更分不出哪个是哪个。链接文字写出那一页的名字。

    反例:

    ```markdown
    投诉怎样接待，[点击这里](../../playbooks/PB-001.md)。
    ```

    正例:

    ```markdown
    投诉怎样接待，见[投诉处理总流程](../../playbooks/PB-001.md)。
    ```
    """
    for _, match, span in in_prose(document, _VAGUE):
        shown = match["text"] or "[]"
        yield Finding(span, f"链接文字{quoted(shown)}看不出去哪里", "写出那一页的名字")
