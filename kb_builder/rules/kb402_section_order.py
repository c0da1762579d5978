"""KB402 section-order."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB402", "section-order", on=On.PUBLISHED)
def section_order(document: Document, _context: Context) -> Iterator[Finding]:
    """小节的次序不对。

    同一类页面的小节次序相同，读者扫一眼就知道要看的在哪里。把整节剪切到该在的位置。

    反例:

    ```markdown
    ## 由来

    订单漏录，客户等了两周。

    ## 做法

    录单后由另一人核对。

    ## 道理

    没有核对的环节一定会出错。
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
    assert document.kind is not None  # On.PUBLISHED
    order = {title: place for place, title in enumerate(document.kind.sections)}
    before: list[str] = []
    for section in document.sections:
        title = section.title
        if title not in order or title in before:  # KB404 and KB406 report these.
            continue
        later = next((other for other in before if order[other] > order[title]), None)
        if later is not None:
            message = f"“{title}”应当在“{later}”前面"
            yield Finding(section.span, message, f"把整节移到“## {later}”前面")
        before.append(title)
