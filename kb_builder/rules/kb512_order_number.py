"""KB512 order-number."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB512", "order-number", on=On.EVERY_FILE)
def order_number(document: Document, context: Context) -> Iterator[Finding]:
    """写出了订单或工单号码。

    凭号码在系统里能查到客户。哪些号码算，由 site_config/privacy.yml 的 numbers 决定。写“
    订单一笔”，或写本库的案例编号。

    反例:

    ```markdown
    订单号 DD20240101000123 漏发。
    ```

    正例:

    ```markdown
    有一笔订单漏发。
    ```
    """
    return personal.findings(document, context, Category.ORDER)
