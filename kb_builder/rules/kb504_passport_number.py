"""KB504 passport-number."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB504", "passport-number", on=On.EVERY_FILE)
def passport_number(document: Document, context: Context) -> Iterator[Finding]:
    """写出了护照或通行证号。

    护照、港澳通行证、台胞证、军官证的号码都能查到本人。写“已核对证件”就够了。

    反例:

    ```markdown
    客户报了护照 E12000345。
    ```

    正例:

    ```markdown
    客户出示了护照。
    ```
    """
    return personal.findings(document, context, Category.PASSPORT)
