"""KB431 playbook-without-case."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB431", "playbook-without-case", level=Level.HINT, on=On.PUBLISHED)
def playbook_without_case(document: Document, context: Context) -> Iterator[Finding]:
    """没有案例用到这份预案。

    做法管不管用，要看照着做的结果。关系只写在案例里：找到该按它处理的案例，在 `playbooks` 里写上它的编号。预案可以先于第一个
    案例写好，所以只是提示。

    反例:

    ```markdown title="cases/resolved/2024/CASE-2024-0002.md"
    ---
    id: CASE-2024-0002
    title: 预付的地毯没有订货
    status: 草稿
    occurred_on: 2024
    channel: [投诉电话]
    ---
    ```

    正例:

    ```markdown title="cases/resolved/2024/CASE-2024-0002.md"
    ---
    id: CASE-2024-0002
    title: 预付的地毯没有订货
    status: 草稿
    occurred_on: 2024
    channel: [投诉电话]
    playbooks: [PB-001]
    ---
    ```
    """
    if document.text("phase") and not context.corpus.referring("playbooks", document.id):
        yield Finding(
            document.place("id"),
            "没有案例用到这份预案",
            f"在该按它处理的案例里写“playbooks: [{document.id}]”",
        )
