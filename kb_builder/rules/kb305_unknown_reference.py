"""KB305 unknown-reference."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, quoted
from kb_builder.model.corpus import references
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB305", "unknown-reference")
def unknown_reference(document: Document, context: Context) -> Iterator[Finding]:
    """引用的编号不存在。

    引用会变成网页上的链接，指向不存在的页面，读者点了就是 404。多半是写错了一位，或者那一页已经改号、删除。

    反例:

    ```yaml
    playbooks: [PB-099]
    ```

    正例:

    ```yaml
    playbooks: [PB-001]
    ```
    """
    kind = document.kind
    assert kind is not None  # On.DOCUMENT
    for name, item in references(document):
        if item.text in context.corpus.by_id:
            continue
        wanted = context.settings.schema.kinds[kind.fields[name].reference_kind]
        near = context.corpus.nearest_id(item.text, wanted)
        # A document in the wrong form of id is no example to follow, and may be of any length.
        ids = [each for each in context.corpus.ids.get(wanted.name, ()) if wanted.parse_id(each)]
        if near is not None:
            hint = f"改为“{near}”（{context.corpus.by_id[near].title}）"
        elif len(ids) == 1:
            hint = f"现有的{wanted.label}只有 {ids[0]}"
        elif ids:
            hint = f"现有的{wanted.label}从 {ids[0]} 到 {ids[-1]}"
        else:
            hint = f"先写这篇{wanted.label}，或去掉这个引用"
        yield Finding(item.span, f"没有编号为{quoted(item.text)}的{wanted.label}", hint)
