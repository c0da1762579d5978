"""KB602 full-width-digit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, in_prose, rule

FULL_WIDTH = re.compile(
    "[０-９]{1,3}(?:，[０-９]{3})+(?![０-９])(?:．[０-９]+)?|[０-９]+(?:．[０-９]+)?"
)
"""A number in full-width digits. “２，３天” are two, “１，２００元” is one."""


@rule("KB602", "full-width-digit", level=Level.WARNING)
def full_width_digit(document: Document, _context: Context) -> Iterator[Finding]:
    """用了全角数字。

    “２０２４”和“2024”看上去差不多，复制到表格里却不是数。统一用半角数字。`kb check --fix` 会改好。

    反例:

    ```markdown
    客户等了１５天。
    ```

    正例:

    ```markdown
    客户等了 15 天。
    ```
    """
    for _, match, span in in_prose(document, FULL_WIDTH):
        yield Finding(span, f"全角数字{quoted(match[0])}", f"改为“{half_width(match[0])}”")


def half_width(text: str) -> str:
    """A number in half-width digits.

    >>> half_width("１，２００")
    '1,200'
    """
    return unicodedata.normalize("NFKC", text)
