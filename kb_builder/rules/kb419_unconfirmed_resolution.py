"""KB419 unconfirmed-resolution."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule
from kb_builder.rules.kb418_resolved_without_follow_up import is_own_and_resolved


@rule("KB419", "unconfirmed-resolution", on=On.PUBLISHED)
def unconfirmed_resolution(document: Document, _context: Context) -> Iterator[Finding]:
    """本企业的案例写了已解决，没有写客户是否确认。

    解决没解决，客户说了才算。问过客户、他认可，写 true；他不认可，或没有问到，写 false。外部案例不受此限。

    反例:

    ```yaml
    origin: 本企业
    outcome: 已解决
    follow_up: [{when: 一周后, what: 电话回访}]
    ```

    正例:

    ```yaml
    origin: 本企业
    outcome: 已解决
    follow_up: [{when: 一周后, what: 电话回访}]
    customer_confirmed: true
    ```
    """
    if "customer_confirmed" not in document.keys and is_own_and_resolved(document):
        yield Finding(
            document.place("outcome"),
            "本企业已解决的案例要写客户是否确认（customer_confirmed）",
            "加上“customer_confirmed: true”；客户不认可或没有问到，写 false",
        )
