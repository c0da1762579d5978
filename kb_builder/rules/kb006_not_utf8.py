"""KB006 not-utf8."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB006", "not-utf8", on=On.FAULTS)
def not_utf8(document: Document, _context: Context) -> Iterable[Finding]:
    """文件不是 UTF-8 编码。

    旧版记事本和一些导出工具存成 GBK 或 UTF-16，别人打开就是乱码。用编辑器的“另存为”，编码选 UTF-8。

    反例:

    ```text
    另存为 → 编码：ANSI（GBK）
    ```

    正例:

    ```text
    另存为 → 编码：UTF-8
    ```
    """
    return document.findings("not-utf8")
