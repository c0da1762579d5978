"""KB201 foreign-subtype."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB201", "foreign-subtype")
def foreign_subtype(document: Document, context: Context) -> Iterator[Finding]:
    """子类不属于所写的上级分类。

    统计按“类型 → 子类”逐级展开；子类挂在没写的类型下面，两级的数字就对不上。补上它的上级，或者换一个子类。

    反例:

    ```yaml
    complaint_type: [产品]
    complaint_subtype: [录单差错]
    ```

    正例:

    ```yaml
    complaint_type: [服务]
    complaint_subtype: [录单差错]
    ```
    """
    for use in document.every_field:
        vocabulary = use.spec.vocabulary
        if vocabulary is None or not vocabulary.parent:
            continue
        parents = context.settings.vocabularies[vocabulary.parent]
        listed = {item.text for item in use.beside.get(vocabulary.parent, ())}
        if not listed:  # Where no type is given, any sub-type narrows it down.
            continue
        for item in use.items:
            value = vocabulary.values[item.text]
            if value.parent not in listed:
                parent = parents.label_of(value.parent)
                yield Finding(
                    item.span,
                    f"“{value.label}”属于“{parent}”，但{parents.label}里没有写“{parent}”",
                    f"在 {parents.name} 里加上“{parent}”",
                )
