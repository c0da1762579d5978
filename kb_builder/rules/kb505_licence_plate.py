"""KB505 licence-plate."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB505", "licence-plate", on=On.EVERY_FILE)
def licence_plate(document: Document, context: Context) -> Iterator[Finding]:
    """写出了车牌号。

    凭车牌能查到车主和行踪。写车型、颜色就够了。

    反例:

    ```markdown
    粤B·0F123 停在门口两小时。
    ```

    正例:

    ```markdown
    一辆白色轿车停在门口两小时。
    ```
    """
    return personal.findings(document, context, Category.PLATE)
