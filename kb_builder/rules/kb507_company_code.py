"""KB507 company-code."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB507", "company-code", on=On.EVERY_FILE)
def company_code(document: Document, context: Context) -> Iterator[Finding]:
    """写出了统一社会信用代码。

    个体户的代码等于经营者本人；一般公司的代码写出来也会牵出对方。写“某公司”“某个体户”。

    反例:

    ```markdown
    开票税号 91350100M000100Y43 抄错一位。
    ```

    正例:

    ```markdown
    开票税号抄错一位。
    ```
    """
    return personal.findings(document, context, Category.COMPANY)
