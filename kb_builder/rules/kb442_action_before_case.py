"""KB442 action-before-case."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, quoted
from kb_builder.model.dates import PartialDate
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule

_DATES = {"due": "期限", "done_on": "完成日期"}


@rule("KB442", "action-before-case")
def action_before_case(document: Document, _context: Context) -> Iterator[Finding]:
    """整改的日期早于事情发生。

    先有事情，才有整改。早于发生时间的期限或完成日期，多半是年份写错了。只写到年或月的，有可能在后面就不算错。

    反例:

    ```yaml
    occurred_on: 2024-05
    corrective_actions:
      - {action: 录单由另一人核对, owner: 店长, due: 2023-06-30, status: 未完成}
    ```

    正例:

    ```yaml
    occurred_on: 2024-05
    corrective_actions:
      - {action: 录单由另一人核对, owner: 店长, due: 2024-07-31, status: 未完成}
    ```
    """
    occurred = document.date("occurred_on")
    if occurred is None:
        return
    for group in document.groups("corrective_actions"):
        for name, label in _DATES.items():
            for item in group.items(name):
                if isinstance(item.value, PartialDate) and occurred.surely_after(item.value):
                    yield Finding(
                        item.span,
                        f"整改{quoted(group.text('action'))}的{label} {item.text} "
                        f"早于发生时间 {occurred.text}",
                        "核对年月日",
                    )
