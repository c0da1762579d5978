"""KB007 file-too-large."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB007", "file-too-large", on=On.FAULTS)
def file_too_large(document: Document, _context: Context) -> Iterable[Finding]:
    """文件或信息头太大。

    一篇案例几千字，十几 KB。超过 256 KiB 的多半粘贴了图片或整份附件；信息头超过 16,384 个字符的，多半把正文
    写进了字段。这样的文件拖慢每一次检查和搜索，也没有人读得完。

    反例:

    ```text
    CASE-2024-0001.md  3.2 MiB
    ```

    正例:

    ```text
    CASE-2024-0001.md  14 KiB
    ```
    """
    return document.findings("file-too-large")
