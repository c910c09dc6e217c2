"""What contributed to a change, as bars to both sides of a line."""

from collections.abc import Sequence

from report.charts import COLOUR, FONT, QUIET, Row, Spec

_STEP = 28


def contribution_bars(rows: Sequence[Row]) -> Spec:
    """A bar for each of ``rows`` in their order, its amount written beyond its end.

    Rows hold ``name``, ``amount``, ``text`` (the amount as written), ``role`` (green for the better, red for the
    worse, none for neither) and ``word`` (the same in words).
    """
    widest = max((abs(float(row["amount"] or 0)) for row in rows), default=0.0) or 1.0
    y = {
        "field": "name",
        "type": "nominal",
        "sort": [row["name"] for row in rows],
        "axis": {"title": None, "ticks": False, "domain": False, "labelPadding": 8, **FONT, "labelLimit": 150},
    }
    scale = {"domain": [-1.45 * widest, 1.45 * widest], "nice": False}
    x = {"field": "amount", "type": "quantitative", "axis": None, "scale": scale}
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("name", "text", "word")]
    label = {"y": y, "x": x, "text": {"field": "text", "type": "nominal"}}
    up, down = ([row for row in rows if (float(row["amount"] or 0) >= 0) is side] for side in (True, False))
    text = {"type": "text", "fontSize": 12}
    layers = [
        (
            rows,
            {"type": "bar", "height": 14, "cornerRadiusEnd": 3},
            {"y": y, "x": x, "color": COLOUR, "tooltip": tooltip},
        ),
        ([{"nought": 0}], {"type": "rule", "opacity": 0.7}, {"x": {**x, "field": "nought"}}),
        (up, {**text, "align": "left", "dx": 6}, label),
        (down, {**text, "align": "right", "dx": -6}, label),
    ]
    return {
        "height": _STEP * len(rows) + _STEP // 2,
        "layer": [
            {"data": {"values": list(values)}, "mark": mark, "encoding": encoding}
            for values, mark, encoding in layers
            if values
        ],
        "config": {"view": {"stroke": None}, "text": {"color": QUIET}, "rule": {"color": QUIET}},
    }
