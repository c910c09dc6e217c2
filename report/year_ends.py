"""How each objective ends the year: as it came where the year is over, otherwise as the newest run expects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from forecast.records import ScoreForecast
from kpi.scorecard.results import Scorecard, Status, Window
from kpi.scorecard.status import status_of_part
from kpi.scorecard.template import ScorecardTemplate


@dataclass(frozen=True)
class YearEnd:
    """The status of an objective's score at year-end: that of the median of the paths where it is a ``forecast``."""

    status: Status = Status.NONE
    score: Decimal | None = None
    forecast: ScoreForecast | None = None


def year_ends(
    template: ScorecardTemplate, year: int, rows: Iterable[ScoreForecast], came: Scorecard | None
) -> Mapping[str, YearEnd]:
    """The year-end of every objective. ``came`` is the scorecard of the whole year where it is over, ``rows`` are the
    expected scores of the org unit; without either there is no status."""
    if came is not None:
        return {part.code: YearEnd(part.status, part.score.amount) for part in came.objectives}
    found = {
        row.code: row
        for row in rows
        if row.kind == "objective" and row.window is Window.YEAR and row.period.year == year
    }
    return {o.code: _expected(found.get(o.code), template) for o in template.objectives}


def _expected(row: ScoreForecast | None, template: ScorecardTemplate) -> YearEnd:
    if row is None:
        return YearEnd()
    median = Decimal(repr(row.p50))
    return YearEnd(status_of_part(median, template), median, row)
