"""What a chart shows, in words, for those who can't see it."""

from __future__ import annotations

from kb_builder.insight.tables import Picture, Table, written

_TOLD = 24
"""How many rows are told; the rest are in the table."""

_DRAWN = {Picture.INTERVALS: "share", Picture.PAIRS: "share", Picture.SPREAD: "middle"}
"""The column a picture is about, where it is not the first."""


def description(table: Table) -> str:
    """What the chart of a table shows: its rows with the number that is drawn, and where the rest is."""
    drawn = _DRAWN.get(table.picture)
    column = table.column(drawn) if drawn else 0
    form = table.columns[column].form
    told = []
    for row in table.rows:
        if row.unknown or row.rest:
            continue
        if table.picture is Picture.HEAT:
            told.append(f"{row.label} {len(row.documents)}")
        else:
            told.append(f"{row.label} {written(row.cells[column], form)}")
    rest = f"，等 {len(told)} 项" if len(told) > _TOLD else ""
    return f"{table.definition}{'，'.join(told[:_TOLD])}{rest}。全部数字见表。"
