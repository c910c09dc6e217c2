"""A waterfall: from one total to another, with what moved it in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

from report.charts import ROLES, Spec

_STEP = 36
_LETTERS = 24
_ROOM = 64  # pixels on both sides, for the text beside the last bar
_QUIET = "#8A97A3"
_FONT = {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 180}


@dataclass(frozen=True)
class Bar:
    """A step from ``start`` to ``end``, or with both alike a total; ``text`` is what is written beside it."""

    name: str
    start: float
    end: float
    text: str
    role: Literal["forecast", "green", "red"]


def waterfall(bars: Sequence[Bar]) -> Spec:
    """One line a bar, from top to bottom. Totals are marks and not bars from zero, so that small steps can be seen
    without bars cut short."""
    rows = [
        {
            "name": _lines(bar.name),
            "start": bar.start,
            "end": bar.end,
            "edge": max(bar.start, bar.end),
            "text": bar.text,
            "role": bar.role,
            "said": f"{bar.name} {bar.text}",
        }
        for bar in bars
    ]
    y = {
        "field": "name",
        "type": "nominal",
        "sort": [_lines(bar.name) for bar in bars],
        # Lines of neighbours touch, and the renderer would leave out what it takes to overlap.
        "axis": {
            "title": None,
            "ticks": False,
            "domain": False,
            "labelExpr": r"split(datum.label, '\n')",
            "labelLineHeight": 13,
            "labelOverlap": False,
            **_FONT,
        },
    }
    axis = {"title": None, "ticks": False, "domain": False, "tickCount": 5, **_FONT}
    x = {"type": "quantitative", "scale": {"nice": False, "zero": False, "padding": _ROOM}, "axis": axis}
    colour = {"field": "role", "type": "nominal", "scale": {"domain": list(ROLES)}, "legend": None}
    tooltip = [{"field": "said", "type": "nominal", "title": ""}]
    steps = [row for row, bar in zip(rows, bars, strict=True) if bar.start != bar.end]
    totals = [row for row, bar in zip(rows, bars, strict=True) if bar.start == bar.end]
    colours: Spec = {"color": colour, "tooltip": tooltip}
    words: Spec = {"text": {"field": "text", "type": "nominal"}}
    word = {"type": "text", "align": "left", "dx": 7, "fontSize": 12, "color": _QUIET}
    layers: list[tuple[list[Spec], Spec, Spec]] = [
        (
            steps,
            {"type": "bar", "height": 14, "cornerRadius": 3},
            {"x": {**x, "field": "start"}, "x2": {"field": "end"}, **colours},
        ),
        (totals, {"type": "tick", "thickness": 4, "size": 22, "opacity": 1}, {"x": {**x, "field": "end"}, **colours}),
        (rows, word, {"x": {**x, "field": "edge"}, **words}),
    ]
    return {
        "height": _STEP * (len(rows) + 1),
        "layer": [
            {"data": {"values": values}, "mark": mark, "encoding": {"y": y, "description": {"field": "said"}, **places}}
            for values, mark, places in layers
            if values
        ],
        "config": {"view": {"stroke": None}},
    }


def _lines(name: str) -> str:
    """A long name in lines that leave a phone room for the bars."""
    return "\n".join(wrap(name, _LETTERS))
