"""KB503 bank-card."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB503", "bank-card", on=On.EVERY_FILE)
def bank_card(document: Document, context: Context) -> Iterator[Finding]:
    """写出了银行卡号。

    卡号泄露就可能被盗刷。写“原付款卡”“工资卡”，读者一样看得懂。

    反例:

    ```markdown
    退款退到银行卡 6222000000145044。
    ```

    正例:

    ```markdown
    退款退回原付款卡。
    ```
    """
    return personal.findings(document, context, Category.CARD)
