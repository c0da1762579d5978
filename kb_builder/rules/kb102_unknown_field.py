"""KB102 unknown-field."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB102", "unknown-field", on=On.FAULTS)
def unknown_field(document: Document, _context: Context) -> Iterable[Finding]:
    """没有这个字段。

    写错名字的字段等于没有写：读者看不到，也搜不到。字段的名字用英文，全部字段见字段说明页；要添加新的字段，
    在 `site_config/schema.yml` 里声明。

    反例:

    ```yaml
    produkt: 座椅套
    ```

    正例:

    ```yaml
    product: 座椅套
    ```
    """
    return document.findings("unknown-field")
