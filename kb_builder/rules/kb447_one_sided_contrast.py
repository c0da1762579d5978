"""KB447 one-sided-contrast."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule

FIELD = "contrast_with"


@rule("KB447", "one-sided-contrast", level=Level.HINT)
def one_sided_contrast(document: Document, context: Context) -> Iterator[Finding]:
    """别的案例拿它作对照，它没有写回去。

    对照案例两边都写，从哪一篇看起都能看到另一篇，首页也才会把它们并排放。`kb check --fix` 会补上。

    反例:

    ```markdown title="cases/resolved/2024/CASE-2024-0002.md"
    ---
    id: CASE-2024-0002
    title: 座椅套装错颜色，当晚换好
    status: 草稿
    occurred_on: 2024
    channel: [投诉电话]
    contrast_with: CASE-2024-0001
    ---
    ```

    正例:

    ```markdown title="cases/resolved/2024/CASE-2024-0002.md"
    ---
    id: CASE-2024-0002
    title: 座椅套装错颜色，当晚换好
    status: 草稿
    occurred_on: 2024
    channel: [投诉电话]
    ---
    ```
    """
    others = contrasting(document, context.corpus)
    if others:
        names = "、".join(others)
        yield Finding(
            document.place("id"),
            f"{names} 拿它作对照，它没有写回去",
            f"加上“{FIELD}: {others[0]}”",
        )


def contrasting(document: Document, corpus: Corpus) -> tuple[str, ...]:
    """The ids of the cases that name this one as their contrast, where it names none."""
    kind = document.kind
    if kind is None or FIELD not in kind.fields or FIELD in document.keys:
        return ()
    if corpus.by_id.get(document.id) is not document:  # A copy with the same id.
        return ()
    found = corpus.referring(FIELD, document.id)
    return tuple(dict.fromkeys(each.id for each in found if each.id != document.id))
