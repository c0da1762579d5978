"""KB401 missing-section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kb_builder.diagnostics import Finding, Span, quoted
from kb_builder.model.document import Document
from kb_builder.model.sections import Section
from kb_builder.rules import Context, On, rule


@rule("KB401", "missing-section", on=On.PUBLISHED)
def missing_section(document: Document, _context: Context) -> Iterator[Finding]:
    """缺少小节。

    案例按处理的过程写：记录、受理、分析、处理、反馈、总结，读者在哪一页都能在同一个地方找到同一件事。短案例只要
    记录和总结；预案和教训各有三节。

    反例:

    ```markdown
    ## 由来

    订单漏录，客户等了两周。

    ## 做法

    录单后由另一人核对。
    ```

    正例:

    ```markdown
    ## 由来

    订单漏录，客户等了两周。

    ## 道理

    没有核对的环节一定会出错。

    ## 做法

    录单后由另一人核对。
    ```
    """
    kind = document.kind
    assert kind is not None  # On.PUBLISHED
    present = {section.title: section for section in document.sections}
    missing = [title for title in document.required_sections if title not in present]
    for section in document.sections:
        meant = document.misnamed_sections.get(section.title)
        if meant is not None and meant in missing:
            missing.remove(meant)
            message = f"缺少小节“{meant}”，有一节叫{quoted(section.title)}"
            yield Finding(section.span, message, f"改为“{meant}”")
    for follower, titles in _by_follower(missing, kind.sections, present):
        message = f"缺少小节{'、'.join(f'“{title}”' for title in titles)}"
        wanted = "、".join(f"“## {title}”" for title in titles)
        if follower is None:
            yield Finding(_last_line(document), message, f"在文末加上{wanted}，写上内容")
        else:
            hint = f"在“## {follower.title}”前面加上{wanted}，写上内容"
            yield Finding(follower.span, message, hint)


def _by_follower(
    missing: Sequence[str], order: Sequence[str], present: Mapping[str, Section]
) -> Iterator[tuple[Section | None, list[str]]]:
    """Missing titles by the section that is there and comes after them; None is the end."""
    follower: Section | None = None
    titles: list[str] = []
    for title in reversed(order):
        if title in missing:
            titles.insert(0, title)
        elif title in present:
            if titles:
                yield follower, titles
            follower, titles = present[title], []
    if titles:
        yield follower, titles


def _last_line(document: Document) -> Span:
    row = len(document.lines) - 1
    while row >= document.body_line and not document.lines[row].strip():
        row -= 1
    return Span(row + 1, 1, len(document.lines[row]))
