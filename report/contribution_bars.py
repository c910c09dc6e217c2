"""What contributed to a change, as bars to both sides of a line."""

from collections.abc import Sequence

from report.charts import COLOUR, QUIET, Row, Spec
from report.lanes import frame, rows_axis

_STEP, _BAR = 40, (24, 35)
"""Pixels of a row, and between which of them its bar lies."""


def contribution_bars(rows: Sequence[Row]) -> Spec:
    """A bar for each of ``rows`` in their order, name and amount above it.

    Rows hold ``name``, ``amount``, ``text`` (the amount as written), ``role`` (green for the better, red for the
    worse, none for neither) and ``word`` (the same in words).
    """
    amounts = [0.0, *(float(row["amount"] or 0) for row in rows)]
    reach = [min(amounts), max(amounts)] if any(amounts) else [-1.0, 1.0]
    top, bottom = (edge / _STEP for edge in _BAR)
    bars = [{**row, "from": 0, "top": at + top, "bottom": at + bottom} for at, row in enumerate(rows)]
    x = {"field": "amount", "type": "quantitative", "axis": None, "scale": {"domain": reach, "nice": False}}
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("name", "text", "word")]
    place = {"y": {"field": "top", **rows_axis(len(rows))}, "y2": {"field": "bottom"}}
    return {
        "height": _STEP * len(rows),
        "layer": [
            *frame([(str(row["name"]), str(row["text"])) for row in rows], _STEP),
            {
                "data": {"values": bars},
                "mark": {"type": "rect", "cornerRadius": 2},
                "encoding": {
                    **place,
                    "x": {**x, "field": "from"},
                    "x2": {"field": "amount"},
                    "color": COLOUR,
                    "tooltip": tooltip,
                },
            },
            {
                "data": {"values": bars},
                "mark": {"type": "rule", "opacity": 0.8, "color": QUIET},
                "encoding": {**place, "x": {**x, "field": "from"}},
            },
        ],
        "config": {"view": {"stroke": None}},
    }
