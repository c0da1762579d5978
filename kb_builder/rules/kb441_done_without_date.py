"""KB441 done-without-date."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB441", "done-without-date", level=Level.HINT)
def done_without_date(document: Document, _context: Context) -> Iterator[Finding]:
    """整改完成了，没有写完成日期。

    有了完成日期，才看得出整改以后同样的投诉有没有再来。只记得大概的，写到月就可以。外部案例查不到日期，不作
    要求。

    反例:

    ```yaml
    corrective_actions:
      - {action: 录单由另一人核对, owner: 店长, status: 已完成}
    ```

    正例:

    ```yaml
    corrective_actions:
      - {action: 录单由另一人核对, owner: 店长, status: 已完成, done_on: 2024-05}
    ```
    """
    if document.text("origin") == "external":
        return
    for group in document.groups("corrective_actions"):
        for item in group.items("status"):
            if item.text == "done" and not group.items("done_on"):
                yield Finding(
                    item.span,
                    f"整改{quoted(group.text('action'))}没有写完成日期",
                    "加上“done_on: 2024-05-01”，写实际的日期，写到月也可以",
                )
