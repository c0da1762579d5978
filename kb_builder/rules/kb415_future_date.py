"""KB415 future-date."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.dates import PartialDate
from kb_builder.model.document import Document
from kb_builder.model.schema import FieldType
from kb_builder.rules import Context, rule

DATES = (FieldType.DATE, FieldType.MOMENT)
DEADLINES = {"due"}
"""Fields whose dates lie in the future by their nature."""


@rule("KB415", "future-date", level=Level.WARNING)
def future_date(document: Document, context: Context) -> Iterator[Finding]:
    """日期在将来。

    记录的都是发生过的事，将来的日期多半是年份写错了。整改期限（due）本来就在将来，不受此限。

    反例:

    ```yaml
    last_reviewed: 2999-05-01
    ```

    正例:

    ```yaml
    last_reviewed: 2024-05-01
    ```
    """
    for use in document.every_field:
        if use.spec.type not in DATES or use.spec.name in DEADLINES:
            continue
        for item in use.items:
            if not isinstance(item.value, PartialDate):
                continue
            if context.days_ahead(*item.value.earliest[:3]) > 0:
                yield Finding(
                    item.span,
                    f"“{use.spec.label}”{item.text} 在将来，今天是 {context.today.isoformat()}",
                    "核对年月日",
                )
