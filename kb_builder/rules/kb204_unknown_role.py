"""KB204 unknown-role."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB204", "unknown-role", on=On.FAULTS)
def unknown_role(document: Document, _context: Context) -> Iterable[Finding]:
    """没有这个岗位。

    责任要落到一个人人认得的岗位上。岗位都在 `site_config/roles.yml` 里，新的岗位先在那里添加，并写明替补。

    反例:

    ```yaml
    owner: 售后组
    ```

    正例:

    ```yaml
    owner: 客服专员
    ```
    """
    return document.findings("unknown-role")
