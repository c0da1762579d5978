"""KB701 ineffective-visibility."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.audience import PUBLIC, VISIBILITY
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB701", "ineffective-visibility")
def ineffective_visibility(document: Document, context: Context) -> Iterator[Finding]:
    """写了不公开，可是知识库没有区分读者。

    `visibility` 要知识库区分读者才起作用。`site_config/audiences.yml` 里没有写 `default`，就只有一个网站，所有已发布
    的页面都在上面：写了“内部”的也一样公开出去。先在那里写明要区分读者，或者把这一页改为公开。

    反例:

    ```yaml
    visibility: 内部
    ```

    正例:

    ```yaml
    visibility: 公开
    ```
    """
    if context.settings.audience is not None:
        return
    for item in document.items(VISIBILITY):
        if item.text != PUBLIC:
            yield Finding(
                item.span,
                "这个知识库没有区分读者，写了也会公开",
                "在 site_config/audiences.yml 里写“default: public”，或改为“公开”",
            )
