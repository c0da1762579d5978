"""KB015 unfit-page-name."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Span
from kb_builder.model.document import Document
from kb_builder.model.pages import name_problem
from kb_builder.rules import Context, On, rule


@rule("KB015", "unfit-page-name", on=On.ANYTHING)
def unfit_page_name(document: Document, context: Context) -> Iterator[Finding]:
    """手写页面的文件名不能做网址。

    手写的页面用文件名做网址。问号、井号一类的符号在网址里有别的意思，`CON` 一类的名字在 Windows 上打不开，只差大小写的两个名字在有的
    电脑上是同一个文件。这样的页面发布不了。文件名和文件夹名只用文字、数字和连字符。

    反例:

    ```markdown title="cases/guide/怎么写?.md"
    # 怎么写案例
    ```

    正例:

    ```markdown title="cases/guide/怎么写.md"
    # 怎么写案例
    ```
    """
    # What is a document is named by its id, which has rules of its own.
    if document.kind is None and document.path in context.corpus.pages:
        message, hint = name_problem(document.path, context.page_holders)
        if message:
            yield Finding(Span(1, 1), message, hint)
