"""KB520 needless-exception."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, find, reported, rule
from kb_builder.rules.exceptions import exceptions


@rule("KB520", "needless-exception", on=On.EVERY_FILE)
def needless_exception(document: Document, context: Context) -> Iterator[Finding]:
    """例外没有用处了。

    `<!-- kb: ignore KB501 理由 -->` 只对写着它的那一行有效；单独占一行时，对下一行有效。那里已经没有要放过的问题，
    例外就该删去，免得以后放过别的。

    反例:

    ```markdown
    请致电客服中心。 <!-- kb: ignore KB501 公司总机 -->
    ```

    正例:

    ```markdown
    请致电 0731-88880000。 <!-- kb: ignore KB501 公司总机 -->
    ```
    """
    complete = [each for each in exceptions(document) if each.complete]
    if not complete:
        return
    found = set(reported(document, context))
    for each in complete:
        # KB521 reports a rule that doesn't exist.
        known = [rule_id for rule_id in each.rules if find(rule_id) is not None]
        idle = [rule_id for rule_id in known if (rule_id, each.line) not in found]
        if idle:
            message = f"第 {each.line} 行没有 {'、'.join(idle)} 要放过的问题"
            yield Finding(each.span, message, "删去这个例外")
