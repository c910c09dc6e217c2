"""Charts as Vega-Lite dictionaries, which cost a fraction of chart objects to build on every rerun.

Colours are roles, never values: the theme's list of chart colours has one place for each role of ``ROLES`` in both
modes, so that a chart follows the visitor's mode without the server knowing it. Labels come ready-made, because the
browser would write English months and its own idea of large numbers.
"""

from collections.abc import Mapping, Sequence
from typing import Any

ROLES = ("actual", "plan", "forecast", "green", "amber", "red", "none")
TEXT = "currentColor"  # the text colour of the page around the chart, in either mode; the platform's own is paler
Row = Mapping[str, str | float | None]
Spec = dict[str, Any]
COLOUR = {"field": "role", "type": "nominal", "scale": {"domain": list(ROLES)}, "legend": None}
QUIET = "#8A97A3"  # readable on both backgrounds, for what has no role
FONT = {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 220}
_BAR_STEP = 30


def value_axis(percent: bool, divisor: float, suffix: str) -> dict[str, Any]:
    """The vertical axis: percent, or numbers divided by ``divisor`` and followed by ``suffix``."""
    number = f"format(datum.value / {divisor}, ',~r') + '{suffix}'"
    labels = {"format": ".0%"} if percent else {"labelExpr": number}
    return {"title": None, "tickCount": 5, "domain": False, "ticks": False, **labels, **FONT}


def quarters_axis(order: Sequence[str]) -> dict[str, Any]:
    """The horizontal axis over the quarters of ``order``, with few enough labels to be read."""
    marks = [label for index, label in enumerate(order) if index % max(1, len(order) // 8) == 0]
    return {
        "field": "quarter",
        "type": "ordinal",
        "scale": {"domain": list(order), "paddingOuter": 0.3},
        "axis": {
            "title": None,
            "labelAngle": 0,
            "values": marks,
            "labelOverlap": "greedy",
            "labelSeparation": 6,
            "ticks": False,
            "grid": False,
            **FONT,
        },
    }


def legend(names: Mapping[str, str], used: Sequence[str]) -> dict[str, Any]:
    """A legend above the chart with the roles ``used`` by their ``names``."""
    words = ", ".join(f"{role}: '{names[role]}'" for role in used)
    return {
        "orient": "top",
        "title": None,
        "symbolType": "stroke",
        "symbolStrokeWidth": 3,
        "symbolOpacity": 1,
        "values": list(used),
        "labelExpr": f"({{{words}}})[datum.label]",
        "labelFontSize": 12,
        "labelLimit": 0,
    }


def history(
    rows: Sequence[Row],
    order: Sequence[str],
    axis: dict[str, Any],
    names: Mapping[str, str],
    breaks: Sequence[Row] = (),
    fan: Sequence[Row] = (),
    restated: Sequence[Row] = (),
) -> Spec:
    """Actual, plan and forecast of one KPI over the quarters of ``order``.

    Rows hold ``quarter``, ``role`` (actual, plan, forecast), ``amount``, ``text`` (the amount as written), ``series``
    (the role as written) and, for forecasts, ``low``, ``high`` and their texts in ``text``. ``breaks`` are quarters
    from which a new definition holds, each with ``quarter`` and ``text``. ``names`` are the roles as written. ``fan``
    holds in the place of that band several, the widest first, each row with ``quarter``, ``share`` (as written),
    ``low`` and ``high``. ``restated`` are actual values that were corrected, with ``quarter``, ``amount``, ``text``.
    """
    used = [role for role in names if any(row["role"] == role for row in rows)]
    colour = COLOUR | {"legend": legend(names, used)}
    x, y = quarters_axis(order), {"field": "amount", "type": "quantitative", "axis": axis, "scale": {"zero": False}}
    band = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour}
    line = {"x": x, "y": y, "color": colour}
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("quarter", "series", "text")]
    layers = [
        *([] if fan else [("forecast", {"type": "area", "opacity": 0.22}, band)]),
        ("plan", {"type": "line", "strokeWidth": 1.5, "strokeDash": [2, 3]}, line),
        (
            "forecast",
            {"type": "line", "strokeDash": [6, 4], "strokeWidth": 2, "point": {"filled": True, "size": 40}},
            line,
        ),
        ("actual", {"type": "line", "strokeWidth": 2.2, "point": {"filled": True, "size": 34}}, line),
    ]
    return {
        "height": 320,
        "layer": [
            *_fan_layers(fan, band),
            *(
                {"data": {"values": [row for row in rows if row["role"] == role]}, "mark": mark, "encoding": encoding}
                for role, mark, encoding in layers
                if role in used
            ),
            *_break_layers(breaks, x),
            *_restated_layers(restated, {"x": x, "y": y}),
            {
                "data": {"values": list(rows)},
                "mark": {"type": "point", "opacity": 0, "size": 260},
                "encoding": {"x": x, "y": y, "tooltip": tooltip},
            },
        ],
        "config": {"view": {"stroke": None}},
    }


def _fan_layers(fan: Sequence[Row], band: dict[str, Any]) -> list[Spec]:
    """One area over the other, so that what is likelier is darker."""
    shares = list(dict.fromkeys(row["share"] for row in fan))
    return [
        {
            "data": {"values": [{**row, "role": "forecast"} for row in fan if row["share"] == share]},
            "mark": {"type": "area", "opacity": 0.2},
            "encoding": band,
        }
        for share in shares
    ]


def _restated_layers(restated: Sequence[Row], place: dict[str, Any]) -> list[Spec]:
    if not restated:
        return []
    mark = {"type": "point", "shape": "diamond", "size": 190, "filled": False, "strokeWidth": 2, "color": QUIET}
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("quarter", "text")]
    return [{"data": {"values": list(restated)}, "mark": mark, "encoding": {**place, "tooltip": tooltip}}]


def _break_layers(breaks: Sequence[Row], x: dict[str, Any]) -> list[Spec]:
    if not breaks:
        return []
    encoding = {"x": x}
    rule = {
        "mark": {"type": "rule", "strokeDash": [3, 3], "opacity": 0.8, "color": QUIET},
        "encoding": {**encoding},
    }
    label = {
        "mark": {"type": "text", "align": "left", "dx": 5, "baseline": "top", "fontSize": 11, "color": QUIET},
        "encoding": {**encoding, "y": {"value": 0}, "text": {"field": "text", "type": "nominal"}},
    }
    return [{"data": {"values": list(breaks)}, "layer": [rule, label]}]


def by_unit(rows: Sequence[Row], order: Sequence[str]) -> Spec:
    """A bar for each org unit in ``order``, its target as a tick, its amount written at the end.

    Rows hold ``name``, ``amount``, ``target``, ``edge`` (the greater of both), ``label``, ``text`` and ``target_text``
    (both as written), ``role`` (a status) and ``status`` (its word).
    """
    y = {
        "field": "name",
        "type": "nominal",
        "sort": list(order),
        "axis": {"title": None, "ticks": False, "domain": False, **FONT},
    }
    x = {"field": "amount", "type": "quantitative", "axis": None, "scale": {"nice": False, "padding": 46}}
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("name", "text", "target_text", "status")]
    bar = {"type": "bar", "height": 14, "cornerRadiusEnd": 3}
    tick = {"type": "tick", "thickness": 2, "size": 22, "opacity": 0.75}
    label = {"type": "text", "align": "left", "dx": 6, "fontSize": 12}
    layers = [
        (rows, bar, {"y": y, "x": x, "color": COLOUR, "tooltip": tooltip}),
        (
            [row for row in rows if row["target"] is not None],
            tick,
            {"y": y, "x": {**x, "field": "target"}, "tooltip": tooltip},
        ),
        (rows, label, {"y": y, "x": {**x, "field": "edge"}, "text": {"field": "label", "type": "nominal"}}),
    ]
    return {
        "height": _BAR_STEP * len(rows) + _BAR_STEP // 3,
        "layer": [
            {"data": {"values": list(values)}, "mark": mark, "encoding": encoding}
            for values, mark, encoding in layers
            if values
        ],
        "config": {"view": {"stroke": None}, "tick": {"color": QUIET}, "text": {"color": QUIET}},
    }
