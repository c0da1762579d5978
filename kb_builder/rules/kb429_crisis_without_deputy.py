"""KB429 crisis-without-deputy."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding
from kb_builder.model.document import Document
from kb_builder.rules import Context, On, rule
from kb_builder.rules.kb428_role_without_deputy import is_grave, missing_deputies


@rule("KB429", "crisis-without-deputy", on=On.PUBLISHED)
def crisis_without_deputy(document: Document, context: Context) -> Iterator[Finding]:
    """重大投诉用的预案缺少岗位分工或替补。

    危机不等人回来上班。中期处理的预案，适用条件里写了重大、危机，或对外扩散、公关危机的，要写清谁负责、谁替补，才能发布。

    反例:

    ```yaml
    applies_to: {severity: [重大]}
    roles: [{role: 公司高层, duty: 对外说话}]
    ```

    正例:

    ```yaml
    applies_to: {severity: [重大]}
    roles: [{role: 公司高层, deputy: 部门负责人, duty: 对外说话}]
    ```
    """
    if not is_grave(document):
        return
    if "roles" not in document.keys:
        yield Finding(
            document.place("applies_to"),
            "重大投诉用的预案要写岗位分工（roles）",
            "加上 roles:，下一行缩进写“- {role: 店长, deputy: 值班经理, duty: 拍板}”",
        )
    yield from missing_deputies(document, context)
