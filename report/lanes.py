"""Rows of a drawing, each with its name above it at the left and its figure at the right, whatever the width.

All rows are one drawing, because a drawing of one part fits any window; each row is a band of the vertical axis.
:func:`lanes` shows the same KPI in several org units on one scale, so that their ways compare.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from report.charts import COLOUR, QUIET, TEXT, Row, Spec, quarters_axis

_LANE = 84
_HEAD = 20
"""Pixels of a lane and of the line of words on its top."""


@dataclass(frozen=True)
class Lane:
    """One org unit. ``rows`` hold ``quarter``, ``role`` (actual, plan, forecast), ``amount``, ``text`` (as written) and
    ``series`` (the role as written); ``note`` stands at the right end."""

    name: str
    rows: Sequence[Row]
    note: str = ""


def lanes(shown: Sequence[Lane], order: Sequence[str]) -> Spec:
    """``shown`` from top to bottom over the quarters of ``order``, all between the same lowest and highest amount."""
    amounts = [float(row["amount"]) for lane in shown for row in lane.rows if row["amount"] is not None]
    low, high = min(amounts, default=0.0), max(amounts, default=1.0)
    reach = (high - low) or 1.0
    rows = [
        {**row, "lane": lane.name, "place": at + _place((float(row["amount"]) - low) / reach)}
        for at, lane in enumerate(shown)
        for row in lane.rows
        if row["amount"] is not None
    ]
    return {
        "height": _LANE * len(shown),
        "layer": [*frame([(lane.name, lane.note) for lane in shown], _LANE), *_lines(rows, order, len(shown))],
        "config": {"view": {"stroke": None}},
    }


def _place(share: float) -> float:
    """Where in its lane a value stands: lanes count downwards, values upwards."""
    top, bottom = (_HEAD + 4) / _LANE, 1 - 8 / _LANE
    return bottom - (bottom - top) * share


def rows_axis(count: int) -> dict[str, Any]:
    """The vertical axis of ``count`` rows, counted downwards from 0."""
    return {"type": "quantitative", "scale": {"domain": [0, count], "reverse": True, "nice": False}, "axis": None}


def frame(heads: Sequence[tuple[str, str]], height: int) -> list[Spec]:
    """Name and figure on top of each row of ``height`` pixels, and a thin line between two."""
    y = rows_axis(len(heads))
    rows = [{"name": name, "note": note, "top": at + 5 / height, "edge": at} for at, (name, note) in enumerate(heads)]
    text = {"type": "text", "baseline": "top", "fontSize": 12, "color": TEXT}
    place = {"field": "top", **y}
    between = {
        "data": {"values": rows[1:]},
        "mark": {"type": "rule", "opacity": 0.25, "color": QUIET},
        "encoding": {"y": {"field": "edge", **y}},
    }
    words = [
        {
            "data": {"values": rows},
            "mark": {**text, "align": side, "fontWeight": weight, "x": x},
            "encoding": {"y": place, "text": {"field": field, "type": "nominal"}},
        }
        for side, weight, x, field in (("left", "normal", 0, "name"), ("right", "bold", "width", "note"))
    ]
    return [between, *words] if rows[1:] else words


def _lines(rows: Sequence[Row], order: Sequence[str], count: int) -> list[Spec]:
    x, y = quarters_axis(order), {"field": "place", **rows_axis(count)}
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("lane", "quarter", "series", "text")]
    styles = {
        "plan": {"type": "line", "strokeWidth": 1.3, "strokeDash": [2, 3]},
        "forecast": {"type": "line", "strokeWidth": 1.8, "strokeDash": [6, 4]},
        "actual": {"type": "line", "strokeWidth": 2},
    }
    encoding = {"x": x, "y": y, "color": COLOUR, "detail": {"field": "lane", "type": "nominal"}}
    layers = [
        *((mark, [row for row in rows if row["role"] == role], encoding) for role, mark in styles.items()),
        ({"type": "point", "opacity": 0, "size": 160}, rows, {"x": x, "y": y, "tooltip": tooltip}),
    ]
    return [
        {"data": {"values": list(values)}, "mark": mark, "encoding": encoding}
        for mark, values, encoding in layers
        if values
    ]
