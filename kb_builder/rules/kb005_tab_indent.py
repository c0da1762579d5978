"""KB005 tab-indent."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB005", "tab-indent", on=On.FAULTS)
def tab_indent(document: Document, _context: Context) -> Iterable[Finding]:
    """缩进里有制表符。

    制表符（Tab 键）有多宽，每个编辑器说法不同，所以信息头只用空格缩进，一层两个空格。多数编辑器可以设成
    按 Tab 键输入空格。

    反例（→ 表示制表符）:

    ```text
    timeline:
    →- when: 次日
    →  what: 送货上门
    ```

    正例:

    ```yaml
    timeline:
      - when: 次日
        what: 送货上门
    ```
    """
    return document.findings("tab-indent")
