"""Whether the shares of a statistic add up to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kb_builder.model.settings import Statistic

_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Share:
    """One part; `percent` is None when what is written is not a number."""

    label: str
    value: str
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Shares:
    """The parts of a statistic. `total` and `gap` (what is missing to 100) are percentages; both
    are None unless the unit is `%` and every part is a number.
    """

    parts: tuple[Share, ...]
    total: Decimal | None
    gap: Decimal | None


def shares(statistic: Statistic) -> Shares:
    """Add up the parts of a statistic, exactly (97.5 is not 97.49999)."""
    parts = tuple(Share(label, value, _number(value)) for label, value in statistic.parts)
    numbers = [part.percent for part in parts if part.percent is not None]
    if statistic.unit != "%" or not parts or len(numbers) != len(parts):
        return Shares(parts, None, None)
    total = sum(numbers, Decimal(0))
    return Shares(parts, total, _WHOLE - total)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().removesuffix("%"))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
