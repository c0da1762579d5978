"""KB601 misread-digit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, in_prose, rule

_MISREAD = re.compile(
    r"""(?<![A-Za-z0-9._-])(?:
        l\d{2,}                  # l993, l00
      | I\d{3}(?=[年月日元个])     # I993年
      | \d+(?:[OolI]+\d+)+       # 1O0, 20l6
      | \d+[Oo]+(?=[年月日元万亿%％])  # 1OO万
    )(?![A-Za-z0-9_-])""",
    re.VERBOSE,
)
_DIGITS = str.maketrans("OolI", "0011")
_ALIASES = "aliases"


@rule("KB601", "misread-digit", level=Level.WARNING)
def misread_digit(document: Document, _context: Context) -> Iterator[Finding]:
    """数字里混进了字母。

    扫描或拍照转成的文字，常把 1 认成 l，把 0 认成 O：“l993年”“l00万”。搜 1993 就找不到它，读的人也会抄错。别名（aliases）专为搜索写常
    见错字，不查。

    反例:

    ```markdown
    l993年退款l00万美元。
    ```

    正例:

    ```markdown
    1993年退款100万美元。
    ```
    """
    for passage, match, span in in_prose(document, _MISREAD):
        if passage.field != _ALIASES:
            meant = match[0].translate(_DIGITS)
            yield Finding(span, f"{quoted(match[0])}像是认错的数字", f"核对原文，多半是“{meant}”")
