"""KB443 same-title."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, bare, rule


@rule("KB443", "same-title", level=Level.WARNING, on=On.PUBLISHED)
def same_title(document: Document, context: Context) -> Iterator[Finding]:
    """标题和另一页的一样。

    搜索结果里只看得到标题；两页同名，读者分不出该点哪一个。写出这一件的不同：什么东西、出了什么问题、后来怎样。标点和空格的
    不同不算不同。

    反例:

    ```markdown title="cases/resolved/2024/CASE-2024-0002.md"
    ---
    id: CASE-2024-0002
    title: 预付座椅套，漏下单
    status: 已发布
    ---
    ```

    正例:

    ```markdown title="cases/resolved/2024/CASE-2024-0002.md"
    ---
    id: CASE-2024-0002
    title: 座椅套装错颜色，当晚换好
    status: 已发布
    ---
    ```
    """
    for item in document.items("title"):
        others = [
            each for each in context.titled.get(bare(item.text), ()) if each.path != document.path
        ]
        if others:
            yield Finding(
                item.span, f"标题和{quoted(others[0].id)}的一样", "写出这一页和它不同的地方"
            )
