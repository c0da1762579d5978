"""KB508 email-address."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB508", "email-address", on=On.EVERY_FILE)
def email_address(document: Document, context: Context) -> Iterator[Finding]:
    """写出了电子邮箱。

    邮箱和电话一样能直接找到人。自己单位的邮箱域名写进 site_config/privacy.yml 的 domains，
    就不再报告；example.com 之类举例用的也不算。

    反例:

    ```markdown
    请发到 zhangwei1980@qq.com。
    ```

    正例:

    ```markdown
    请发到客户的邮箱。
    ```
    """
    return personal.findings(document, context, Category.EMAIL)
