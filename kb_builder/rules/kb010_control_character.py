"""KB010 control-character."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB010", "control-character", on=On.FAULTS)
def control_character(document: Document, _context: Context) -> Iterable[Finding]:
    """有看不见的控制字符。

    从聊天软件、PDF 或终端里复制文字，会带进看不见的字符。它们使搜索找不到词，使网页出错，在终端里甚至能
    改写屏幕上的内容。删去它，重新键入那几个字。

    反例（␀ 表示看不见的字符）:

    ```text
    product: 座椅␀套
    ```

    正例:

    ```yaml
    product: 座椅套
    ```
    """
    return document.findings("control-character")
