"""KB302 duplicate-id."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB302", "duplicate-id")
def duplicate_id(document: Document, context: Context) -> Iterator[Finding]:
    """编号已经被别的文件用了。

    两页用同一个编号，就只有一个网址，引用也不知道指哪一页。复制文件来写新案例时最容易忘改编号；用 `kb new`
    新建，会自动取下一个空号。

    反例:

    ```markdown title="cases/playbooks/PB-003.md"
    ---
    id: PB-001
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
        first = context.corpus.by_id[item.text]
        if first is document:
            continue
        hint = "换一个没有用过的编号，文件名一起改"
        parsed = kind.parse_id(item.text)
        name = document.name
        if kind.canonical_id(name) == name and name not in context.corpus.by_id:
            hint = f"改为文件名里的“{name}”"
        elif parsed:
            year, _ = parsed
            free = kind.make_id(int(year or 0), context.highest[kind.name, year] + 1)
            hint = f"改为“{free}”，文件名一起改"
        yield Finding(item.span, f"编号 {item.text[:40]} 已经用在 {first.path}", hint)
