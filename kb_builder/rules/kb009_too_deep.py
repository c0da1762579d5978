"""KB009 too-deep."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB009", "too-deep", on=On.FAULTS)
def too_deep(document: Document, _context: Context) -> Iterable[Finding]:
    """信息头嵌套太深。

    最复杂的字段也只有三层。超过十层的，不是写错了括号，就是有人想让程序出错。

    反例:

    ```yaml
    aliases: [[[[[[[[[[[座套]]]]]]]]]]]
    ```

    正例:

    ```yaml
    aliases: [座套]
    ```
    """
    return document.findings("too-deep")
