"""KB444 vague-title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, bare, rule

_KINDS = {"case", "lesson"}
_EMPTY = re.compile(
    "关于|客户|顾客|用户|消费者|投诉|抱怨|纠纷|问题|事件|案例|处理|处置|分析|典型|一起|一次|一例|一个|某|"
    "情况|记录|报告|总结|教训|经验|思考|启示|服务|产品|质量|不满|的|及|与|和|其|之|案|例|[0-9一二三四五六七八九十]"
)
"""Words that stand in any title, and so tell nothing in one."""


@rule("KB444", "vague-title", level=Level.HINT)
def vague_title(document: Document, _context: Context) -> Iterator[Finding]:
    """标题太笼统。

    “客户投诉案例”“关于一起产品质量问题的处理”放在哪一页都对，等于没有写。标题里要有东西和毛病，例如“烤箱门把手松脱，三次上
    门才修好”；教训写能记住的一句话。

    反例:

    ```yaml
    title: 关于一起客户投诉事件的处理
    ```

    正例:

    ```yaml
    title: 烤箱门把手松脱，三次上门才修好
    ```
    """
    if document.kind is None or document.kind.name not in _KINDS:
        return
    for item in document.items("title"):
        if len(_EMPTY.sub("", bare(item.text))) < 2:
            yield Finding(
                item.span,
                f"标题{quoted(item.text)}放在哪一页都对",
                "写出什么东西、出了什么问题",
            )
