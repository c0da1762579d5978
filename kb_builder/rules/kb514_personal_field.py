"""KB514 personal-field."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB514", "personal-field", on=On.EVERY_FILE)
def personal_field(document: Document, context: Context) -> Iterator[Finding]:
    """正文里有姓名、生日一类的栏目。

    从工单里整段粘贴过来，常带着“联系人：”“出生日期：”这样的栏目。删去整栏，或把内容换成“张先生”“客户甲”。

    反例:

    ```markdown
    联系人：刘德福
    ```

    正例:

    ```markdown
    联系人：刘先生
    ```
    """
    return personal.findings(document, context, Category.LABELLED)
