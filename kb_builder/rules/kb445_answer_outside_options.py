"""KB445 answer-outside-options."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB445", "answer-outside-options")
def answer_outside_options(document: Document, _context: Context) -> Iterator[Finding]:
    """自测题的答案不在选项里。

    `answer` 写正确的是第几个选项，从 1 数起。只有两个选项却写了 3，做题的人怎么选都是错。

    反例:

    ```yaml
    quiz:
      - question: 客户打来电话，第一件事做什么？
        options: [听他说完, 解释原因]
        answer: 3
    ```

    正例:

    ```yaml
    quiz:
      - question: 客户打来电话，第一件事做什么？
        options: [听他说完, 解释原因]
        answer: 1
    ```
    """
    for group in document.groups("quiz"):
        count = len(group.items("options"))
        for item in group.items("answer"):
            if count and isinstance(item.value, int) and item.value > count:
                yield Finding(
                    item.span,
                    f"答案是第 {item.value} 个选项，一共只有 {count} 个",
                    f"改为 1 到 {count}，从 1 数起",
                )
