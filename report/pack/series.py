"""The lines of a chart, for programs that draw them themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from report.pack.document import Chart, Point, Role

Amounts = tuple[float | None, ...]


@dataclass(frozen=True)
class Series:
    """A line: its amount at each quarter of the chart, and its look; widths in points."""

    name: str
    amounts: Amounts
    colour: str
    width: float = 2.0
    dash: Literal["solid", "dash", "dot"] = "solid"
    marked: bool = False


def series_of(chart: Chart) -> tuple[Series, ...]:
    """Actual, plan, forecast and both ends of its interval, as far as there are any."""
    points = {(point.role, point.quarter): point for point in chart.points}

    def along(role: Role, name: str) -> Amounts:
        found = (points.get((role, quarter)) for quarter in chart.order)
        return tuple(None if point is None else _amount(point, name) for point in found)

    lines = (
        Series(chart.names["actual"], along("actual", "amount"), "actual", 2.25, marked=True),
        Series(chart.names["plan"], along("plan", "amount"), "plan", 1.25, "dot"),
        Series("P50", along("forecast", "amount"), "forecast", 2.0, "dash", marked=True),
        Series("P10", along("forecast", "low"), "forecast", 0.75, "dot"),
        Series("P90", along("forecast", "high"), "forecast", 0.75, "dot"),
    )
    return tuple(line for line in lines if any(amount is not None for amount in line.amounts))


def _amount(point: Point, name: str) -> float | None:
    amount: float | None = getattr(point, name)
    return amount


def largest(lines: Iterable[Series]) -> float:
    """The largest size of any amount: what an axis has to reach."""
    return max((abs(amount) for line in lines for amount in line.amounts if amount is not None), default=0.0)
