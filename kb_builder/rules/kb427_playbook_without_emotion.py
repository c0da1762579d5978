"""KB427 playbook-without-emotion."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule

RESPONSE = "response"
"""The phase in which a customer is waiting."""

_EMOTION = re.compile("情感|情绪|安抚|倾听|道歉|致歉")


@rule("KB427", "playbook-without-emotion", level=Level.WARNING, on=On.PUBLISHED)
def playbook_without_emotion(document: Document, _context: Context) -> Iterator[Finding]:
    """中期处理的预案没有情感这一环。

    客户气还没消，说什么道理他都听不进。“中期处理”的预案要有一步专管情感（环节写“情感”，写“安抚”“道歉”也认）。前期预防
    时客户还没开口，后期追踪时气已经消了，不作要求。

    反例:

    ```yaml
    phase: 中期处理
    steps: [{stage: 处理, action: 查订单, role: 客服专员, within: 当场}]
    ```

    正例:

    ```yaml
    phase: 中期处理
    steps:
      - {stage: 情感, action: 听完，先道歉, role: 客服专员, within: 当场}
      - {stage: 处理, action: 查订单, role: 客服专员, within: 当场}
    ```
    """
    steps = document.groups("steps")
    if document.text("phase") != RESPONSE or not steps:
        return
    if not any(_EMOTION.search(step.text("stage")) for step in steps):
        yield Finding(
            document.keys["steps"],
            "中期处理的预案没有“情感”这一环",
            "第一步写“- {stage: 情感, action: 听完，先道歉, role: 客服专员, within: 当场}”",
        )
