"""KB605 ideographic-indent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.rules import Context, in_prose, rule

INDENT = re.compile(r"^[ \t]*\u3000[\u3000 \t]*(?=\S)", re.MULTILINE)


@rule("KB605", "ideographic-indent", level=Level.WARNING)
def ideographic_indent(document: Document, _context: Context) -> Iterator[Finding]:
    """段首用了全角空格缩进。

    网页上段与段之间已经有间隔，再空两格就参差不齐；列表和标题前面有全角空格，还会认不出来。段落之间空一行就可以。
    `kb check --fix` 会删去普通段落前的全角空格。

    反例:

    ```markdown
    \u3000\u3000客户预付两周，店里没有订货。
    ```

    正例:

    ```markdown
    客户预付两周，店里没有订货。
    ```
    """
    for passage, _, span in in_prose(document, INDENT):
        if not passage.field:
            yield Finding(span, "段首有全角空格", "删去，段落之间空一行")
