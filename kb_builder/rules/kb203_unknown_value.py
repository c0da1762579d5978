"""KB203 unknown-value."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB203", "unknown-value", on=On.FAULTS)
def unknown_value(document: Document, _context: Context) -> Iterable[Finding]:
    """取值不在词表中。

    读者按类型、成因、渠道筛选案例；词表以外的值筛不到，也进不了统计。可以写名称、编号或别名；确实缺少的值，
    在 `site_config/taxonomy/` 里添加。

    反例:

    ```yaml
    channel: [电话投诉]
    ```

    正例:

    ```yaml
    channel: [投诉电话]
    ```
    """
    return document.findings("unknown-value")
