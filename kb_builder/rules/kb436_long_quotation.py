"""KB436 long-quotation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Span
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule

_QUOTED = re.compile("“([^”]*)”|「([^」]*)」")


@rule("KB436", "long-quotation", on=On.PUBLISHED)
def long_quotation(document: Document, context: Context) -> Iterator[Finding]:
    """引文太长。

    引用别人的文字，只取最要紧的一两句，其余用自己的话说：既是尊重作者，读者也看得快。上限是 `site_config/checks.yml` 里的
    `quote_length`，缺省 120 字；引号里的话、引用段（行首的 `>`）和出处里的引文都算。

    反例:

    ```markdown
    > 客户来投诉，先不要急着解释原因，也不要急着分清责任，更不要当着客户的面和同事争论这件事到底应当由谁来负责。先请他坐下，倒一杯水，听他从头到尾说完，把要点记下来，再复述一遍，问他是不是这样。他点了头，再说我们准备怎样办、几时办好、由谁来办。他听明白了，气也就消了一半，剩下的一半，要等事情真正办好。
    ```

    正例:

    ```markdown
    文章说，先听完再解释：“他点了头，再说我们准备怎样办。”
    ```
    """
    limit = context.settings.checks.quote_length
    for use in document.every_field:
        for item in use.items if use.spec.name == "quote" else ():
            # Above the limit of the schema it is too long for KB104 already.
            if limit < len(item.text) <= (use.spec.maximum or len(item.text)):
                yield _finding(item.span, len(item.text), limit)
    for passage in document.prose:
        if passage.field:
            continue
        for match, span in passage.find(_QUOTED):
            length = len(match[1] or match[2] or "")
            if length > limit:
                yield _finding(span, length, limit)
    for span, text in quotations(document):
        if len(text) > limit:
            yield _finding(span, len(text), limit)


def quotations(document: Document) -> Iterator[tuple[Span, str]]:
    """The block quotations of the body: the place of the first line, and the text of all."""
    first, text, row = None, "", -2
    for passage in document.prose:
        if passage.field or not passage.text.startswith(">"):
            continue
        line = passage.text.lstrip("> ").strip()
        if first is not None and passage.start.line != row + 1:
            yield first, text
            first, text = None, ""
        if first is None:
            first = passage.start
        text, row = text + line, passage.start.line
    if first is not None:
        yield first, text


def _finding(span: Span, length: int, limit: int) -> Finding:
    return Finding(
        span, f"引文有 {length} 个字，上限是 {limit}", "只留最要紧的一句，其余用自己的话说"
    )
