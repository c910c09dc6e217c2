"""The small drawings inside tables: status, attainment bar, sparkline."""

from html import escape
from itertools import groupby

from kpi.scorecard.results import Status
from report.pack.palette import palette
from report.status import SHAPE
from report.tables import BarCell, Points, SparkCell

_WIDE, _HIGH, _EDGE = 88.0, 18.0, 2.0


def signed(status: Status, word: str) -> str:
    """A status: sign, colour and word."""
    return f'<span class="status {status.value}"><span aria-hidden="true">{SHAPE[status]}</span> {escape(word)}</span>'


def bar(cell: BarCell) -> str:
    """A figure over its bar, with the target's mark."""
    filled, mark = (f"{min(1.0, max(0.0, share)) * 100:.1f}%" for share in (cell.share, cell.mark))
    track = (
        f'<div class="track" aria-hidden="true"><div class="fill {escape(cell.code)}" style="width: {filled}"></div>'
        f'<div class="mark" style="left: {mark}"></div></div>'
    )
    return f'<div class="bar"><span>{escape(cell.text)}</span>{track}</div>'


def spark(cell: SparkCell) -> str:
    """A small line chart: actual, target, forecast with its band. Nothing without a value."""
    lines = (cell.actual, cell.target, cell.forecast, cell.low, cell.high)
    known = [value for line in lines for value in line if value is not None]
    if not known:
        return ""
    low, high, colours = min(known), max(known), palette("light")
    count = max(2, len(cell.actual))

    def at(index: int, value: float) -> str:
        x = _EDGE + (_WIDE - 2 * _EDGE) * index / (count - 1)
        y = _HIGH / 2 if high == low else _EDGE + (_HIGH - 2 * _EDGE) * (high - value) / (high - low)
        return f"{x:.1f},{y:.1f}"

    def path(points: Points, colour: str, more: str) -> str:
        runs = groupby(enumerate(points), lambda each: each[1] is None)
        places = [
            [at(index, value) for index, value in run if value is not None] for missing, run in runs if not missing
        ]
        drawn = " ".join("M" + " L".join(place) for place in places if len(place) > 1)
        return f'<path d="{drawn}" fill="none" stroke="{colour}" {more}/>' if drawn else ""

    forecast = _joined(cell.actual, cell.forecast)
    band = [(index, bottom, top) for index, (bottom, top) in enumerate(zip(cell.low, cell.high, strict=True))]
    upper = [at(index, top) for index, _, top in band if top is not None]
    lower = [at(index, bottom) for index, bottom, _ in reversed(band) if bottom is not None]
    fan = f'<path d="M{" L".join(upper + lower)}Z" fill="{colours["forecast"]}" fill-opacity="0.25"/>' if upper else ""
    inner = (
        fan
        + path(cell.target, colours["plan"], 'stroke-width="1" stroke-opacity="0.7"')
        + path(forecast, colours["forecast"], 'stroke-width="1.5" stroke-dasharray="3 2"')
        + path(cell.actual, colours["actual"], 'stroke-width="1.6" stroke-linejoin="round"')
    )
    size = f'width="{_WIDE:.0f}" height="{_HIGH:.0f}" viewBox="0 0 {_WIDE:.0f} {_HIGH:.0f}"'
    named = f'class="spark" role="img" aria-label="{escape(cell.text)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {named} {size}>{inner}</svg>'


def _joined(actual: Points, forecast: Points) -> Points:
    """The forecast with the last actual before it, so that the lines meet."""
    last = max((index for index, value in enumerate(actual) if value is not None), default=-1)
    follows = 0 <= last < len(forecast) - 1 and forecast[last + 1] is not None
    return tuple(actual[index] if follows and index == last else value for index, value in enumerate(forecast))
