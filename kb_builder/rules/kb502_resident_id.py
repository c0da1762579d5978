"""KB502 resident-id."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB502", "resident-id", on=On.EVERY_FILE)
def resident_id(document: Document, context: Context) -> Iterator[Finding]:
    """写出了身份证号。

    身份证号能把一个人的生日、户籍和一生的记录都连起来，案例里从来用不着。十五位的旧号、港澳的号码也算；校验码不对、但前面写
    着“身份证”的，照样要去掉。

    反例:

    ```markdown
    店员登记了身份证 110101190003070010。
    ```

    正例:

    ```markdown
    店员核对了身份证件。
    ```
    """
    return personal.findings(document, context, Category.RESIDENT)
