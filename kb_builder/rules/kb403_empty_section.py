"""KB403 empty-section."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB403", "empty-section", on=On.PUBLISHED)
def empty_section(document: Document, _context: Context) -> Iterator[Finding]:
    """小节没有内容。

    空的小节让读者以为漏看了什么。哪怕只有一句“资料未载”，也比空着好。

    反例:

    ```markdown
    ## 由来

    订单漏录，客户等了两周。

    ## 道理

    ## 做法

    录单后由另一人核对。
    ```

    正例:

    ```markdown
    ## 由来

    订单漏录，客户等了两周。

    ## 道理

    没有核对的环节一定会出错。

    ## 做法

    录单后由另一人核对。
    ```
    """
    for section in document.sections:
        if section.title in document.required_sections and section.empty:
            message = f"小节“{section.title}”没有内容"
            yield Finding(section.span, message, "写上内容；确实不知道就写“资料未载”")
