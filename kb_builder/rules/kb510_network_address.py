"""KB510 network-address."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.privacy import Category
from kb_builder.rules import Context, On, personal, rule


@rule("KB510", "network-address", on=On.EVERY_FILE)
def network_address(document: Document, context: Context) -> Iterator[Finding]:
    """写出了网络地址。

    公网 IP 地址和设备的物理地址能对应到一户人家。内网地址和举例用的地址不算，版本号也不算。

    反例:

    ```markdown
    登录 IP 114.80.1.10 不在本地。
    ```

    正例:

    ```markdown
    登录地不在本地。
    ```
    """
    return personal.findings(document, context, Category.IP)
