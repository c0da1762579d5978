"""KB105 empty-value."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB105", "empty-value", on=On.FAULTS)
def empty_value(document: Document, _context: Context) -> Iterable[Finding]:
    """字段是空的。

    只写了名字没有值，别人分不清是“没有”还是“忘了填”。知道就填上，不需要就删去这一行。

    反例:

    ```yaml
    psychology:
    ```

    正例:

    ```yaml
    psychology: [求尊重]
    ```
    """
    return document.findings("empty-value")
