"""KB406 repeated-section."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB406", "repeated-section", on=On.PUBLISHED)
def repeated_section(document: Document, _context: Context) -> Iterator[Finding]:
    """小节写了两次。

    同名的小节有两个，目录里分不清，链接也只能指向前一个。合并成一个。

    反例:

    ```markdown
    ## 由来

    订单漏录，客户等了两周。

    ## 道理

    没有核对的环节一定会出错。

    ## 做法

    录单后由另一人核对。

    ## 做法

    每周抽查十张订单。
    ```

    正例:

    ```markdown
    ## 由来

    订单漏录，客户等了两周。

    ## 道理

    没有核对的环节一定会出错。

    ## 做法

    录单后由另一人核对。

    每周抽查十张订单。
    ```
    """
    first: dict[str, int] = {}
    for section in document.sections:
        line = first.setdefault(section.title, section.span.line)
        if line != section.span.line:
            message = f"小节{quoted(section.title)}写了两次，第一次在第 {line} 行"
            yield Finding(section.span, message, "合并成一个")
