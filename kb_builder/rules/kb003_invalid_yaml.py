"""KB003 invalid-yaml."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB003", "invalid-yaml", on=On.FAULTS)
def invalid_yaml(document: Document, _context: Context) -> Iterable[Finding]:
    """信息头的写法读不懂。

    信息头用 YAML 书写，一行一个“字段: 值”。读不懂的信息头一个字段也不能信，整页不发布。最常见的四种：
    值里有“: ”却没有加引号，用了全角冒号“：”，引号或方括号只有一半，同一层的字段没有左对齐。

    反例:

    ```yaml
    title: 回访: 三天后客户又来电
    ```

    正例:

    ```yaml
    title: "回访: 三天后客户又来电"
    ```
    """
    return document.findings("invalid-yaml")
