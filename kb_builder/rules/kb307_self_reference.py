"""KB307 self-reference."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.corpus import references
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB307", "self-reference")
def self_reference(document: Document, _context: Context) -> Iterator[Finding]:
    """引用了自己。

    相关案例、对照案例要写别的案例；指向自己的链接把读者带回原地。

    反例:

    ```yaml
    related: [CASE-2024-0001]
    ```

    正例:

    ```yaml
    related: [CASE-2024-0002]
    ```
    """
    for _name, item in references(document):
        if item.text == document.id:
            yield Finding(item.span, f"{item.text} 引用了自己", "换成别的编号，或删去它")
