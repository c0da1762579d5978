"""KB422 late-reply."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule

_MANY = 48
"""From this number of hours on, days are easier to grasp."""


@rule("KB422", "late-reply", level=Level.WARNING)
def late_reply(document: Document, context: Context) -> Iterator[Finding]:
    """答复晚于时限，也没有和客户约好延期。

    客户能等，不能等得没有着落。时限看案例用到的预案（reply_hours，有几份就按最短的），预案没写，按严重度看
    `site_config/checks.yml`。事先和客户约好改期的，写 `delay_agreed: true`。日期只写到天的，有可能没超过就不算超过。

    反例:

    ```yaml
    received_on: 2024-05-01 09:30
    replied_on: 2024-05-06
    ```

    正例:

    ```yaml
    received_on: 2024-05-01 09:30
    replied_on: 2024-05-06
    delay_agreed: true
    ```
    """
    received, replied = document.date("received_on"), document.date("replied_on")
    if received is None or replied is None or document.flag("delay_agreed"):
        return
    hours, set_by = _hours(document, context)
    if hours is None:
        return
    deadline = datetime.datetime(*received.latest) + datetime.timedelta(hours=hours)
    first = datetime.datetime(*replied.earliest)
    if first > deadline:
        late = int((first - datetime.datetime(*received.latest)).total_seconds() // 3600)
        took = f"{late} 小时" if late < _MANY else f"{late // 24} 天"
        yield Finding(
            document.place("replied_on"),
            f"答复用了至少 {took}，{set_by}要求 {hours} 小时内",
            "核对两个时间；事先和客户约好的，加上“delay_agreed: true”",
        )


def _hours(document: Document, context: Context) -> tuple[int | None, str]:
    """The hours within which an answer was owed, and who says so."""
    promised = [
        (item.value, identity)
        for identity in document.texts("playbooks")
        if identity in context.corpus.by_id
        for item in context.corpus.by_id[identity].items("reply_hours")
        if isinstance(item.value, int)
    ]
    if promised:
        hours, identity = min(promised)
        return hours, f"预案 {identity} "
    for item in document.items("severity"):
        label = context.settings.vocabularies["severity"].label_of(item.text)
        return context.settings.checks.reply_hours.get(item.text), f"“{label}”的投诉"
    return None, ""
