"""KB411 case-without-lesson."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule

NEED_LESSON = {"negative", "mixed", "near_miss"}
"""Values of `case_kind`: what went wrong, or nearly did."""


@rule("KB411", "case-without-lesson", on=On.PUBLISHED)
def case_without_lesson(document: Document, context: Context) -> Iterator[Finding]:
    """反面、先失后得、隐患案例没有写教训。

    允许投诉，不允许不汲取教训。这三种案例发布前至少写一条教训，别人才能从中学到东西；现有的教训都不合适，就用
    `kb new lesson` 新写一条。

    反例:

    ```yaml
    case_kind: 先失后得
    ```

    正例:

    ```yaml
    case_kind: 先失后得
    lessons: [LS-001]
    ```
    """
    if "lessons" in document.keys:  # What is wrong with what is there, other rules report.
        return
    for item in document.items("case_kind"):
        if item.text in NEED_LESSON:
            label = context.settings.vocabularies["case_kind"].label_of(item.text)
            yield Finding(
                item.span,
                f"“{label}”的案例要写教训（lessons）",
                "加上“lessons: [LS-……]”；没有合适的，用 kb new lesson 新写一条",
            )
