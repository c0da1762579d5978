"""KB304 wrong-folder."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB304", "wrong-folder")
def wrong_folder(document: Document, context: Context) -> Iterator[Finding]:
    """文件放错了文件夹。

    案例按编号里的年份放在 `cases/resolved/<年份>/`，预案放在 `cases/playbooks/`，教训放在 `cases/lessons/`。
    放错了，别人在该找的地方找不到。编号不变，移动文件即可，网址不受影响。

    反例:

    ```markdown title="cases/resolved/2023/CASE-2024-0003.md"
    ---
    id: CASE-2024-0003
    title: 预付座椅套漏下单
    status: 草稿
    occurred_on: 2024
    channel: [投诉电话]
    ---
    ```

    正例:

    ```markdown title="cases/resolved/2024/CASE-2024-0003.md"
    ---
    id: CASE-2024-0003
    title: 预付座椅套漏下单
    status: 草稿
    occurred_on: 2024
    channel: [投诉电话]
    ---
    ```
    """
    for item in document.items("id"):
        kind = context.settings.schema.kind_of_id(item.text)
        if kind is None:  # KB301 reports it.
            continue
        here = document.path.rpartition("/")[0]
        right = f"cases/{kind.folder_of(item.text)}"
        if here != right:
            yield Finding(
                item.span,
                f"{item.text} 应当放在 {right}/，现在放在 {here}/",
                f"移到“{right}/{item.text}.md”",
            )
