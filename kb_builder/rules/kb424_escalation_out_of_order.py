"""KB424 escalation-out-of-order."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.dates import PartialDate
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB424", "escalation-out-of-order")
def escalation_out_of_order(document: Document, _context: Context) -> Iterator[Finding]:
    """升级经过的日期先后不对。

    升级经过按先后写，读者才看得出从哪一步起失去了控制。后写的一步不能早于前面的；只写到年或月的日期，有可能在后面就不
    算错。

    反例:

    ```yaml
    complaint_stage: 纠纷
    escalation:
      - {stage: 投诉, when: 2024-05-03}
      - {stage: 纠纷, when: 2024-05-01}
    ```

    正例:

    ```yaml
    complaint_stage: 纠纷
    escalation:
      - {stage: 投诉, when: 2024-05-01}
      - {stage: 纠纷, when: 2024-05-03}
    ```
    """
    latest: PartialDate | None = None
    for group in document.groups("escalation"):
        for item in group.items("when"):
            if not isinstance(item.value, PartialDate):
                continue
            if latest is not None and latest.surely_after(item.value):
                yield Finding(
                    item.span,
                    f"这一步 {item.text} 早于前面的一步 {latest.text}",
                    "核对日期，或按先后重排",
                )
            else:
                latest = item.value
