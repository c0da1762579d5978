"""KB404 unknown-section."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB404", "unknown-section", level=Level.WARNING)
def unknown_section(document: Document, _context: Context) -> Iterator[Finding]:
    """不是规定的小节。

    二级标题（`##`）留给规定的小节；自己的小标题用三级（`###`）。标题写错一个字，那一节就不算数。

    反例:

    ```markdown
    ## 由来

    订单漏录，客户等了两周。

    ## 道理

    没有核对的环节一定会出错。

    ## 做法

    录单后由另一人核对。

    ## 补充说明

    旺季时由值班经理核对。
    ```

    正例:

    ```markdown
    ## 由来

    订单漏录，客户等了两周。

    ## 道理

    没有核对的环节一定会出错。

    ## 做法

    录单后由另一人核对。

    ### 补充说明

    旺季时由值班经理核对。
    ```
    """
    kind = document.kind
    assert kind is not None  # On.DOCUMENT
    for section in document.sections:
        if section.title in kind.sections:
            continue
        meant = document.misnamed_sections.get(section.title)
        if meant is not None and document.published and meant in document.required_sections:
            continue  # KB401 reports what is missing under this name.
        hint = f"改为“{meant}”" if meant else f"改为三级标题“### {section.title[:40]}”"
        yield Finding(section.span, f"{quoted(section.title)}不是{kind.label}的小节", hint)
