"""KB435 banned-phrase-recommended."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, quoted
from kb_builder.model.document import Document
from kb_builder.model.values import Item
from kb_builder.rules import Context, On, bare, clauses, rule

_TELLING = 4
"""A shorter phrase is banned as a whole clause only: “不可能” must not strike at “不可能让您白等”."""


@rule("KB435", "banned-phrase-recommended", on=On.PUBLISHED)
def banned_phrase_recommended(document: Document, context: Context) -> Iterator[Finding]:
    """推荐的话里有禁用的话。

    同一句话，这里叫人说，那里叫人别说，同事就不知道听谁的。推荐话术（scripts）和步骤里的“这样说”（say）不能含有任何一份已发布预案的
    禁用话术（banned_phrases）。

    反例:

    ```yaml
    scripts: ["实在抱歉，您打错部门了，请拨总机"]
    banned_phrases: [您打错部门了]
    ```

    正例:

    ```yaml
    scripts: [您找对人了，我帮您问清楚再打给您]
    banned_phrases: [您打错部门了]
    ```
    """
    for item in _recommended(document):
        said, parts = bare(item.text), set(clauses(item.text))
        for phrase, (banned, owner) in context.banned.items():
            if phrase in parts or (len(phrase) >= _TELLING and phrase in said):
                where = "这份预案" if owner == document.id else f"预案 {owner} "
                yield Finding(item.span, f"{where}禁止说{quoted(banned)}", "换一种说法")


def _recommended(document: Document) -> Iterator[Item]:
    yield from document.items("scripts")
    for group in document.groups("steps"):
        yield from group.items("say")
