"""KB513 full-name."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB513", "full-name", on=On.EVERY_FILE)
def full_name(document: Document, context: Context) -> Iterator[Finding]:
    """写出了真实姓名。

    客户没有同意把名字公开；同事的名字写进案例，以后就没有人肯报告差错。客户写“张先生”“王女士”或“客户甲”，同事写岗位。
    公开出版的案例里的公众人物，写进 site_config/privacy.yml 的 people。

    反例:

    ```markdown
    客户张伟来电，说空调不制冷。
    ```

    正例:

    ```markdown
    客户张先生来电，说空调不制冷。
    ```
    """
    return personal.findings(document, context, Category.NAME)
