"""KB446 repeated-option."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, bare, rule


@rule("KB446", "repeated-option")
def repeated_option(document: Document, _context: Context) -> Iterator[Finding]:
    """自测题有两个一样的选项。

    两个选项一样，答案就不止一个，判分也判不准。标点和空格的不同不算不同。一字不差的，由 KB202 报告。

    反例:

    ```yaml
    quiz:
      - question: 客户打来电话，第一件事做什么？
        options: [听他说完, 听他说完。]
        answer: 1
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
        seen: dict[str, int] = {}
        texts = group.texts("options")
        for number, item in enumerate(group.items("options"), 1):
            # An option may be all punctuation: “！” or “？”.
            first = seen.setdefault(bare(item.text) or item.text, number)
            if first != number and item.text not in texts[: number - 1]:
                yield Finding(
                    item.span, f"选项{quoted(item.text)}和第 {first} 个一样", "换一个，或删去"
                )
