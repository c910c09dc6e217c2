"""The line of anchors with the point that a score was read off."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from kpi.scorecard.scoring import anchor_score
from kpi.scorecard.template import AnchorScoring
from report.charts import ROLES, Spec, value_axis

_MARGIN = Decimal("0.12")  # how far the picture reaches beyond the outer points, as a share of what lies between them
_BESIDE = Decimal("1e-9")  # how near an outer anchor the line is drawn that leads away from it, be it over a cliff
_QUIET = "#8A97A3"  # readable on both backgrounds, for what has no role
_COLOUR = {"field": "role", "type": "nominal", "scale": {"domain": list(ROLES)}, "legend": None}
_DASHED = {"type": "rule", "strokeDash": [3, 3], "color": _QUIET, "opacity": 0.9}


def anchor_line(
    scoring: AnchorScoring, x: Decimal, role: str, label: str, title: str, axis: tuple[bool, float, str]
) -> Spec:
    """Scores over what is scored, an anchor a dot, and the score at ``x`` as a larger one in the colour of ``role``.

    ``label`` is written beside that, ``title`` under the axis; ``axis`` is how :meth:`report.format.Format.axis` labels
    it.
    """
    anchors = [at for at, _ in sorted(scoring.points)]
    span = max(anchors[-1], x) - min(anchors[0], x)
    low, high = min(anchors[0], x) - span * _MARGIN, max(anchors[-1], x) + span * _MARGIN
    beside = span * _BESIDE
    line = [low, anchors[0] - beside, *anchors, anchors[-1] + beside, high]
    where = {
        "x": {
            "field": "x",
            "type": "quantitative",
            "axis": value_axis(*axis) | {"title": title, "grid": False},
            "scale": {"domain": [float(low), float(high)], "nice": False},
        },
        "y": {"field": "score", "type": "quantitative", "axis": value_axis(False, 1, "")},
    }
    left = x > (low + high) / 2
    rising = anchor_score(high, scoring) >= anchor_score(low, scoring)
    text = {
        "type": "text",
        "align": "right" if left else "left",
        "dx": -11 if left else 11,
        "dy": -12 if left == rising else 14,  # beside the line, not upon it
        "fontSize": 13,
    }
    point = [{**_at(x, scoring, role), "floor": 0.0, "edge": float(low), "label": label}]
    drawn = where | {"color": _COLOUR}
    layers: list[tuple[Sequence[Any], dict[str, Any], dict[str, Any]]] = [
        (_all(line, scoring), {"type": "line", "strokeWidth": 2}, drawn),
        (point, _DASHED, where | {"y2": {"field": "floor"}}),
        (point, _DASHED, where | {"x2": {"field": "edge"}}),
        (_all(anchors, scoring), {"type": "point", "filled": True, "size": 45, "opacity": 1}, drawn),
        (point, {"type": "point", "filled": True, "size": 150, "opacity": 1}, drawn),
        (point, {**text, "fontWeight": 600}, where | {"text": {"field": "label", "type": "nominal"}}),
    ]
    return {
        "height": 190,
        "layer": [
            {"data": {"values": values}, "mark": mark, "encoding": encoding} for values, mark, encoding in layers
        ],
        "config": {"view": {"stroke": None}, "text": {"color": _QUIET}},
    }


def _at(x: Decimal, scoring: AnchorScoring, role: str) -> dict[str, float | str]:
    return {"x": float(x), "score": float(anchor_score(x, scoring)), "role": role}


def _all(places: Iterable[Decimal], scoring: AnchorScoring) -> list[dict[str, float | str]]:
    return [_at(x, scoring, "actual") for x in places]
