"""KB703 active-content."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Span
from kb_builder.model.activity import active
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB703", "active-content", on=On.TEXT)
def active_content(document: Document, _context: Context) -> Iterator[Finding]:
    """正文里有会运行、会改版面或会连到别处的内容。

    脚本、事件（`onclick` 一类）、`javascript:` 链接、内嵌网页、样式和表单，发布时都会去掉；别的网站上的图片也会去掉，因为读者一打开
    页面，那个网站就知道了。多半是从网页上粘贴来的，也可能有人存心放进来。删去它；图片下载到案例旁边再引用；要讲解代码，就
    放进代码块。手写的页面也一样。

    反例:

    ```markdown
    <script>alert("你好")</script>
    ```

    正例:

    ```markdown
    代码 `<script>` 会被去掉。
    ```
    """
    for found in active(document.lines, document.body_line):
        yield Finding(Span(found.line, found.column, found.length), found.what, found.remedy)
