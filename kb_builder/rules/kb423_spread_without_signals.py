"""KB423 spread-without-signals."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule

SPREAD = "spread"
"""The stage from which on the outside knows."""


@rule("KB423", "spread-without-signals", on=On.PUBLISHED)
def spread_without_signals(document: Document, context: Context) -> Iterator[Finding]:
    """传到外面的案例没有写危机信号。

    从“对外扩散”起，下一次能不能早一步，全看认不认得信号：有人转发、同类客户聚到一起、媒体来电。写明出现过哪些。只知一句话的短案例
    （`incomplete: true`）不作要求。

    反例:

    ```yaml
    complaint_stage: 对外扩散
    ```

    正例:

    ```yaml
    complaint_stage: 对外扩散
    crisis_signals: [转发扩散]
    ```
    """
    if "crisis_signals" in document.keys or document.flag("incomplete"):
        return
    order = stage_order(context)
    for item in document.items("complaint_stage"):
        if SPREAD in order and order.index(item.text) >= order.index(SPREAD):
            label = context.settings.vocabularies["complaint_stage"].label_of(item.text)
            yield Finding(
                item.span,
                f"到了“{label}”的案例要写危机信号（crisis_signals）",
                "加上“crisis_signals: [转发扩散]”这样的一行，写实际出现过的",
            )


def stage_order(context: Context) -> list[str]:
    """The stages of a complaint, from the mildest on."""
    vocabulary = context.settings.vocabularies.get("complaint_stage")
    return [] if vocabulary is None else list(vocabulary.values)
