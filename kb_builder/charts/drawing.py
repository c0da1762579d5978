"""Charts of tables, one function a `Picture`, in Altair.

Everything has its place from us, in pixels: Vega would measure labels with the fonts of the machine that
builds, and draw another chart on another machine. Charts are narrow enough for a phone, and say every
number in words beside its mark, so that they can be read without colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt

from kb_builder.charts.svg import BRAND, INK, LINE, SOFT, SURFACE
from kb_builder.insight.counting import UNFILLED
from kb_builder.insight.tables import Cell, Picture, Row, Table, written

_WIDTH = 360
_STEP = 26
_TEXT = 12
_SMALL = 11
_LINE = 12
"""From one line of a heading that is written downwards to the next."""
_LEAST_LABEL, _MOST_LABEL = 72, 168
"""Between these the row labels are as wide as the longest needs."""

_GAP = 8
_VALUE = 56
"""Room to the right of the longest bar for its number."""

_WIDEST = 60
"""Of an upright bar with the space beside it."""

_BARS = 24
"""How many bars a chart shows; the rest are in the table."""


def specification(table: Table) -> dict[str, Any] | None:
    """The table as Vega-Lite has it; None where its picture has nothing to show."""
    chart = chart_of(table)
    # Its form is checked by the tests, when a chart is changed, and not each time it is drawn.
    return None if chart is None else chart.to_dict(validate=False)


def chart_of(table: Table) -> Any:
    """The table as a chart of Altair's; None where its picture has nothing to show."""
    make = _PICTURES.get(table.picture)
    rows = tuple(row for row in table.rows if not row.unknown and not row.rest)
    return make(table, rows) if make and rows else None


def _bars(_table: Table, rows: Sequence[Row]) -> Any:
    left = _label_width(rows[:_BARS])
    values = [
        {"row": place, "label": _cut(row.label, left), "n": _number(row.cells[0])}
        for place, row in enumerate(rows[:_BARS])
    ]
    most = max(value["n"] for value in values)
    if not most:
        return None
    right = _WIDTH - _VALUE
    x = alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, most], range=[left + _GAP, right]))
    base = alt.Chart(_data(values)).encode(y=_lines(len(values)))
    return _finished(
        base.mark_bar(color=BRAND).encode(x=x),
        _labels(base, left),
        base.mark_text(align="left", dx=5, color=INK, fontSize=_TEXT).encode(x=x, text="n:Q"),
        height=_STEP * len(values),
    )


def _timeline(_table: Table, rows: Sequence[Row]) -> Any:
    """Upright bars; the number stands above each where there is room, else above the highest."""
    height, base_line = 150, 122
    most = max(_number(row.cells[0]) for row in rows)
    if not most:
        return None
    step = min(_WIDTH / len(rows), _WIDEST)
    end = step * len(rows)
    told = len(rows) <= 12
    first = [_number(row.cells[0]) for row in rows].index(most)
    values = [
        {
            "row": place,
            "n": _number(row.cells[0]),
            "told": str(row.cells[0].value) if told or place == first else "",
        }
        for place, row in enumerate(rows)
    ]
    x = alt.X(
        "row:O", axis=None, scale=alt.Scale(range=[0, end], paddingInner=0.25, paddingOuter=0.1)
    )
    y = alt.Y("n:Q", axis=None, scale=alt.Scale(domain=[0, most], range=[base_line, 18]))
    base = alt.Chart(_data(values))
    rule = alt.Chart(_data([{}])).mark_rule(color=LINE)
    labels = (
        alt.Chart(_data(_spaced(rows, step)))
        .mark_text(color=SOFT, fontSize=_SMALL)
        .encode(x=alt.X("at:Q", axis=None, scale=None), y=alt.value(base_line + 15), text="label:N")
    )
    return _finished(
        rule.encode(x=alt.value(0), x2=alt.value(_WIDTH), y=alt.value(base_line)),
        base.mark_bar(color=BRAND).encode(x=x, y=y),
        base.mark_text(dy=-7, color=INK, fontSize=_SMALL).encode(x=x, y=y, text="told:N"),
        labels,
        height=height,
    )


def _spaced(rows: Sequence[Row], step: float) -> list[dict[str, Any]]:
    """Labels under the middle of their bars, as many as do not touch or leave the drawing."""
    found: list[dict[str, Any]] = []
    free = 0.0
    for place, row in enumerate(rows):
        half = _em(row.label) * _SMALL / 2
        middle = (place + 0.5) * step
        at = max(middle, half)
        if at - half >= free and at + half <= _WIDTH and at - middle < step:
            found.append({"label": row.label, "at": at})
            free = at + half + _GAP
    return found


def _heat(table: Table, rows: Sequence[Row]) -> Any:
    """Cells shaded by count, the count in each; headings are written downwards."""
    wide, tall = 34, 28
    columns = [
        place
        for place, column in enumerate(table.columns)
        if column.key != UNFILLED and any(row.cells[place].value for row in rows)
    ]
    if not columns:
        return None
    rows = [row for row in rows if any(row.cells[place].value for place in columns)]
    most = max(_number(row.cells[place]) for row in rows for place in columns)
    left = _label_width(rows)
    names = [_short(table.columns[place].label, 7) for place in columns]
    head = max(map(len, names)) * _LINE + 8
    values = [
        {
            "x": left + _GAP + wide * across,
            "x2": left + _GAP + wide * (across + 1) - 2,
            "y": head + tall * down,
            "y2": head + tall * (down + 1) - 2,
            "n": _number(row.cells[place]),
            # Never so dark that the number could not be read on it.
            "shade": round(0.12 + 0.43 * _number(row.cells[place]) / most, 3),
        }
        for down, row in enumerate(rows)
        for across, place in enumerate(columns)
        if row.cells[place].value
    ]
    lines = [
        {"label": _cut(row.label, left), "y": head + tall * down + tall / 2}
        for down, row in enumerate(rows)
    ]
    heads = [
        {
            "label": "\n".join(name),
            "x": left + _GAP + wide * across + wide / 2 - 1,
        }
        for across, name in enumerate(names)
    ]
    cells = alt.Chart(_data(values))
    middle = {
        "x": alt.X("middle:Q", axis=None, scale=None),
        "y": alt.Y("centre:Q", axis=None, scale=None),
    }
    numbers = cells.transform_calculate(
        middle="(datum.x + datum.x2) / 2", centre="(datum.y + datum.y2) / 2"
    )
    return _finished(
        cells.mark_rect(color=BRAND).encode(
            x=alt.X("x:Q", axis=None, scale=None),
            x2="x2:Q",
            y=alt.Y("y:Q", axis=None, scale=None),
            y2="y2:Q",
            fillOpacity=alt.FillOpacity("shade:Q", scale=None, legend=None),
        ),
        numbers.mark_text(color=INK, fontSize=_TEXT, baseline="middle").encode(
            **middle, text="n:Q"
        ),
        alt.Chart(_data(lines))
        .mark_text(align="right", color=INK, fontSize=_TEXT, baseline="middle")
        .encode(x=alt.value(left), y=alt.Y("y:Q", axis=None, scale=None), text="label:N"),
        alt.Chart(_data(heads))
        .mark_text(
            color=SOFT, fontSize=_SMALL, lineHeight=_LINE, lineBreak="\n", baseline="line-top"
        )
        .encode(x=alt.X("x:Q", axis=None, scale=None), y=alt.value(2), text="label:N"),
        width=max(_WIDTH, left + _GAP + wide * len(columns)),
        height=head + tall * len(rows),
    )


def _intervals(table: Table, rows: Sequence[Row]) -> Any:
    """A dot for the share, a line for its interval; rows of which nothing can be said are left out."""
    places = {key: table.column(key) for key in ("known", "solved", "share", "low", "high")}
    found = [row for row in rows if row.cells[places["share"]].value is not None][:_BARS]
    if not found:
        return None
    left = _label_width(found)
    values = [
        {
            "row": place,
            "label": _cut(row.label, left),
            **{key: _number(row.cells[places[key]]) for key in ("share", "low", "high")},
            "told": f"{row.cells[places['solved']].value}/{row.cells[places['known']].value}",
        }
        for place, row in enumerate(found)
    ]
    right = _WIDTH - _VALUE
    scale = alt.Scale(domain=[0, 1], range=[left + _GAP, right])
    base = alt.Chart(_data(values)).encode(y=_lines(len(values)))
    # Faint guides at nothing, half and all.
    guides = [{"at": 0.0, "name": "0"}, {"at": 0.5, "name": "一半"}, {"at": 1.0, "name": "全部"}]
    height = _STEP * len(values)
    return _finished(
        alt.Chart(_data(guides))
        .mark_rule(color=LINE)
        .encode(x=alt.X("at:Q", axis=None, scale=scale), y=alt.value(0), y2=alt.value(height)),
        alt.Chart(_data(guides))
        .mark_text(color=SOFT, fontSize=_SMALL, baseline="top")
        .encode(x=alt.X("at:Q", axis=None, scale=scale), y=alt.value(height + 4), text="name:N"),
        base.mark_rule(color=BRAND, strokeWidth=2).encode(
            x=alt.X("low:Q", axis=None, scale=scale), x2="high:Q"
        ),
        base.mark_point(color=BRAND, fill=BRAND, size=70, opacity=1).encode(
            x=alt.X("share:Q", axis=None, scale=scale)
        ),
        _labels(base, left),
        base.mark_text(align="left", color=INK, fontSize=_TEXT).encode(
            x=alt.value(right + 12), text="told:N"
        ),
        height=height + 20,
    )


def _pairs(table: Table, rows: Sequence[Row]) -> Any:
    """Two bars a row: ours filled, the other hollow; each with its number."""
    ours, other = table.column("share"), table.column("other")
    most = max((_number(row.cells[place]) for row in rows for place in (ours, other)), default=0)
    if not most:
        return None
    tall, top, bar = 40, 22, 13
    left = _label_width(rows[:_BARS])
    right = _WIDTH - _VALUE
    values = []
    for place, row in enumerate(rows[:_BARS]):
        for column, name, offset in ((ours, "ours", 4), (other, "other", 20)):
            cell = row.cells[column]
            if cell.value is not None:
                above = top + tall * place + offset
                told = written(cell, table.columns[column].form)
                ends = {"y": above, "y2": above + bar}
                values.append({"side": name, "n": _number(cell), "told": told, **ends})
    names = [
        {"label": _cut(row.label, left), "y": top + tall * place + tall / 2}
        for place, row in enumerate(rows[:_BARS])
    ]
    legend = [
        {"x": left + _GAP, "label": table.columns[ours].label, "side": "ours"},
        {"x": left + _GAP + 96, "label": table.columns[other].label, "side": "other"},
    ]
    x = alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, most], range=[left + _GAP, right]))
    y = alt.Y("y:Q", axis=None, scale=None)
    fill = alt.condition("datum.side == 'ours'", alt.value(BRAND), alt.value(SURFACE))
    bars = alt.Chart(_data(values))
    keys = alt.Chart(_data(legend)).transform_calculate(x2="datum.x + 12")
    key_x = alt.X("x:Q", axis=None, scale=None)
    return _finished(
        keys.mark_rect(stroke=BRAND).encode(
            x=key_x, x2="x2:Q", y=alt.value(3), y2=alt.value(13), fill=fill
        ),
        keys.mark_text(align="left", dx=17, color=SOFT, fontSize=_SMALL, baseline="middle").encode(
            x=key_x, y=alt.value(8), text="label:N"
        ),
        bars.mark_rect(stroke=BRAND).encode(x=x, x2=alt.datum(0), y=y, y2="y2:Q", fill=fill),
        bars.mark_text(
            align="left", dx=5, dy=bar / 2, color=INK, fontSize=_SMALL, baseline="middle"
        ).encode(x=x, y=y, text="told:N"),
        alt.Chart(_data(names))
        .mark_text(align="right", color=INK, fontSize=_TEXT, baseline="middle")
        .encode(x=alt.value(left), y=y, text="label:N"),
        height=top + tall * len(names),
    )


def _spread(table: Table, rows: Sequence[Row]) -> Any:
    """A bar over the middle half, a stroke at the median."""
    places = {key: table.column(key) for key in ("low", "middle", "high")}
    found = [row for row in rows if row.cells[places["middle"]].value is not None]
    most = max((_number(row.cells[places["high"]]) for row in found), default=0)
    if not most:
        return None
    tall, left = 52, _label_width(found)
    values = [
        {
            "label": _cut(row.label, left),
            **{key: _number(row.cells[place]) for key, place in places.items()},
            "told": "一半在 "
            + written(row.cells[places["middle"]], table.columns[2].form)
            + "以内",
            "y": tall * down + 26,
            "y2": tall * down + 42,
            "above": tall * down + 14,
        }
        for down, row in enumerate(found)
    ]
    scale = alt.Scale(domain=[0, most], range=[left + _GAP, _WIDTH - 12])
    base = alt.Chart(_data(values))
    y = alt.Y("y:Q", axis=None, scale=None)
    return _finished(
        base.mark_rule(color=LINE).encode(
            x=alt.value(left + _GAP),
            x2=alt.value(_WIDTH - 12),
            y=alt.Y("y2:Q", axis=None, scale=None),
        ),
        base.mark_rect(color=BRAND, fillOpacity=0.35).encode(
            x=alt.X("low:Q", axis=None, scale=scale), x2="high:Q", y=y, y2="y2:Q"
        ),
        base.mark_rule(color=BRAND, strokeWidth=3).encode(
            x=alt.X("middle:Q", axis=None, scale=scale), y=y, y2="y2:Q"
        ),
        base.mark_text(align="left", color=INK, fontSize=_SMALL).encode(
            x=alt.value(left + _GAP), y=alt.Y("above:Q", axis=None, scale=None), text="told:N"
        ),
        base.mark_text(align="right", color=INK, fontSize=_TEXT, dy=8, baseline="middle").encode(
            x=alt.value(left), y=y, text="label:N"
        ),
        height=tall * len(values),
    )


_PICTURES: dict[Picture, Callable[[Table, Sequence[Row]], Any]] = {
    Picture.BARS: _bars,
    Picture.TIMELINE: _timeline,
    Picture.HEAT: _heat,
    Picture.INTERVALS: _intervals,
    Picture.PAIRS: _pairs,
    Picture.SPREAD: _spread,
}


def _finished(*layers: Any, height: float, width: float = _WIDTH) -> Any:
    """The layers on top of each other, without anything that Vega would add or measure."""
    chart = alt.layer(*layers).properties(
        width=width,
        height=height,
        padding=0,
        background="transparent",
        autosize=alt.AutoSizeParams(type="none"),
    )
    return chart.configure_view(stroke=None).configure_axis(disable=True)


def _lines(count: int) -> Any:
    """The rows from top to bottom, each `_STEP` high."""
    scale = alt.Scale(range=[0, _STEP * count], paddingInner=0.3, paddingOuter=0.15)
    return alt.Y("row:O", axis=None, scale=scale)


def _labels(base: Any, width: float) -> Any:
    """The row labels, ending where the bars begin."""
    return base.mark_text(align="right", color=INK, fontSize=_TEXT).encode(
        x=alt.value(width), text="label:N"
    )


def _label_width(rows: Sequence[Row]) -> float:
    longest = max(_em(row.label) for row in rows) * _TEXT
    return float(min(max(round(longest), _LEAST_LABEL), _MOST_LABEL))


def _data(values: Sequence[dict[str, Any]]) -> Any:
    return alt.InlineData(list(values))


def _number(cell: Cell) -> float | int:
    return cell.value if isinstance(cell.value, int | float) else 0


def _cut(text: str, width: float) -> str:
    """The beginning of a text that fits into a width; a Chinese character is as wide as the type."""
    room = width / _TEXT
    if _em(text) <= room:
        return text
    kept = ""
    for character in text:
        if _em(kept + character) > room - 1:
            break
        kept += character
    return f"{kept.rstrip()}…"


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _em(text: str) -> float:
    """About how wide a text is, in characters of Chinese."""
    return sum(1.0 if character > "⺀" else 0.58 for character in text)
