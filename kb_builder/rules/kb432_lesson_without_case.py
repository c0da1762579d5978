"""KB432 lesson-without-case."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule

_LEARNT = {"pitfall", "improvement"}
"""Kinds of lesson that something has taught."""


@rule("KB432", "lesson-without-case", level=Level.WARNING, on=On.PUBLISHED)
def lesson_without_case(document: Document, context: Context) -> Iterator[Finding]:
    """没有案例讲到这条教训。

    “教训”和“改进”是从事情里得来的；没有案例，读者不知道真假，也记不住。关系只写在案例里：在 `lessons` 里写上它的编号。只从
    书上看来、没有案例的，写明出处（sources）就可以；“理念”和“数据”不作要求。

    反例:

    ```yaml
    lesson_kind: 改进
    ```

    正例:

    ```yaml
    lesson_kind: 改进
    sources: [{title: 浅析客户体验中的异议处理}]
    ```
    """
    if document.text("lesson_kind") not in _LEARNT or "sources" in document.keys:
        return
    if not context.corpus.referring("lessons", document.id):
        yield Finding(
            document.place("id"),
            "没有案例讲到这条教训，也没有写出处",
            f"在讲到它的案例里写“lessons: [{document.id}]”，或加上 sources",
        )
