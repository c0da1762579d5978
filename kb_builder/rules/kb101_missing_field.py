"""KB101 missing-field."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB101", "missing-field", on=On.FAULTS)
def missing_field(document: Document, _context: Context) -> Iterable[Finding]:
    """缺少必填的字段。

    必填的字段很少：草稿只要几个，让人知道这是什么事；发布前再补齐一些，让读者能按类型、成因、处理措施找到
    它。轶事、寓言、正面典范和标明“资料不全”的短案例可以少填。一组字段（如时间线的一项）里也有必填的。

    反例:

    ```markdown title="cases/playbooks/PB-003.md"
    ---
    id: PB-003
    title: 首问负责
    status: 草稿
    phase: 中期处理
    ---
    ```

    正例:

    ```markdown title="cases/playbooks/PB-003.md"
    ---
    id: PB-003
    title: 首问负责
    status: 草稿
    phase: 中期处理
    owner: 客服主管
    ---
    ```
    """
    return document.findings("missing-field")
