"""KB425 stage-below-escalation."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule
from kb_builder.rules.kb423_spread_without_signals import stage_order


@rule("KB425", "stage-below-escalation")
def stage_below_escalation(document: Document, context: Context) -> Iterator[Finding]:
    """发展阶段低于升级经过里到过的一步。

    `complaint_stage` 写事情最严重时到了哪一步。升级经过里已经写到了纠纷，阶段却还是投诉，按阶段筛选和统计时就会漏掉它。

    反例:

    ```yaml
    complaint_stage: 投诉
    escalation:
      - {stage: 投诉}
      - {stage: 纠纷}
    ```

    正例:

    ```yaml
    complaint_stage: 纠纷
    escalation:
      - {stage: 投诉}
      - {stage: 纠纷}
    ```
    """
    order = stage_order(context)
    reached = [group.text("stage") for group in document.groups("escalation")]
    highest = max((stage for stage in reached if stage in order), key=order.index, default="")
    for item in document.items("complaint_stage"):
        if highest and order.index(item.text) < order.index(highest):
            vocabulary = context.settings.vocabularies["complaint_stage"]
            label = vocabulary.label_of(highest)
            yield Finding(
                item.span,
                f"升级经过里到了“{label}”，发展阶段只写了“{vocabulary.label_of(item.text)}”",
                f"改为“{label}”",
            )
