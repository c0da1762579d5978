"""KB439 stale-page."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.checks import review_due
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB439", "stale-page", level=Level.WARNING, on=On.PUBLISHED)
def stale_page(document: Document, context: Context) -> Iterator[Finding]:
    """该复审了。

    流程、岗位和价格都会变，照着过时的预案做，比没有预案更糟。请责任岗位核对一遍，改掉不对的，再把 `last_reviewed` 写成当天。周期写
    在页面的 `review_in`（月），没写就按 `site_config/checks.yml` 里的 `review_months`；要让过期的页面不能发布，在那里把 KB439 设为 error。

    反例:

    ```yaml
    last_reviewed: 2023-06-01
    review_in: 12
    ```

    正例:

    ```yaml
    last_reviewed: 2024-06-01
    review_in: 12
    ```
    """
    due = review_due(document, context.settings.checks)
    if due is not None and context.days_ahead(due.year, due.month, due.day) < 0:
        yield Finding(
            document.place("last_reviewed"),
            f"应当在 {due.isoformat()} 以前复审，已经过了 {(context.today - due).days} 天",
            f"核对内容，再改为“{context.today.isoformat()}”",
        )
