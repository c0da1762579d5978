"""KB417 external-without-source."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB417", "external-without-source", level=Level.WARNING, on=On.PUBLISHED)
def external_without_source(document: Document, _context: Context) -> Iterator[Finding]:
    """外部案例没有写出处。

    别人的案例是从书报或网上看来的，读者要能查到原文，也要知道哪些话是转述。写上题名；作者、时间、网址知道多少写
    多少。

    反例:

    ```yaml
    origin: 外部案例
    ```

    正例:

    ```yaml
    origin: 外部案例
    sources:
      - title: 浅析客户体验中的异议处理
        author: 付菊红
        published: 2016
    ```
    """
    if "sources" in document.keys:
        return
    for item in document.items("origin"):
        if item.text == "external":
            yield Finding(
                item.span,
                "外部案例要写出处（sources）",
                "加上 sources:，下一行缩进写“- title: 题名”",
            )
