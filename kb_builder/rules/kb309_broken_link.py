"""KB309 broken-link."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, quoted
from kb_builder.model.document import Document
from kb_builder.model.sections import relative_target, target_path
from kb_builder.rules import Context, rule


@rule("KB309", "broken-link")
def broken_link(document: Document, context: Context) -> Iterator[Finding]:
    """正文里的链接打不开。

    正文里用相对路径链接别的页面，例如从案例链接预案写 `../../playbooks/PB-001.md`，发布时换成网址。文件不存在，
    读者点了就是 404。只检查指向本库页面的链接，不检查外部网址。

    反例:

    ```markdown
    做法见[投诉总流程](../playbooks/PB-001.md)。
    ```

    正例:

    ```markdown
    做法见[投诉总流程](../../playbooks/PB-001.md)。
    ```
    """
    for link in document.links:
        path = target_path(document.path, link.target)
        if path is None or path in context.documents_by_path or path in context.corpus.pages:
            continue
        right = _meant(path, context)
        # What isn't Markdown may be an attachment; only a page that was meant is reported.
        if right is None and not path.endswith(".md"):
            continue
        hint = f"改为“{relative_target(document.path, right)}”" if right else "改正路径，或去掉链接"
        yield Finding(link.span, f"链接的页面{quoted(path)}不存在", hint)


def _meant(path: str, context: Context) -> str | None:
    for candidate in (f"{path}.md", f"{path.rstrip('/')}/index.md"):
        if candidate in context.documents_by_path or candidate in context.corpus.pages:
            return candidate
    name = path.rpartition("/")[2].removesuffix(".md")
    target = context.corpus.by_id.get(name)
    for kind in context.settings.schema.kinds.values():
        if target is None and name.startswith(kind.prefix):
            target = context.corpus.by_id.get(context.corpus.nearest_id(name, kind) or "")
    return target.path if target else None
