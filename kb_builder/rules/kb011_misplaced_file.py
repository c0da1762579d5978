"""KB011 misplaced-file."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Span
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB011", "misplaced-file", on=On.EVERY_FILE)
def misplaced_file(document: Document, context: Context) -> Iterator[Finding]:
    """文件不在任何一种内容的文件夹里。

    程序按文件夹和文件名认出这是案例、预案还是教训。放在别处的文件没有人检查，所以也不发布。首页和手写的指南放在
    `cases/index.md` 和 `cases/guide/`；会议记录、草稿纸放到 `cases/` 外面。

    反例:

    ```markdown title="cases/会议记录.md"
    # 六月例会
    ```

    正例:

    ```markdown title="cases/guide/例会.md"
    # 例会怎样开
    ```
    """
    if document.kind is not None:
        return
    folders = "、".join(
        f"cases/{kind.folder.replace('{year}', '<年份>')}/（{kind.label}）"
        for kind in context.settings.schema.kinds.values()
    )
    yield Finding(
        Span(1, 1),
        "看不出这是哪一种内容，不检查也不发布",
        f"移到 {folders}；手写的页面放 cases/guide/",
    )
