"""KB609 half-width-punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.document import Document
from kb_builder.rules import Context, in_prose, rule

_HAN = "\u3400-\u9fff"
_HALF = re.compile(rf"(?<=[{_HAN}])[,;:?!](?=[{_HAN}])")
_FULL = dict(zip(",;:?!", "，；：？！", strict=True))


@rule("KB609", "half-width-punctuation", level=Level.HINT)
def half_width_punctuation(document: Document, _context: Context) -> Iterator[Finding]:
    """汉字之间用了半角标点。

    中文句子里用全角标点，字距才匀，断行也才对。代码和网址不查。

    反例:

    ```markdown
    客户很生气,要求退款。
    ```

    正例:

    ```markdown
    客户很生气，要求退款。
    ```
    """
    for _, match, span in in_prose(document, _HALF):
        yield Finding(span, f"汉字之间的半角标点{quoted(match[0])}", f"改为“{_FULL[match[0]]}”")
