"""KB437 quotation-without-source."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule
from kb_builder.rules.kb436_long_quotation import quotations


@rule("KB437", "quotation-without-source", on=On.PUBLISHED)
def quotation_without_source(document: Document, _context: Context) -> Iterator[Finding]:
    """引用段没有出处。

    引用段（行首的 `>`）是别人的原文，要查得到是谁写的、写在哪里：在 `sources` 里写上题名。本企业案例里客户的原话出自自己的记录，
    不必另写出处。

    反例:

    ```markdown
    > 客户的不满，是送上门的礼物。
    ```

    正例:

    ```markdown
    有人说，客户的不满是送上门的礼物。
    ```
    """
    if "sources" in document.keys or document.text("origin") == "own":
        return
    for span, _ in quotations(document):
        yield Finding(
            span, "引用段没有出处（sources）", "加上 sources:，下一行缩进写“- title: 题名”"
        )
