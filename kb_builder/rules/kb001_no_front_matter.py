"""KB001 no-front-matter."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB001", "no-front-matter", on=On.FAULTS)
def no_front_matter(document: Document, _context: Context) -> Iterable[Finding]:
    """文件没有信息头。

    标题、状态、责任岗位都写在文件最前面的两行 `---` 之间。没有信息头，程序不知道这一页是什么、能不能
    公开，所以不发布。第一行必须正好是 `---`，前面不能有空行、空格或标题。

    反例:

    ```markdown title="cases/playbooks/PB-003.md"
    # 首问负责

    谁先接到投诉，谁负责到底。
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

    谁先接到投诉，谁负责到底。
    ```
    """
    return document.findings("no-front-matter")
