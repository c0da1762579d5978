"""KB506 vehicle-number."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB506", "vehicle-number", on=On.EVERY_FILE)
def vehicle_number(document: Document, context: Context) -> Iterator[Finding]:
    """写出了车架号。

    车架号对应一辆车和它的车主、保险和维修记录。写车型和年份就够了。

    反例:

    ```markdown
    车架号 LSVAA0BR600000384 的车漏油。
    ```

    正例:

    ```markdown
    一辆 2019 年的轿车漏油。
    ```
    """
    return personal.findings(document, context, Category.VIN)
