"""The fan of a forecast: intervals of which each holds a share of what may come."""

from collections.abc import Sequence
from typing import Final

from forecast.records import KpiForecast
from report.charts import Row

INTERVALS: Final = (("95 %", "p2_5", "p97_5"), ("80 %", "p10", "p90"), ("50 %", "p25", "p75"))
"""Share as written and both ends, the widest first."""


def has_fan(ahead: Sequence[KpiForecast]) -> bool:
    """Whether the run kept more than the interval of 80 %."""
    return bool(ahead) and all(row.p25 is not None and row.p2_5 is not None for row in ahead)


def fan(ahead: Sequence[KpiForecast], begin: tuple[str, float] | None) -> list[Row]:
    """The rows that :func:`report.charts.history` draws as a fan, from the quarter and amount ``begin`` on where it is
    given; none where the run kept too little."""
    if not has_fan(ahead):
        return []
    start = [] if begin is None else [(begin[0], begin[1], begin[1])]
    return [
        {"quarter": quarter, "share": share, "low": below, "high": above}
        for share, low, high in INTERVALS
        for quarter, below, above in (
            *start,
            *((str(row.period), getattr(row, low), getattr(row, high)) for row in ahead),
        )
    ]
