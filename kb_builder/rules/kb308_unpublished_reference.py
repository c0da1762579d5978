"""KB308 unpublished-reference."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, Span, quoted
from kb_builder.model.corpus import references
from kb_builder.model.document import Document
from kb_builder.model.sections import target_path
from kb_builder.rules import Context, On, rule


@rule("KB308", "unpublished-reference", level=Level.WARNING, on=On.PUBLISHED)
def unpublished_reference(document: Document, context: Context) -> Iterator[Finding]:
    """已发布的页面引用了不会发布的页面。

    草稿、待审核和已归档的页面不出现在网站上，指向它们的链接也就不显示。先发布那一页，或去掉引用。（下例中
    LS-002 还是草稿。）

    反例:

    ```yaml
    lessons: [LS-002]
    ```

    正例:

    ```yaml
    lessons: [LS-001]
    ```
    """
    for span, target in _targets(document, context):
        if target is document or target.published:
            continue
        yield Finding(
            span,
            f"{target.id}{quoted(target.title)}不是“已发布”，不会出现在网站上",
            f"先发布 {target.id}，或去掉这个引用",
        )


def _targets(document: Document, context: Context) -> Iterator[tuple[Span, Document]]:
    for _name, item in references(document):
        target = context.corpus.by_id.get(item.text)
        if target is not None:
            yield item.span, target
    for link in document.links:
        path = target_path(document.path, link.target)
        target = context.documents_by_path.get(path) if path else None
        if target is not None:
            yield link.span, target
