"""KB306 wrong-reference-kind."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.corpus import references
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule


@rule("KB306", "wrong-reference-kind")
def wrong_reference_kind(document: Document, context: Context) -> Iterator[Finding]:
    """引用了另一种内容。

    “适用预案”里只能写预案，“教训”里只能写教训。写错了地方，网页上就会出现“按这条教训执行”之类的怪话。

    反例:

    ```yaml
    playbooks: [LS-001]
    ```

    正例:

    ```yaml
    lessons: [LS-001]
    playbooks: [PB-001]
    ```
    """
    kind = document.kind
    assert kind is not None  # On.DOCUMENT
    kinds = context.settings.schema.kinds
    for name, item in references(document):
        spec = kind.fields[name]
        target = context.corpus.by_id.get(item.text)
        if target is None or target.kind is None or target.kind.name == spec.reference_kind:
            continue
        wanted = kinds[spec.reference_kind].label
        homes = (
            other
            for other in kind.fields.values()
            if other.reference_kind == target.kind.name and other.many
        )
        home = next(homes, None)
        hint = f"移到“{home.label}”（{home.name}）" if home else f"换成{wanted}的编号"
        yield Finding(
            item.span, f"“{spec.label}”里要写{wanted}，{item.text} 是{target.kind.label}", hint
        )
