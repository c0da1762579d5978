"""KB610 image-without-alt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.rules import Context, in_prose, rule

_WITHOUT = re.compile(r"!\[\s*\](?=\()")


@rule("KB610", "image-without-alt", level=Level.WARNING)
def image_without_alt(document: Document, _context: Context) -> Iterator[Finding]:
    """图片没有说明文字。

    看不见图的人靠说明文字知道图里有什么，搜索也靠它。方括号里用一句话写出图里的内容。

    反例:

    ```markdown
    ![](把手.png)
    ```

    正例:

    ```markdown
    ![烤箱门把手的两颗螺丝松脱](把手.png)
    ```
    """
    for _, _, span in in_prose(document, _WITHOUT):
        yield Finding(span, "图片没有说明文字", "写成“![图里有什么](文件)”")
