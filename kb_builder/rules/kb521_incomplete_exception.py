"""KB521 incomplete-exception."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, find, rule
from kb_builder.rules.exceptions import NEVER, exceptions


@rule("KB521", "incomplete-exception", on=On.EVERY_FILE)
def incomplete_exception(document: Document, _context: Context) -> Iterator[Finding]:
    """例外没有写清楚，不起作用。

    放过一个问题要说清放过哪一条、为什么：`<!-- kb: ignore KB501 公司总机 -->`。审核的人和以后的编辑靠理由判断它还该不该留着。
    KB0 的问题使文件读不了，KB7 的关系到谁看得到、安不安全，都不能放过。

    反例:

    ```markdown
    请致电 0731-88880000。 <!-- kb: ignore KB501 -->
    ```

    正例:

    ```markdown
    请致电 0731-88880000。 <!-- kb: ignore KB501 公司总机 -->
    ```
    """
    for each in exceptions(document):
        unknown = [rule_id for rule_id in each.rules if find(rule_id) is None]
        fixed = [rule_id for rule_id in each.rules if rule_id.startswith(NEVER)]
        if not each.rules:
            message, hint = "例外没有写放过哪一条规则", "写成 kb: ignore KB501 公司总机"
        elif unknown:
            message, hint = f"没有 {'、'.join(unknown)} 这条规则", "编号见报告里的 KB 开头那一段"
        elif fixed:
            message, hint = f"{'、'.join(fixed)} 不能放过", "改正文件；删去这个例外"
        elif not each.reason:
            message, hint = "例外没有写理由", f"写成 kb: ignore {each.rules[0]} 公司总机"
        else:
            continue
        yield Finding(each.span, message, hint)
