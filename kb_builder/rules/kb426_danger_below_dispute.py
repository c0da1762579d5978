"""KB426 danger-below-dispute."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule
from kb_builder.rules.kb423_spread_without_signals import stage_order

_DISPUTE = "dispute"
_ONLY_SAID = "outside_threat"
"""Who only says that he will turn to others may still be at the stage of a complaint."""


@rule("KB426", "danger-below-dispute", level=Level.HINT)
def danger_below_dispute(document: Document, context: Context) -> Iterator[Finding]:
    """有危机信号，发展阶段却在纠纷以下。

    有人转发、媒体来问、打起官司，事情多半已经过了“投诉”这一步。信号只是苗头、当天就化解了的，可以不改；只“说要曝光或举报”的
    不算。

    反例:

    ```yaml
    crisis_signals: [媒体介入]
    complaint_stage: 投诉
    ```

    正例:

    ```yaml
    crisis_signals: [媒体介入]
    complaint_stage: 对外扩散
    ```
    """
    order = stage_order(context)
    signals = {item.text for item in document.items("crisis_signals")}
    if not signals - {_ONLY_SAID} or _DISPUTE not in order:
        return
    for item in document.items("complaint_stage"):
        if order.index(item.text) < order.index(_DISPUTE):
            label = context.settings.vocabularies["complaint_stage"].label_of(item.text)
            yield Finding(
                item.span,
                f"写了危机信号，发展阶段却只到“{label}”",
                "核对事情最严重时到了哪一步",
            )
