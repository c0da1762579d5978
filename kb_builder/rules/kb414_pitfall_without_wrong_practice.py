"""KB414 pitfall-without-wrong-practice."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB414", "pitfall-without-wrong-practice", on=On.PUBLISHED)
def pitfall_without_wrong_practice(document: Document, _context: Context) -> Iterator[Finding]:
    """教训没有写错误做法。

    读者要先认出自己正在犯的错，才会去学正确的做法。“教训”类要写明当时是怎样做错的；“改进”“理念”“数据”可以
    不写。

    反例:

    ```yaml
    lesson_kind: 教训
    ```

    正例:

    ```yaml
    lesson_kind: 教训
    wrong_practice: 录完订单就放下，等客户来催才去查
    ```
    """
    if "wrong_practice" in document.keys:
        return
    for item in document.items("lesson_kind"):
        if item.text == "pitfall":
            yield Finding(
                item.span,
                "“教训”类要写错误做法（wrong_practice）",
                "加上“wrong_practice: 当时是怎样做错的”，或改为别的教训类型",
            )
