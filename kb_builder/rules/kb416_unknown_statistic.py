"""KB416 unknown-statistic."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, quoted
from kb_builder.model.document import Document
from kb_builder.model.taxonomy import nearest
from kb_builder.rules import Context, rule


@rule("KB416", "unknown-statistic")
def unknown_statistic(document: Document, context: Context) -> Iterator[Finding]:
    """没有这个统计数据。

    数字连同出处、基数、年份只在 `site_config/statistics.yml` 里写一次，页面按编号引用，改一处就处处都改。

    反例:

    ```yaml
    statistics: [silent_custommers]
    ```

    正例:

    ```yaml
    statistics: [silent_customers]
    ```
    """
    known = context.settings.statistics
    for item in document.items("statistics"):
        if item.text in known:
            continue
        best = nearest(item.text, known)
        hint = (
            f"改为“{best}”（{known[best].label}）"
            if best
            else "先在 site_config/statistics.yml 里添加"
        )
        yield Finding(item.span, f"没有编号为{quoted(item.text)}的统计数据", hint)
