"""KB440 overdue-action."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.dates import PartialDate
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule

_OPEN = {"open", "doing"}


@rule("KB440", "overdue-action", level=Level.WARNING)
def overdue_action(document: Document, context: Context) -> Iterator[Finding]:
    """整改过了期限还没有完成。

    答应改的事没有改，同样的投诉还会再来。问责任岗位办到哪一步：办完了，状态写“已完成”并写完成日期；要延期，改期限；不做
    了，状态写“不做”，并在正文里说明。

    反例:

    ```yaml
    corrective_actions:
      - {action: 录单由另一人核对, owner: 店长, due: 2024-05-31, status: 进行中}
    ```

    正例:

    ```yaml
    corrective_actions:
      - {action: 录单由另一人核对, owner: 店长, due: 2024-05-31, status: 已完成, done_on: 2024-05-20}
    ```
    """
    for group in document.groups("corrective_actions"):
        for item in group.items("due"):
            if (
                group.text("status") in _OPEN
                and isinstance(item.value, PartialDate)
                and context.days_ahead(*item.value.latest[:3]) < 0
            ):
                yield Finding(
                    item.span,
                    f"整改{quoted(group.text('action'))}的期限 {item.text} 已过",
                    "办完了写“status: 已完成”和 done_on；要延期就改期限",
                )
