"""KB421 near-duplicate."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule

_NAMING = ("related", "not_related", "redirect_from", "contrast_with")


@rule("KB421", "near-duplicate", level=Level.WARNING)
def near_duplicate(document: Document, context: Context) -> Iterator[Finding]:
    """两个案例的记录几乎一样。

    同一件投诉录了两次，统计就多算一件，读者也不知道该看哪一页。比较的是“记录”一节（没有这一节时比较全文）：去掉标点以后，
    每五个字算一段，两篇共有的段达到一半就算几乎一样，少于 40 字的不比。确认过不是同一件事的，互相写明就不再提醒，写在哪一页
    都行。

    反例:

    ```text
    CASE-2024-0001 的记录：三月二日，客户来电说，两周前付清了座椅套的款，今天到店才知道根本没有订货，要求当天给个说法。
    CASE-2024-0002 的记录：三月二日，客户来电说，两周前付清了座椅套的款，今天到店才知道根本没有订货，要求当天给一个说法。
    ```

    正例:

    ```yaml
    related: [CASE-2024-0002]
    ```
    """
    for pair in context.copies.get(document.id, ()):
        earlier = context.corpus.by_id[pair.earlier]
        if context.corpus.by_id[document.id] is not document or _name_each_other(document, earlier):
            continue
        yield Finding(
            document.place("title"),
            f"{document.id} 和 {earlier.id} 的记录几乎一样（相同的占 {pair.shared}%）",
            f"是同一件事就并成一页，留下的那页写“redirect_from: [另一页的编号]”；"
            f"是有关的两件事写“related: [{earlier.id}]”，不相干写“not_related: [{earlier.id}]”",
        )


def _name_each_other(one: Document, other: Document) -> bool:
    return any(
        there.id in here.texts(field)
        for here, there in ((one, other), (other, one))
        for field in _NAMING
    )
