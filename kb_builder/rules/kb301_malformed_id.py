"""KB301 malformed-id."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB301", "malformed-id")
def malformed_id(document: Document, context: Context) -> Iterator[Finding]:
    """编号的格式不对。

    编号是一页的身份：网址、引用、文件名都用它，永不更改。案例是 `CASE-年份-四位序号`（年份不详写 0000），预案是
    `PB-三位序号`，教训是 `LS-三位序号`，大写字母，半角连字符。

    反例:

    ```yaml
    id: case-2024-1
    ```

    正例:

    ```yaml
    id: CASE-2024-0001
    ```
    """
    kind = document.kind
    assert kind is not None  # On.DOCUMENT
    for item in document.items("id"):
        if context.settings.schema.kind_of_id(item.text) not in (kind, None):
            continue  # KB303 and KB304 report a file that has the id of another kind.
        right = kind.canonical_id(item.text)
        if right == item.text:
            continue
        hint = f"改为“{right}”" if right else f"写成“{kind.id_example}”这样"
        yield Finding(item.span, f"{quoted(item.text)}不是{kind.label}的编号", hint)
