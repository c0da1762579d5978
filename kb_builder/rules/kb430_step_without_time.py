"""KB430 step-without-time."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB430", "step-without-time", level=Level.HINT, on=On.PUBLISHED)
def step_without_time(document: Document, _context: Context) -> Iterator[Finding]:
    """步骤没有写时限。

    “尽快”等于没有说。每一步写上多长时间之内：当场、10 分钟内、次日。说不出准确的时间，就写和谁约定、到时回话。

    反例:

    ```yaml
    steps: [{stage: 情感, action: 听完，先道歉, role: 客服专员}]
    ```

    正例:

    ```yaml
    steps: [{stage: 情感, action: 听完，先道歉, role: 客服专员, within: 当场}]
    ```
    """
    for number, item in enumerate(document.items("steps"), 1):
        if not item.group.items("within"):
            places = item.group.items("stage") or (item,)
            yield Finding(
                places[0].span, f"第 {number} 步没有时限", "加上“within: 10 分钟内”这样的一行"
            )
