"""KB438 incomplete-shares."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from kb_builder.diagnostics import Finding, Level
from kb_builder.model.document import Document
from kb_builder.model.settings import Statistic
from kb_builder.rules import Context, On, rule

_TOLERANCE = Decimal("0.5")
"""What rounding may take away or add."""


@rule("KB438", "incomplete-shares", level=Level.WARNING, on=On.PUBLISHED)
def incomplete_shares(document: Document, context: Context) -> Iterator[Finding]:
    """引用的构成加起来不是 100%。

    各部分的百分比相加应当是 100%，四舍五入最多差 0.5。差得多，是抄漏了一项，或抄错了数。到 `site_config/statistics.yml` 里核对；
    资料本来就不全的，在那里写 `incomplete: true`，并在 note 里说明差了多少。

    反例:

    ```text
    furniture_complaints:
      label: 家具投诉构成
      unit: "%"
      parts: [{label: 质量, value: 55.6}, {label: 其他, value: 41.9}]
    ```

    正例:

    ```text
    furniture_complaints:
      label: 家具投诉构成
      unit: "%"
      parts: [{label: 质量, value: 55.6}, {label: 其他, value: 41.9}]
      incomplete: true
    ```
    """
    for item in document.items("statistics"):
        statistic = context.settings.statistics.get(item.text)
        total = None if statistic is None or statistic.incomplete else shares_total(statistic)
        if statistic is None or total is None or abs(total - 100) <= _TOLERANCE:
            continue
        gap = f"少 {100 - total}" if total < 100 else f"多 {total - 100}"
        yield Finding(
            item.span,
            f"“{statistic.label}”各项相加是 {total}%，{gap}",
            "在 site_config/statistics.yml 里核对各项；资料就是如此的，写 incomplete: true",
        )


def shares_total(statistic: Statistic) -> Decimal | None:
    """The sum of a statistic's shares; None where it has none, or one that is no number."""
    if statistic.unit != "%" or not statistic.parts:
        return None
    try:
        return sum((Decimal(value) for _, value in statistic.parts), Decimal())
    except InvalidOperation:
        return None
