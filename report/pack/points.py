"""What a forecast adds to the points of a chart."""

from collections.abc import Callable, Iterator, Sequence

from forecast.records import KpiForecast, ScoreForecast
from report.pack.document import Point


def forecast_points(
    ahead: Sequence[KpiForecast | ScoreForecast], latest: Point | None, series: str, write: Callable[[float], str]
) -> Iterator[Point]:
    """P50 with P10 and P90 of the periods ``ahead``, from the ``latest`` known point on where they follow it, so that
    the lines meet. ``series`` is the name of the line, ``write`` says an amount in base units."""
    if ahead and latest is not None and latest.quarter == str(ahead[0].period.shift(-1)):
        yield latest.model_copy(update={"role": "forecast", "low": latest.amount, "high": latest.amount})
    for row in ahead:
        yield Point(
            quarter=str(row.period),
            role="forecast",
            series=series,
            amount=row.p50,
            text=f"{write(row.p50)} ({write(row.p10)} – {write(row.p90)})",
            low=row.p10,
            high=row.p90,
        )
