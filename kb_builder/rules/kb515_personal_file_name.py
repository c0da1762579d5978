"""KB515 personal-file-name."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Span
from kb_builder.model.document import Document
from kb_builder.privacy import masked
from kb_builder.privacy.documents import in_path
from kb_builder.rules import Context, On, rule


@rule("KB515", "personal-file-name", on=On.EVERY_FILE)
def personal_file_name(document: Document, context: Context) -> Iterator[Finding]:
    """文件名里有个人信息。

    文件名就是网址，也留在 git 的历史里，改正文没有用。文件名只写编号。

    反例:

    ```markdown title="cases/resolved/2024/张伟-13800001234.md"
    客户来电。
    ```

    正例:

    ```markdown
    客户来电。
    ```
    """
    for found in in_path(document, context.gate):
        message = f"文件名里有“{masked(found)}”，像是姓名或号码"
        yield Finding(Span(1, 1, 3), message, "改成编号，例如 CASE-2024-0001.md")
