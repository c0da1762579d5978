"""KB509 chat-account."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB509", "chat-account", on=On.EVERY_FILE)
def chat_account(document: Document, context: Context) -> Iterator[Finding]:
    """写出了微信或 QQ 号。

    凭微信号、QQ 号谁都能加上客户。写“加了客户的微信”就够了。

    反例:

    ```markdown
    客户的微信号：lily_2020a。
    ```

    正例:

    ```markdown
    加了客户的微信。
    ```
    """
    return personal.findings(document, context, Category.ACCOUNT)
