"""What the rest of the year must bring for the year to end exactly on target."""

from dataclasses import dataclass
from decimal import Decimal

from kpi.catalogue.models import KpiVersion, OverTime
from kpi.scorecard.exact import CONTEXT, divide
from kpi.scorecard.results import Reason, Value
from kpi.scorecard.rollup import QUARTERS


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of a KPI, added over some quarters of a year.

    A KPI without a denominator has the number of quarters in its place.
    """

    numerator: Decimal
    denominator: Decimal


def needed_rate(target: Decimal | None, known: Sides, rest: Decimal, version: KpiVersion) -> Value:
    """What each remaining quarter must bring on average, in the KPI's own unit, given the quarters ``known``.

    An amount: the part of it for one quarter. A ratio, or a rate over an average: the ratio of the quarters that
    remain, with ``rest`` the denominator that they are expected to bring. A level: the target itself, because only
    the last quarter counts. For a KPI without a denominator ``rest`` is the number of quarters that remain.

    Undefined without a target (NO_PLAN), or when the rest brings no denominator (ZERO_DENOMINATOR).
    """
    if target is None:
        return Value(reason=Reason.NO_PLAN)
    if version.over_time is OverTime.LAST:
        return Value(target)
    if not rest:
        return Value(reason=Reason.ZERO_DENOMINATOR)
    needed = CONTEXT.subtract(_numerator_of_year(target, known.denominator + rest, version), known.numerator)
    return Value(divide(needed, rest))


def _numerator_of_year(target: Decimal, denominator: Decimal, version: KpiVersion) -> Decimal:
    """The numerator of a whole year that is on target."""
    if not version.denominator and version.over_time is OverTime.SUM:
        return target
    whole = CONTEXT.multiply(target, denominator)
    return divide(whole, Decimal(QUARTERS)) if version.over_time is OverTime.SUM_OVER_AVERAGE else whole
