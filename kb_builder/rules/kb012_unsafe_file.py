"""KB012 unsafe-file."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB012", "unsafe-file", on=On.FAULTS)
def unsafe_file(document: Document, _context: Context) -> Iterable[Finding]:
    """不是普通文件，或者读不了。

    符号链接可以指向知识库以外的文件，发布出去就泄露了；管道和设备文件会让程序一直等下去。这些都不读取。
    权限不足、读不了的文件也在这里报告。

    反例:

    ```text
    cases/playbooks/PB-003.md -> /home/me/备忘.md
    ```

    正例:

    ```text
    cases/playbooks/PB-003.md（普通文件）
    ```
    """
    return document.findings("unsafe-file")
