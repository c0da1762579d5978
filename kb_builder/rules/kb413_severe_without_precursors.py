"""KB413 severe-without-precursors."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule

SEVERE = {"major", "crisis"}
"""Values of `severity` from which on precursors are looked for."""


@rule("KB413", "severe-without-precursors", on=On.PUBLISHED)
def severe_without_precursors(document: Document, context: Context) -> Iterator[Finding]:
    """重大案例没有写前兆。

    一起重大投诉的背后，有几十起轻微的、几百个隐患。写下事前出现过什么征兆，下次才能早一步看见；认真查过而没有发现，
    就写 `none_found`，让别人知道查过。

    反例:

    ```yaml
    severity: 重大
    ```

    正例:

    ```yaml
    severity: 重大
    precursors: [同一批货一个月内退换三次]
    ```
    """
    if "precursors" in document.keys:
        return
    for item in document.items("severity"):
        if item.text in SEVERE:
            label = context.settings.vocabularies["severity"].label_of(item.text)
            yield Finding(
                item.span,
                f"严重度是“{label}”，要写前兆（precursors）",
                "加上“precursors: [……]”；查过没有就写“precursors: none_found”",
            )
