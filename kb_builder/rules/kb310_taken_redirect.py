"""KB310 taken-redirect."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB310", "taken-redirect")
def taken_redirect(document: Document, context: Context) -> Iterator[Finding]:
    """旧编号已经有主。

    旧编号写在 `redirect_from` 里，旧网址就跳转到这一页。如果那个编号还是别的页面的编号，或者已经跳转到别的页面，
    同一个网址就有了两个去处。

    反例:

    ```yaml
    redirect_from: [CASE-2024-0002]
    ```

    正例:

    ```yaml
    redirect_from: [CASE-2024-0009]
    ```
    """
    for item in document.items("redirect_from"):
        owner = context.corpus.by_id.get(item.text)
        if owner is document:
            yield Finding(item.span, f"{item.text} 是现在的编号，不是旧编号", "删去它")
            continue
        if owner is not None:
            message = f"{item.text} 是 {owner.path} 的编号，不能跳转到这里"
            yield Finding(item.span, message, "先把那一页并入这里并删去，或去掉这个旧编号")
            continue
        first = context.redirecting[item.text][0]
        if first is not document:
            message = f"旧编号 {item.text} 已经跳转到 {first.id}"
            yield Finding(item.span, message, "只留一处")
