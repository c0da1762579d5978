"""KB206 several-owners."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB206", "several-owners", on=On.FAULTS)
def several_owners(document: Document, _context: Context) -> Iterable[Finding]:
    """责任岗位不止一个。

    两个岗位都负责，等于没有人负责：客户打来时会被转来转去。只写从头到尾负责的那一个，其余的写在正文或
    时间线里。

    反例:

    ```yaml
    owner: [店长, 收银员]
    ```

    正例:

    ```yaml
    owner: 店长
    ```
    """
    return document.findings("several-owners")
