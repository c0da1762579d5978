"""KB433 case-without-playbook."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB433", "case-without-playbook", level=Level.HINT, on=On.PUBLISHED)
def case_without_playbook(document: Document, _context: Context) -> Iterator[Finding]:
    """案例没有写适用的预案。

    读者看完案例，要知道下次照哪份预案做。写上编号，预案页会自动列出这个案例。还没有合适的预案，就该写一份了。典范、轶
    事、寓言和资料不全的短案例不作要求。

    反例:

    ```yaml
    case_kind: 反面教材
    lessons: [LS-001]
    ```

    正例:

    ```yaml
    case_kind: 反面教材
    lessons: [LS-001]
    playbooks: [PB-001]
    ```
    """
    if document.text("case_kind") and not document.short and "playbooks" not in document.keys:
        yield Finding(
            document.place("id"),
            "没有写适用的预案（playbooks）",
            "加上“playbooks: [PB-……]”；没有合适的，用 kb new playbook 新写一份",
        )
