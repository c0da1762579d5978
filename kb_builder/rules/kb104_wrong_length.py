"""KB104 wrong-length."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB104", "wrong-length", on=On.FAULTS)
def wrong_length(document: Document, _context: Context) -> Iterable[Finding]:
    """太长或太短。

    标题和摘要出现在列表、搜索结果和手机屏幕上：太长会被截断，太短说不清是什么事。细节写在正文里。

    反例:

    ```yaml
    title: 投诉
    ```

    正例:

    ```yaml
    title: 预付座椅套漏下单
    ```
    """
    return document.findings("wrong-length")
