"""KB205 person-as-role."""

from __future__ import annotations

from collections.abc import Iterable

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule


@rule("KB205", "person-as-role", on=On.FAULTS)
def person_as_role(document: Document, _context: Context) -> Iterable[Finding]:
    """岗位里写了人名。

    人会调岗、离职，岗位不会；把员工的名字写进案例，以后就没有人肯报告差错了。写岗位，不写人名。

    反例:

    ```yaml
    owner: 张伟
    ```

    正例:

    ```yaml
    owner: 店长
    ```
    """
    return document.findings("person-as-role")
