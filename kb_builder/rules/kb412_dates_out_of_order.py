"""KB412 dates-out-of-order."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule

ORDER = (
    "occurred_on",
    "received_on",
    "acknowledged_on",
    "replied_on",
    "resolved_on",
    "closed_on",
)
"""The dates of a case, none of which lies before one named earlier."""


@rule("KB412", "dates-out-of-order")
def dates_out_of_order(document: Document, _context: Context) -> Iterator[Finding]:
    """日期的先后不对。

    一件事先发生，再受理、告知、答复、解决、结案。次序颠倒的日期会让时限统计出错，多半是年份或月份写错了。只写到
    年或月的日期，只要有可能在后面，就不算错。

    反例:

    ```yaml
    received_on: 2024-07-05
    replied_on: 2024-06-07
    ```

    正例:

    ```yaml
    received_on: 2024-07-05
    replied_on: 2024-07-07
    ```
    """
    dated = [(name, date) for name in ORDER if (date := document.date(name)) is not None]
    for place, (name, date) in enumerate(dated):
        for earlier, other in reversed(dated[:place]):
            if other.surely_after(date):
                message = (
                    f"“{_label(document, name)}”{date.text} "
                    f"早于“{_label(document, earlier)}”{other.text}"
                )
                yield Finding(document.place(name), message, "核对两个日期")
                break


def _label(document: Document, name: str) -> str:
    assert document.kind is not None  # On.DOCUMENT
    return document.kind.fields[name].label
