"""KB418 resolved-without-follow-up."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB418", "resolved-without-follow-up", on=On.PUBLISHED)
def resolved_without_follow_up(document: Document, _context: Context) -> Iterator[Finding]:
    """本企业的案例解决以后没有回访。

    当时解决了，不等于没有再坏、客户还愿意来。自己经手的案例，发布前至少要有一次回访，写明什么时候、问到了什么。外部
    案例查不到后来怎样，不受此限。

    反例:

    ```yaml
    origin: 本企业
    outcome: 已解决
    customer_confirmed: true
    ```

    正例:

    ```yaml
    origin: 本企业
    outcome: 已解决
    customer_confirmed: true
    follow_up:
      - when: 一周后
        what: 电话回访，座椅套合适，没有再出问题
    ```
    """
    if "follow_up" not in document.keys and is_own_and_resolved(document):
        yield Finding(
            document.place("outcome"),
            "本企业已解决的案例要写跟踪记录（follow_up）",
            "加上 follow_up:，下一行缩进写“- {when: 一周后, what: 回访问到了什么}”",
        )


def is_own_and_resolved(document: Document) -> bool:
    """Whether it tells how a complaint to this company was solved."""
    return document.text("origin") == "own" and document.text("outcome") == "resolved"
