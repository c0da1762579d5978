"""KB002 unclosed-front-matter."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB002", "unclosed-front-matter", on=On.FAULTS)
def unclosed_front_matter(document: Document, _context: Context) -> Iterable[Finding]:
    """信息头没有结束。

    信息头从第一行 `---` 开始，到下一行单独的 `---` 结束。少了结束的一行，就分不清哪里是字段、哪里是正文。
    结束的 `---` 要顶格写，前面不能有空格。

    反例:

    ```markdown title="cases/playbooks/PB-003.md"
    ---
    id: PB-003
    title: 首问负责
    status: 草稿
    phase: 中期处理
    owner: 客服主管

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
    return document.findings("unclosed-front-matter")
