"""KB702 hidden-reference."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Span, quoted
from kb_builder.model.audience import Audience, visibility_of
from kb_builder.model.corpus import references
from kb_builder.model.document import Document
from kb_builder.model.sections import target_path
from kb_builder.rules import Context, rule


@rule("KB702", "hidden-reference")
def hidden_reference(document: Document, context: Context) -> Iterator[Finding]:
    """引用了自己的读者看不到的页面。

    公开的页面引用内部的页面，外面的读者点不开，却知道了有这样一页。去掉引用，或者把两页改成同样的可见范围。只给
    同事看的关联，可以让管理员在 `schema.yml` 里把那个字段写成 `internal: true`：公开的网站上没有这个字段。（下例
    的知识库区分读者，LS-002 是内部的。）

    反例:

    ```text
    visibility: 公开
    lessons: [LS-002]
    ```

    正例:

    ```yaml
    lessons: [LS-001]
    ```
    """
    if context.settings.audience is None:
        return
    visibility = visibility_of(document)
    blind = [each for each in Audience if each is not Audience.ALL and each.sees(visibility)]
    for span, target, inward in _targets(document, context):
        there = visibility_of(target)
        for audience in blind:
            # An internal field is in no site for the public.
            if audience.sees(there) or (inward and audience is Audience.PUBLIC):
                continue
            yield Finding(
                span,
                f"{audience.label}看得到这一页，看不到 {target.id}{quoted(target.title)}",
                "去掉这个引用，或让两页的可见范围一样",
            )
            break


def _targets(document: Document, context: Context) -> Iterator[tuple[Span, Document, bool]]:
    """Every page referred to, where, and whether in an internal field."""
    assert document.kind is not None  # the rule looks only at documents of a kind
    for name, item in references(document):
        target = context.corpus.by_id.get(item.text)
        if target is not None and target is not document:
            yield item.span, target, document.kind.fields[name].internal
    for link in document.links:
        path = target_path(document.path, link.target)
        target = context.documents_by_path.get(path) if path else None
        if target is not None and target is not document:
            yield link.span, target, False
