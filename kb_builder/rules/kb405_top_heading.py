"""KB405 top-heading."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB405", "top-heading", level=Level.WARNING)
def top_heading(document: Document, _context: Context) -> Iterator[Finding]:
    """正文里有一级标题。

    页面的一级标题由 `title` 字段生成，正文里再写一个 `#` 标题，一页就有两个大标题，目录和搜索都会乱。行首的 `#`
    即使后面没有空格，也会变成标题。

    反例:

    ```markdown
    ## 由来

    订单漏录，客户等了两周。

    ## 道理

    没有核对的环节一定会出错。

    ## 做法

    录单后由另一人核对。

    # 附：核对办法
    ```

    正例:

    ```markdown
    ## 由来

    订单漏录，客户等了两周。

    ## 道理

    没有核对的环节一定会出错。

    ## 做法

    录单后由另一人核对。

    ### 附：核对办法
    ```
    """
    for heading in document.headings:
        if heading.level == 1:
            message = f"正文里有一级标题{quoted(heading.text)}"
            yield Finding(heading.span, message, "删去它，或改为“###”；不是标题就在 # 前面加 \\")
