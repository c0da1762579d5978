"""KB202 repeated-value."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB202", "repeated-value")
def repeated_value(document: Document, _context: Context) -> Iterator[Finding]:
    """列表里的值重复。

    同一个值写两次，统计时会被多算；两个别名指的可能是同一个值，例如“电话”和“投诉电话”。删去多余的一个。

    反例:

    ```yaml
    channel: [电话, 投诉电话]
    ```

    正例:

    ```yaml
    channel: [投诉电话]
    ```
    """
    for use in document.every_field:
        if len(use.items) < 2:
            continue
        seen: set[str] = set()
        for item in use.items:
            text = item.text
            if text and text in seen:
                vocabulary = use.spec.vocabulary
                label = vocabulary.label_of(text) if vocabulary else text
                yield Finding(item.span, f"“{use.spec.label}”里{quoted(label)}写了两次", "删去一个")
            seen.add(text)
