"""Where the year will land beside its plan: one row a KPI, all on the same scale, readable on a phone as on a wall.

Every amount is turned into its attainment, so that the plan is one line through all rows and the right of it is the
good side, whatever the direction of the KPI. Words stand above the bars, not beside them: a phone has no room for both.
They are the labels of axes, because those alone take the text colour of the page's mode.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from report.charts import ROLES, TEXT, Spec

PITCH = 59
_NARROWEST, _WIDEST = (0.95, 1.05), (0.5, 1.5)
_ROOM = 0.12
_TICKS = 6
_NAME, _DETAIL, _BAR = -17, 0, 19  # px from the middle of a row
_LONGEST = 270  # px that a name may take, so that it does not run into the chance on a phone
_COLOUR: Spec = {"type": "nominal", "scale": {"domain": list(ROLES)}, "legend": None}
_ROW: Spec = {"field": "row", "type": "ordinal"}
_STRONG: Spec = {"labelOffset": _NAME, "labelFontSize": 13, "labelFontWeight": 600}
_QUIET: Spec = {"labelOffset": _DETAIL, "labelFontSize": 11.5, "labelOpacity": 0.8}
_RANGE: Spec = {"type": "bar", "height": 10, "cornerRadius": 5, "yOffset": _BAR}
_MARK: Spec = {"type": "tick", "opacity": 1, "yOffset": _BAR}


@dataclass(frozen=True)
class LandingBar:
    """A KPI. ``low``, ``middle`` and ``high`` are attainments (1 is the plan) in this order; ``role`` is the status
    that the year most likely ends in, ``status`` its word; the rest is as written."""

    name: str
    detail: str
    chance: str
    low: float
    middle: float
    high: float
    role: str
    status: str


def landing_bars(bars: Sequence[LandingBar], plan: str, chance: str) -> Spec:
    """A range from ``low`` to ``high`` with a mark at ``middle`` for each of ``bars``, which must be some.

    ``plan`` is the word over the marks of the plan, ``chance`` that below the chances. What lies outside half to one
    and a half times the plan ends there in an arrow.
    """
    low, high = _domain(bars)
    rows = [_row(at, bar, chance, low, high) for at, bar in enumerate(bars)]
    x: Spec = {"type": "quantitative", "scale": {"domain": [low, high], "nice": False, "zero": False}}
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("name", "detail", "chance", "status")]
    shown: Spec = {"color": _COLOUR | {"field": "role"}, "tooltip": tooltip}
    names = {"y": _words([bar.name for bar in bars], _STRONG | {"labelLimit": _LONGEST})}
    details = {"y": _words([bar.detail for bar in bars], _QUIET)}
    chances = {"y": _words([bar.chance for bar in bars], _STRONG, right=True)}
    under = {"y": _words([chance] * len(bars), _QUIET, right=True)}
    track: Spec = {"x": {"datum": low, **x}, "x2": {"datum": high}, "color": _COLOUR | {"datum": "none"}}
    span: Spec = {"x": {**x, "field": "low"}, "x2": {"field": "high"}}
    line: Spec = {"x": _plan(plan, low, high, x), "color": _COLOUR | {"datum": "plan"}}
    middle: Spec = {"x": {**x, "field": "middle"}}
    layers = [
        (_RANGE | {"opacity": 0.3}, names | track),
        (_RANGE | {"opacity": 0.45}, details | span | shown),
        (_MARK | {"thickness": 2, "size": 24}, chances | line),
        (_MARK | {"thickness": 4, "size": 18}, under | middle | shown),
        ({"type": "point", "opacity": 0, "size": 300, "yOffset": _BAR}, {"y": _ROW | {"axis": None}} | middle | shown),
    ]
    drawn = [{"mark": mark, "encoding": encoding} for mark, encoding in layers] + _arrows(rows, x, shown)
    # One layer around them all: data at the top of a chart is taken for a table and costs several times as much.
    inner = {"data": {"values": rows}, "layer": drawn, "resolve": {"axis": {"y": "independent"}}}
    fit = {"type": "fit-x", "contains": "padding"}  # rows keep their height, whatever room the scale takes
    return {"height": PITCH * len(bars), "autosize": fit, "layer": [inner], "config": {"view": {"stroke": None}}}


def _domain(bars: Sequence[LandingBar]) -> tuple[float, float]:
    """From the lowest to the highest end and some room, around the plan and never far from it."""
    low = min(_NARROWEST[0], *(bar.low for bar in bars))
    high = max(_NARROWEST[1], *(bar.high for bar in bars))
    room = (high - low) * _ROOM
    return max(_WIDEST[0], low - room), min(_WIDEST[1], high + room)


def _row(at: int, bar: LandingBar, chance: str, low: float, high: float) -> dict[str, Any]:
    def inside(value: float) -> float:
        return min(max(value, low), high)

    beyond = "left " * (bar.low < low) + "right" * (bar.high > high)
    ends = {"low": inside(bar.low), "middle": inside(bar.middle), "high": inside(bar.high)}
    words = {
        "name": bar.name,
        "detail": bar.detail,
        "chance": f"{chance} {bar.chance}",
        "status": bar.status,
        "role": bar.role,
    }
    return {"row": at, "beyond": beyond, **ends, **words}


def _words(texts: Sequence[str], look: dict[str, Any], right: bool = False) -> dict[str, Any]:
    """The rows from top to bottom, with ``texts`` as labels inside the chart."""
    side = "right" if right else "left"
    axis = {
        "title": None,
        "orient": side,
        "labelAlign": side,
        "labelExpr": f"{json.dumps(texts, ensure_ascii=False)}[datum.value]",
        "labelPadding": 0,
        "labelLimit": 0,
        "labelColor": TEXT,
        "domain": False,
        "ticks": False,
        "grid": False,
        "zindex": 1,
        **look,
    }
    return _ROW | {"axis": axis}


def _plan(plan: str, low: float, high: float, x: dict[str, Any]) -> dict[str, Any]:
    """The plan by its word, and as many round percentages around it as there is room for."""
    step = next((step for step in (0.05, 0.1, 0.2) if (high - low) / step <= _TICKS), 0.25)
    marks = [1 + step * count for count in range(-10, 11) if low < 1 + step * count < high]
    word = json.dumps(plan, ensure_ascii=False)
    axis = {
        "title": None,
        "orient": "top",
        "values": marks,
        "labelExpr": f"abs(datum.value - 1) < 1e-9 ? {word} : format(datum.value, '.0%')",
        "labelFontSize": 12,
        "labelColor": TEXT,
        "labelOpacity": 0.8,
        "domain": False,
        "ticks": False,
        "grid": False,
    }
    return {"datum": 1, **x, "axis": axis}


def _arrows(rows: Sequence[dict[str, Any]], x: dict[str, Any], shown: dict[str, Any]) -> list[Spec]:
    """Arrows at the edge for ranges that go on beyond it."""
    layers = []
    for side, field in (("left", "low"), ("right", "high")):
        if values := [row for row in rows if side in row["beyond"]]:
            mark = {"type": "point", "shape": f"triangle-{side}", "filled": True, "size": 110, "yOffset": _BAR}
            y = {"field": "row", "type": "ordinal", "axis": None}
            layers.append(
                {"data": {"values": values}, "mark": mark, "encoding": {"y": y, "x": {**x, "field": field}, **shown}}
            )
    return layers
