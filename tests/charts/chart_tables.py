"""Tables to draw."""

from __future__ import annotations

from kb_builder.insight.tables import Cell, Column, Form, Picture, Row, Table

COUNT = (Column("count", "案例数"),)


def table(
    picture: Picture, *rows: Row, columns: tuple[Column, ...] = COUNT, title: str = "投诉类型"
) -> Table:
    """A table of this picture."""
    return Table("t", title, "数每个类型的案例。", "类型", columns, rows, 9, 9, "", picture=picture)


def row(label: str, *values: float | int | None, unknown: bool = False, rest: bool = False) -> Row:
    """A row of values."""
    return Row(label, label, tuple(map(Cell, values)), unknown=unknown, rest=rest)


def _shares(*keys: str) -> tuple[Column, ...]:
    return tuple(Column(key, key, Form.SHARE) for key in keys)


EXAMPLES = (
    table(Picture.BARS, row("产品", 6), row("服务", 2), row("未填写", 3, unknown=True)),
    table(Picture.TIMELINE, *(row(f"2024年{month}月", month) for month in range(1, 13))),
    table(
        Picture.HEAT,
        row("工作失误", 3, 0),
        row("沟通不足", 1, 2),
        columns=(Column("it", "信息系统"), Column("sales", "销售门店")),
    ),
    table(
        Picture.INTERVALS,
        row("道歉", 8, 6, 0.75, 0.4, 0.92),
        row("退款", 3, 1, None, None, None),
        columns=(Column("known", "填了结果"), Column("solved", "解决了"), *_shares("share", "low", "high")),
    ),
    table(
        Picture.PAIRS,
        row("质量", 0.4, 0.556),
        row("安全", 0.6, None),
        columns=_shares("share", "other"),
    ),
    table(
        Picture.SPREAD,
        row("从受理到答复", 60, 600, 3000),
        columns=tuple(Column(key, key, Form.MINUTES) for key in ("low", "middle", "high")),
    ),
)  # fmt: skip
