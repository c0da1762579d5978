"""KB103 wrong-type."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB103", "wrong-type", on=On.FAULTS)
def wrong_type(document: Document, _context: Context) -> Iterable[Finding]:
    """值的类型不对。

    日期要能排序，次数要能相加，所以日期写成 2024-05-01（只知道月份就写 2024-05，只知道年份就写 2024，都不
    知道就写 unknown），次数只写数字，是非写 true 或 false。

    反例:

    ```yaml
    occurred_on: 去年夏天
    ```

    正例:

    ```yaml
    occurred_on: 2024-07
    ```
    """
    return document.findings("wrong-type")
