"""KB428 role-without-deputy."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule
from kb_builder.rules.kb427_playbook_without_emotion import RESPONSE

_GRAVE = {"severity": {"major", "crisis"}, "complaint_stage": {"spread", "crisis"}}
"""Conditions of use under which nobody can wait for somebody to come back from leave."""


@rule("KB428", "role-without-deputy", level=Level.WARNING, on=On.PUBLISHED)
def role_without_deputy(document: Document, context: Context) -> Iterator[Finding]:
    """岗位没有替补。

    座椅套一案里，店长请假，店里没有人能拍板，客户的气就是在那段时间里涨起来的。`roles` 里的每个岗位都要写替补，替补有同样
    的权限。重大投诉和危机用的预案，缺了替补不能发布，见 KB429。

    反例:

    ```yaml
    roles: [{role: 店长, duty: 拍板}]
    ```

    正例:

    ```yaml
    roles: [{role: 店长, deputy: 值班经理, duty: 拍板}]
    ```
    """
    if not is_grave(document):
        yield from missing_deputies(document, context)


def is_grave(document: Document) -> bool:
    """Whether a playbook is for the days of a crisis, and says so."""
    applies = document.groups("applies_to")
    return document.text("phase") == RESPONSE and any(
        set(group.texts(name)) & wanted for group in applies for name, wanted in _GRAVE.items()
    )


def missing_deputies(document: Document, context: Context) -> Iterator[Finding]:
    """A finding for each role of a playbook without a deputy."""
    roles = context.settings.roles
    for group in document.groups("roles"):
        if group.items("deputy"):
            continue
        for item in group.items("role"):
            value = roles.values[item.text]
            deputy = roles.label_of(value.deputy) if value.deputy else "值班经理"
            yield Finding(item.span, f"“{value.label}”没有替补", f"加上“deputy: {deputy}”")
