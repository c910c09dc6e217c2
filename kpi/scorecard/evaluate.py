"""A KPI over all org units and quarters: add both sides first, divide last."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kpi.catalogue.models import Catalogue, KpiVersion, OverTime, Term
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.results import Window
from kpi.scorecard.rollup import (
    QUARTERS,
    Cells,
    Counts,
    Mask,
    Tree,
    roll_up,
    roll_up_expected,
    window_last,
    window_sum,
)
from kpi.scorecard.terms import Column, Join, Read, combine


@dataclass(frozen=True)
class Grid:
    """Both sides of a KPI, (..., org unit, quarter): ``value = numerator / 10**e / (denominator / 10**d)``.

    ``present`` of ``expected`` own cells lie beneath each value, in ``quarters`` of its window; ``defined`` is where
    there is one.
    """

    numerator: Column
    denominator: Column | None
    present: Counts
    expected: Counts
    quarters: Counts

    @property
    def defined(self) -> Mask:
        """Where there is a value (its denominator may still be zero)."""
        return self.numerator.present


def is_additive(version: KpiVersion, catalogue: Catalogue) -> bool:
    """Whether values of org units may be added: neither the KPI nor a component of it is legal-entity only."""
    terms = (*version.numerator, *version.denominator)
    return version.over_units == "sum" and all(catalogue.component[t.component].over_units == "sum" for t in terms)


def expected_cells(present: Mask, last: int) -> Mask:
    """Own cells that should hold data: from an org unit's first report up to position ``last``."""
    started = np.logical_or.accumulate(present, axis=1)
    return started & (np.arange(present.shape[1]) <= last)


@dataclass(frozen=True)
class _Sides:
    """Both sides of a formula after roll-up, and what they rest on: the ``own`` cells, their ``count`` beneath each
    value, and how many were ``expected``."""

    top: Cells
    bottom: Cells | None
    own: Mask
    count: Counts
    expected: Counts


@dataclass(frozen=True)
class _Formula:
    """Own cells of a formula, before roll-up: both sides over the same cells."""

    top: Column
    bottom: Column | None

    @classmethod
    def of(cls, top: Column, bottom: Column | None) -> "_Formula":
        if bottom is None:
            return cls(top, None)
        joint = top.present & bottom.present
        return cls(Column(top.values, joint, top.exponent), Column(bottom.values, joint, bottom.exponent))


class Evaluation:
    """One KPI version on one set of component columns, rolled up by quarter once and windowed on demand."""

    def __init__(
        self,
        version: KpiVersion,
        read: Read,
        tree: Tree,
        quarters: tuple[Period, ...],
        last: int,
        additive: bool,
        join: Join = combine,
    ) -> None:
        """``read`` gives component columns; ``last`` is the position of the last quarter with actual data;
        ``additive`` says whether org units may be added (:func:`is_additive`). ``join`` makes one column of a
        formula's side; with :func:`~kpi.scorecard.terms.apart` grids have an axis of terms in front."""
        self.version, self.tree, self.first = version, tree, quarters[0]
        self.last, self.additive = last, additive
        self.shape = (len(tree.units), len(quarters))
        self._read, self._join = read, join

    def actual(self, window: Window) -> Grid | None:
        """Actual values; None when a component has no data at all."""
        if self._actual is None:
            return None
        formula, sides = self._actual
        if not self.version.compares_with_plan:
            return self._windowed(formula, sides, window)
        plan, planned = self._plan_beneath
        above, below = self._over_same_cells(sides, planned)
        joined = _Sides(above.top, below.top, above.own, above.count, above.expected)
        return self._windowed(_Formula(formula.top, plan.top), joined, window)

    @cached_property
    def unplanned(self) -> Mask:
        """For a KPI that is actual over plan: where there is an actual, but no plan over the same cells."""
        if self._actual is None:
            return np.zeros(self.shape, np.bool_)
        sides = self._actual[1]
        compared: Mask = self._over_same_cells(sides, self._plan_beneath[1])[0].count > 0
        return (sides.count > 0) & ~compared

    def plan(self, window: Window, given: Column | None = None) -> Grid | None:
        """The same formula on plan facts, or a plan ``given`` for the KPI itself; the whole of it, wherever in the
        tree it was set. None when there is none."""
        plan = self._plan(given)
        return None if plan is None else self._windowed(plan, self._rolled(plan), window)

    def compared(self, window: Window, given: Column | None = None) -> tuple[Grid, Grid] | None:
        """Actual and plan over the same cells, so that one may be held against the other; beyond the last quarter
        with actual data, where there is nothing to compare, the whole plan. None when either is missing altogether.

        A plan covers the actuals beneath it if they are complete, and an actual all plans beneath it. Elsewhere the
        org units below are compared and added up, without those that lack one of the two.
        """
        plan = self._plan(given)
        if plan is None or self._actual is None:
            return None
        formula, sides = self._actual
        whole = self._rolled(plan)
        above, below = self._over_same_cells(sides, whole)
        beyond = np.broadcast_to(np.arange(self.shape[1]) > self.last, self.shape)
        below = _Sides(
            np.where(beyond, whole.top, below.top),
            None if whole.bottom is None or below.bottom is None else np.where(beyond, whole.bottom, below.bottom),
            below.own,
            np.where(beyond, whole.count, below.count),
            np.where(beyond, whole.count, below.expected),
        )
        return self._windowed(formula, above, window), self._windowed(plan, below, window)

    @cached_property
    def _actual(self) -> tuple[_Formula, _Sides] | None:
        version = self.version
        bottom = () if version.compares_with_plan else version.denominator
        formula = self._formula(version.numerator, bottom, Scenario.ACTUAL)
        if formula is None:
            return None
        due = expected_cells(formula.top.present, self.last)
        plan = self._plan_beneath[0] if version.compares_with_plan else self._plan(None)
        if plan is not None:
            due = due | (plan.top.present & (np.arange(self.shape[1]) <= self.last))
        return formula, self._rolled(formula, due)

    @cached_property
    def _plan_beneath(self) -> tuple[_Formula, _Sides]:
        """The plan that stands in the denominator of a KPI that is actual over plan."""
        column = self._join(self.version.denominator, self._read, Scenario.ACTUAL)
        if column is None:
            column = Column(np.zeros(self.shape, np.int64), np.zeros(self.shape, np.bool_))
        plan = _Formula(column, None)
        return plan, self._rolled(plan)

    def _plan(self, given: Column | None) -> _Formula | None:
        if given is not None:
            return _Formula(given, None)
        if self.version.compares_with_plan:
            return None
        return self._formula(self.version.numerator, self.version.denominator, Scenario.PLAN)

    def _formula(self, above: Sequence[Term], below: Sequence[Term], scenario: Scenario) -> _Formula | None:
        top = self._join(above, self._read, scenario)
        bottom = self._join(below, self._read, scenario) if below else None
        if top is None or (below and bottom is None):
            return None
        return _Formula.of(top, bottom)

    def _rolled(self, formula: _Formula, due: Mask | None = None) -> _Sides:
        own = formula.top.present
        due = np.zeros_like(own) if due is None else due
        expected = roll_up_expected(own, due, self.tree) if self.additive else (own | due).astype(np.int64)
        return _Sides(
            self._summed(formula.top.values, own),
            None if formula.bottom is None else self._summed(formula.bottom.values, own),
            own,
            self._summed(own.astype(np.int64), own),
            expected,
        )

    def _summed(self, values: Cells, own: Mask) -> Cells:
        return roll_up(values, own, self.tree) if self.additive else np.where(own, values, 0)

    def _over_same_cells(self, actual: _Sides, plan: _Sides) -> tuple[_Sides, _Sides]:
        covered = (plan.own & (actual.count >= actual.expected)) | actual.own
        both = covered & (actual.count > 0) & (plan.count > 0)
        count = self._summed(actual.count, both)

        def restricted(sides: _Sides) -> _Sides:
            bottom = None if sides.bottom is None else self._summed(sides.bottom, both)
            return _Sides(self._summed(sides.top, both), bottom, both, count, actual.expected)

        return restricted(actual), restricted(plan)

    def _windowed(self, formula: _Formula, sides: _Sides, window: Window) -> Grid:
        how, first = self.version.over_time, self.first
        join = window_last if how is OverTime.LAST else window_sum
        filled = (sides.count > 0).astype(np.int64)
        held = window_sum(filled, window, first)
        top, bottom = join(sides.top, window, first), None
        if formula.bottom is not None and sides.bottom is not None:
            bottom = Column(join(sides.bottom, window, first), held > 0, formula.bottom.exponent)
        elif how is OverTime.AVERAGE:
            bottom = Column(held, held > 0)
        if how is OverTime.SUM_OVER_AVERAGE:
            top = top * (held.astype(object) if top.dtype == object else held)
        defined = window_last(filled, window, first) > 0
        if window in (Window.YEAR, Window.ROLLING4) and how is not OverTime.LAST:
            defined = held == QUARTERS
        return Grid(
            Column(top, defined, formula.top.exponent),
            bottom,
            join(sides.count, window, first),
            join(sides.expected, window, first),
            held,
        )


def quotient(grid: Grid) -> Cells:
    """Float values of a grid, sample paths or exact; NaN where undefined or over zero."""
    below = grid.denominator or Column(np.ones(1), np.ones(1, np.bool_))
    return np.where(grid.defined, over(grid.numerator, below), np.nan)


def over(top: Column, below: Column) -> Cells:
    """``top / below`` in floats, NaN over zero: the float nearest to the exact quotient as long as both are whole
    numbers of at most 53 bits on the finer of the two exponents."""
    exponent = max(top.exponent, below.exponent)
    above, under = (side.values.astype(np.float64) * float(10 ** (exponent - side.exponent)) for side in (top, below))
    shape = np.broadcast(above, under).shape
    result: Cells = np.divide(above, under, out=np.full(shape, np.nan), where=under != 0)
    return result
