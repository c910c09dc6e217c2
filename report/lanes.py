"""The same KPI in several org units as small charts one below another, on one scale, so that their ways compare.

All lanes are one drawing, because a drawing of one part fits any width; each lane is a band of the vertical axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from report.charts import COLOUR, QUIET, Row, Spec, quarters_axis

_LANE, _USED = 62, 0.76
"""Pixels of a lane, and the part of it that its line may use."""
_ROLES = ("actual", "plan", "forecast")


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
        {**row, "lane": lane.name, "place": _place(at, (float(row["amount"] or 0) - low) / reach)}
        for at, lane in enumerate(shown)
        for row in lane.rows
        if row["amount"] is not None
    ]
    return {
        "height": _LANE * len(shown) + _LANE // 3,
        "layer": [*_frame(shown, order), *_lines(rows, order)],
        "config": {"view": {"stroke": None}},
    }


def _place(lane: int, share: float) -> float:
    """Where a value stands: lanes count downwards, values upwards."""
    return lane + (1 + _USED) / 2 - _USED * share


def _y(count: int) -> dict[str, object]:
    return {"type": "quantitative", "scale": {"domain": [0, count], "reverse": True, "nice": False}, "axis": None}


def _frame(shown: Sequence[Lane], order: Sequence[str]) -> list[Spec]:
    """Names above their lanes, a line between two, and what stands at the right."""
    y = _y(len(shown))
    names = [{"name": lane.name, "note": lane.note, "top": at + 0.05, "edge": at} for at, lane in enumerate(shown)]
    text = {"type": "text", "baseline": "top", "fontSize": 12, "color": QUIET}
    place = {"field": "top", **y}
    return [
        {
            "data": {"values": names[1:]},
            "mark": {"type": "rule", "opacity": 0.25, "color": QUIET},
            "encoding": {"y": {"field": "edge", **y}},
        },
        {
            "data": {"values": names},
            "mark": {**text, "align": "left", "fontWeight": "bold", "x": 2},
            "encoding": {"y": place, "text": {"field": "name", "type": "nominal"}},
        },
        {
            "data": {"values": names},
            "mark": {**text, "align": "right", "x": "width"},
            "encoding": {"y": place, "text": {"field": "note", "type": "nominal"}},
        },
    ][0 if len(shown) > 1 else 1 :]


def _lines(rows: Sequence[Row], order: Sequence[str]) -> list[Spec]:
    count = 1 + max((int(float(row["place"] or 0)) for row in rows), default=0)
    x, y = quarters_axis(order), {"field": "place", **_y(count)}
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("lane", "quarter", "series", "text")]
    styles = {
        "plan": {"type": "line", "strokeWidth": 1.3, "strokeDash": [2, 3]},
        "forecast": {"type": "line", "strokeWidth": 1.8, "strokeDash": [6, 4]},
        "actual": {"type": "line", "strokeWidth": 2},
    }
    encoding = {"x": x, "y": y, "color": COLOUR, "detail": {"field": "lane", "type": "nominal"}}
    drawn = ((mark, [row for row in rows if row["role"] == role]) for role, mark in styles.items())
    point = {"type": "point", "opacity": 0, "size": 160}
    return [
        *({"data": {"values": values}, "mark": mark, "encoding": encoding} for mark, values in drawn if values),
        *(
            [{"data": {"values": list(rows)}, "mark": point, "encoding": {"x": x, "y": y, "tooltip": tooltip}}]
            if rows
            else []
        ),
    ]
