"""KB501 phone-number."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB501", "phone-number", on=On.EVERY_FILE)
def phone_number(document: Document, context: Context) -> Iterator[Finding]:
    """写出了电话号码。

    案例是给同事和读者看的，客户的号码一旦发布就收不回来，git 里也一直留着。只写“来电号码”，或把中间几位换成星号。40
    0、800、12315、95 开头的服务号码不算；自己单位的总机，写明理由可以保留。

    反例:

    ```markdown
    客户用 13800001234 打来，要求当天回复。
    ```

    正例:

    ```markdown
    客户用 138****1234 打来，要求当天回复。
    ```
    """
    return personal.findings(document, context, Category.PHONE)
