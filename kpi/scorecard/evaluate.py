"""A KPI over all org units and quarters: add both sides first, divide last."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    window_last,
    window_sum,
)
from kpi.scorecard.terms import Column, Read, combine, with_derived


@dataclass(frozen=True)
class Grid:
    """Both sides of a KPI, (..., org unit, quarter): ``value = numerator / 10**e / (denominator / 10**d)``.

    ``present`` of ``expected`` own cells lie beneath each value; ``defined`` is where there is one.
    """

    numerator: Column
    denominator: Column | None
    present: Counts
    expected: Counts

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
class _Side:
    column: Column
    count: Counts
    expected: Counts

    def over(self, window: Window, first: Period, how: OverTime) -> Column:
        """The side joined over the window."""
        join = window_last if how is OverTime.LAST else window_sum
        return Column(join(self.column.values, window, first), self.column.present, self.column.exponent)


def _rolled(column: Column, expected: Mask, tree: Tree, additive: bool) -> _Side:
    if additive:
        values, count, wanted = roll_up(column.values, column.present, expected, tree)
    else:
        values, count = np.where(column.present, column.values, 0), column.present.astype(np.int64)
        wanted = (column.present | expected).astype(np.int64)
    return _Side(Column(values, count > 0, column.exponent), count, wanted)


def _same_cells(own: Column, against: _Side, mask: Mask, tree: Tree, additive: bool, beyond: Mask) -> _Side:
    """The plan to hold against an actual: over the same own cells wherever the actual is incomplete.

    Where the actual is complete (or the quarter lies ``beyond`` the actuals) the whole plan counts, wherever in the
    tree it was set. Where a quarter has no actual at all the plan has nothing to be compared with.
    """
    nothing = np.zeros_like(own.present)
    whole = _rolled(own, nothing, tree, additive)
    masked = _rolled(Column(own.values, own.present & mask, own.exponent), nothing, tree, additive)
    full = beyond | (against.count >= against.expected)
    usable = np.where(full, whole.count > 0, (masked.count == against.count) & (against.count > 0))
    values = np.where(usable, np.where(full, whole.column.values, masked.column.values), 0)
    count = np.where(full, whole.count, masked.count)
    return _Side(Column(values, usable, own.exponent), count, count)


class Evaluation:
    """One KPI version on one set of component columns, rolled up by quarter once and windowed on demand."""

    def __init__(
        self, version: KpiVersion, read: Read, tree: Tree, quarters: tuple[Period, ...], last: int, additive: bool
    ) -> None:
        """``read`` gives component columns; ``last`` is the position of the last quarter with actual data;
        ``additive`` says whether org units may be added (:func:`is_additive`)."""
        self.version, self.tree, self.first = version, tree, quarters[0]
        self.last, self.additive = last, additive
        self.shape = (len(tree.units), len(quarters))
        self._read = read
        self._actual: tuple[_Side, _Side | None, Mask] | None = None

    @property
    def _beyond(self) -> Mask:
        return np.broadcast_to(np.arange(self.shape[1]) > self.last, self.shape)

    def _sides(self, scenario: Scenario, mask: Mask | None) -> tuple[_Side, _Side | None, Mask] | None:
        version = self.version
        top = combine(version.numerator, self._read, scenario)
        planned = version.compares_with_plan and scenario is not Scenario.PLAN
        bottom_terms: tuple[Term, ...] = () if planned else version.denominator
        bottom = combine(bottom_terms, self._read, scenario) if bottom_terms else None
        if top is None or (bottom_terms and bottom is None):
            return None
        joint = top.present if bottom is None else top.present & bottom.present
        if mask is not None:
            joint = joint & mask
        expected = expected_cells(joint, self.last)
        upper = _rolled(Column(top.values, joint, top.exponent), expected, self.tree, self.additive)
        if bottom is not None:
            return (
                upper,
                _rolled(Column(bottom.values, joint, bottom.exponent), expected, self.tree, self.additive),
                joint,
            )
        if not planned:
            return upper, None, joint
        plan = combine(version.denominator, self._read, scenario)
        if plan is None:
            return None
        lower = _same_cells(plan, upper, joint, self.tree, self.additive, self._beyond)
        both = upper.column.present & lower.column.present
        upper = _Side(
            Column(np.where(both, upper.column.values, 0), both, upper.column.exponent),
            np.where(both, upper.count, 0),
            upper.expected,
        )
        return upper, lower, joint

    def actual(self, window: Window) -> Grid | None:
        """Actual values; None when a component has no data at all."""
        if self._actual is None:
            self._actual = self._sides(Scenario.ACTUAL, None)
        return None if self._actual is None else self._windowed(self._actual[0], self._actual[1], window)

    def plan(self, window: Window, comparable: bool) -> Grid | None:
        """The same formula on plan facts.

        ``comparable``: over the same cells as the actual, so that both may be compared; otherwise the whole plan.
        """
        top = combine(self.version.numerator, self._read, Scenario.PLAN)
        if top is None or self.version.compares_with_plan:
            return None
        bottom = combine(self.version.denominator, self._read, Scenario.PLAN) if self.version.denominator else None
        if self.version.denominator and bottom is None:
            return None
        joint = top.present if bottom is None else top.present & bottom.present
        sides = [Column(side.values, joint, side.exponent) for side in (top, bottom) if side is not None]
        rolled = [self.planned(side, comparable) for side in sides]
        return self._windowed(rolled[0], rolled[1] if len(rolled) > 1 else None, window)

    def planned(self, own: Column, comparable: bool) -> _Side:
        """A plan column rolled up, over the cells of the actual if ``comparable``."""
        actual = self._actual if self._actual is not None else self._sides(Scenario.ACTUAL, None)
        if not comparable or actual is None:
            return _rolled(own, np.zeros_like(own.present), self.tree, self.additive)
        return _same_cells(
            own, actual[0], actual[2], self.tree, self.additive, self._beyond | (actual[0].expected == 0)
        )

    def _windowed(self, top: _Side, bottom: _Side | None, window: Window) -> Grid:
        how = self.version.over_time
        filled = (top.count > 0).astype(np.int64)
        held = window_sum(filled, window, self.first)
        numerator = top.over(window, self.first, how)
        denominator = bottom.over(window, self.first, how) if bottom is not None else None
        if how is OverTime.AVERAGE and denominator is None:
            denominator = Column(held, held > 0)
        if how is OverTime.SUM_OVER_AVERAGE:
            times = held.astype(object) if numerator.values.dtype == object else held
            numerator = Column(numerator.values * times, numerator.present, numerator.exponent)
        join = window_last if how is OverTime.LAST else window_sum
        defined = window_last(filled, window, self.first) > 0
        if window in (Window.YEAR, Window.ROLLING4) and how is not OverTime.LAST:
            defined = held == QUARTERS
        return Grid(
            Column(numerator.values, defined, numerator.exponent),
            denominator,
            join(top.count, window, self.first),
            join(top.expected, window, self.first),
        )


def evaluate_arrays(
    version: KpiVersion,
    catalogue: Catalogue,
    columns: Mapping[tuple[str, Scenario], Column],
    tree: Tree,
    quarters: tuple[Period, ...],
    window: Window,
) -> Grid | None:
    """A KPI on any component arrays, such as sample paths (sample, org unit, quarter) of float64.

    Every quarter counts as known. Returns None when a component is missing altogether. Numbers of the grid are
    scaled by their columns' exponents.
    """
    read = with_derived(lambda component, scenario: columns.get((component, scenario)), catalogue)
    additive = is_additive(version, catalogue)
    return Evaluation(version, read, tree, quarters, len(quarters) - 1, additive).actual(window)


def quotient(grid: Grid) -> Cells:
    """Float values of a grid of sample paths; NaN where undefined or over zero."""
    top = grid.numerator.values / float(10**grid.numerator.exponent)
    if grid.denominator is not None:
        below = grid.denominator.values / float(10**grid.denominator.exponent)
        top = np.divide(top, below, out=np.full(np.broadcast(top, below).shape, np.nan), where=below != 0)
    return np.where(grid.defined, top, np.nan)
