"""KB511 precise-address."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB511", "precise-address", on=On.EVERY_FILE)
def precise_address(document: Document, context: Context) -> Iterator[Finding]:
    """写出了详细地址。

    门牌和房号能找到客户的家。写到区县或小区为止。前面写着“门店地址”“办公地址”的不算。

    反例:

    ```markdown
    维修师傅到幸福里小区3栋2单元1501室。
    ```

    正例:

    ```markdown
    维修师傅到客户家里。
    ```
    """
    return personal.findings(document, context, Category.ADDRESS)
