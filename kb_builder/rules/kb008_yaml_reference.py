"""KB008 yaml-reference."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB008", "yaml-reference", on=On.FAULTS)
def yaml_reference(document: Document, _context: Context) -> Iterable[Finding]:
    """用了 YAML 的锚点、引用或类型标签。

    `&` 和 `*` 让一处内容在别处重复出现，`!` 改变值的类型。表单用不到它们，一个小文件却能借它们膨胀成几个
    GB。值本来就以这些符号开头时，加上引号。

    反例:

    ```yaml
    product: &seat 座椅套
    ```

    正例:

    ```yaml
    product: "&seat 座椅套"
    ```
    """
    return document.findings("yaml-reference")
