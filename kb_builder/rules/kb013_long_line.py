"""KB013 long-line."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB013", "long-line", on=On.FAULTS)
def long_line(document: Document, _context: Context) -> Iterable[Finding]:
    """一行太长。

    上限是 10,000 个字符。这么长的一行多半是粘贴进来的图片编码、日志，或者没有分段的整篇记录：没有人读得完，比较两个版本时
    也看不出改了哪里，有的还会让网页生成得很慢。

    反例:

    ```text
    记录写成一行，一共 12,000 个字
    ```

    正例:

    ```text
    记录分成十几段，每段一两百个字
    ```
    """
    return document.findings("long-line")
