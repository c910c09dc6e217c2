"""Periods that are told by a number alone: 3 below 季度 is the third quarter."""

from kpi.intake.grid import Cell
from kpi.intake.labels import folded
from kpi.intake.numbers import read_number
from kpi.intake.period_text import PeriodParts, period_of_number
from kpi.periods import PERIODS_PER_YEAR, Grain

_COUNTED = {
    **dict.fromkeys(("季度", "季", "quarter", "qtr", "q"), Grain.QUARTER),
    **dict.fromkeys(("月份", "月", "month", "mth"), Grain.MONTH),
}


def counted_period(heading: Cell | None, cell: Cell) -> PeriodParts | None:
    """A bare 1 to 4 below 季度, or 1 to 12 below 月份; elsewhere 202609 and the like, written as text."""
    grain = _COUNTED.get(folded(heading.text)) if heading else None
    number = read_number(cell)
    if number is None or number.value != int(number.value):
        return None
    if grain is None:
        return period_of_number(number.value)
    if number.value > PERIODS_PER_YEAR[grain]:
        return period_of_number(number.value)
    inside = 1 <= number.value <= PERIODS_PER_YEAR[grain]
    return PeriodParts(None, grain, int(number.value)) if inside else None
