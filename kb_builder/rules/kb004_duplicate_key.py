"""KB004 duplicate-key."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB004", "duplicate-key", on=On.FAULTS)
def duplicate_key(document: Document, _context: Context) -> Iterable[Finding]:
    """同一个字段写了两次。

    写了两次，就不知道哪一次算数：状态一处写草稿、一处写已发布，谁说了算？留下对的那一行，删去另一行。
    一个字段有几个值时，写成 `[甲, 乙]`。

    反例:

    ```yaml
    remedy: 道歉
    remedy: 换货
    ```

    正例:

    ```yaml
    remedy: [道歉, 换货]
    ```
    """
    return document.findings("duplicate-key")
