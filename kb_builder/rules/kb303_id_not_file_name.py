"""KB303 id-not-file-name."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB303", "id-not-file-name")
def id_not_file_name(document: Document, context: Context) -> Iterator[Finding]:
    """编号和文件名不一致。

    文件名就是编号，看到网址就知道改哪个文件，看到文件就知道网址。

    反例:

    ```markdown title="cases/playbooks/首问负责.md"
    ---
    id: PB-003
    title: 首问负责
    status: 草稿
    phase: 中期处理
    owner: 客服主管
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
    kind = document.kind
    assert kind is not None  # On.DOCUMENT
    for item in document.items("id"):
        if item.text == document.name:
            continue
        if context.settings.schema.kind_of_id(item.text) is None:
            continue  # KB301 reports an id that can't be a file's name.
        if context.corpus.by_id[item.text] is not document:
            continue  # KB302 reports an id that is another file's name.
        hint = f"把文件改名为“{item.text}.md”"
        name = document.name
        if kind.canonical_id(name) == name and name not in context.corpus.by_id:
            hint += f"，或把编号改为“{name}”"
        yield Finding(
            item.span,
            f"编号是 {item.text}，文件名却是{quoted(document.name + '.md')}",
            hint,
        )
