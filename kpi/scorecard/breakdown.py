"""What a KPI's value and target are made of, component by component, over the same cells as they themselves."""

from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np

from kpi.catalogue.models import KpiVersion, OverTime, Term
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.evaluate import Grid
from kpi.scorecard.exact import WIDE, divide
from kpi.scorecard.grids import At
from kpi.scorecard.results import Target, TargetSource, Window
from kpi.scorecard.terms import Column
from kpi.scorecard.values import KpiView


@dataclass(frozen=True, slots=True)
class Part:
    """A summand of a formula: ``amount`` holds its factor and is added up over org units and quarters."""

    term: Term
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of a formula. ``quarters`` is how many quarters of the window had data."""

    top: tuple[Part, ...]
    bottom: tuple[Part, ...]
    quarters: int
    over_time: OverTime

    @property
    def averaged(self) -> bool:
        """Whether the quotient is by the number of quarters as well: a mean of amounts, or over a mean."""
        return self.over_time is OverTime.SUM_OVER_AVERAGE or (self.over_time is OverTime.AVERAGE and not self.bottom)

    @property
    def value(self) -> Decimal:
        """The value that they make. Raises ZeroDivisionError where the lower side is zero."""
        with localcontext(WIDE):
            top, bottom = (sum((part.amount for part in side), Decimal(0)) for side in (self.top, self.bottom))
            if self.over_time is OverTime.SUM_OVER_AVERAGE:
                top *= self.quarters
        if self.bottom:
            return divide(top, bottom)
        return divide(top, Decimal(self.quarters)) if self.over_time is OverTime.AVERAGE else top


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The components of a value and of the target it is held against.

    ``value`` is None where there is none, or somebody reported it as a finished number. ``compared`` are the
    components over the cells that have a plan, None where those are the value's own. ``plan`` is None where the target
    is no sum of plan facts.
    """

    value: Sides | None
    compared: Sides | None
    plan: Sides | None
    target: Target


def breakdown(view: KpiView, org_unit: str, quarter: Period, window: Window) -> Breakdown:
    """What the value and the target of :class:`KpiView` are made of. Raises KeyError for an unknown org unit."""
    panel, version = view.panel, view.version_at(quarter)
    target, column = view.sourced_target(version, org_unit, quarter, window), panel.at(quarter)
    if column is None:
        return Breakdown(None, None, None, target)
    at = panel.position[org_unit], column
    value = _sides(view.evaluation_apart(version).actual(window), at, version)
    if target.source not in (TargetSource.FORMULA, TargetSource.GIVEN):
        return Breakdown(value, None, None, target)
    compared, plan = _against(view, version, at, window, target.source)
    return Breakdown(value, None if compared == value else compared, plan, target)


def _against(
    view: KpiView, version: KpiVersion, at: At, window: Window, source: TargetSource
) -> tuple[Sides | None, Sides | None]:
    """The value over the cells that have a plan, and that plan; without a value the whole plan."""
    evaluation = view.evaluation_apart(version)
    given = view.panel.fact_column(view.kpi.code, Scenario.PLAN) if source is TargetSource.GIVEN else None
    terms = (Term(component=view.kpi.code),) if given is not None else ()
    pair, actual = evaluation.compared(window, given), view.actual(version, window)
    has_value = actual is not None and bool(actual.defined[at])
    if pair is not None and has_value:
        return _sides(pair[0], at, version), _sides(pair[1], at, version, terms)
    ahead = pair is not None and window is not Window.YEAR and at[1] > evaluation.last
    plan = pair[1] if pair is not None and ahead else evaluation.plan(window, given)
    return None, _sides(plan, at, version, terms)


def _sides(grid: Grid | None, at: At, version: KpiVersion, terms: tuple[Term, ...] = ()) -> Sides | None:
    if grid is None or not grid.defined[at]:
        return None
    quarters, bottom = int(grid.quarters[at]), grid.denominator
    times = quarters if version.over_time is OverTime.SUM_OVER_AVERAGE else 1
    return Sides(
        _parts(terms or version.numerator, grid.numerator, at, times),
        _parts(version.denominator, bottom, at) if bottom is not None and not terms else (),
        quarters,
        version.over_time,
    )


def _parts(terms: tuple[Term, ...], column: Column, at: At, times: int = 1) -> tuple[Part, ...]:
    """The terms with their share of a column, which counts each ``times`` times."""
    numbers = np.atleast_1d(column.values[..., at[0], at[1]]).tolist()
    return tuple(
        Part(term, Decimal(number // times).scaleb(-column.exponent, WIDE))
        for term, number in zip(terms, numbers, strict=bool(terms))
    )
