"""Why a KPI is another than before or than planned: its parts read off a panel, for the arithmetic of contributions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from kpi.catalogue.models import KpiVersion, OverTime, Term
from kpi.periods import Period
from kpi.scorecard.contributions import Contribution, Sides, contributions, distances
from kpi.scorecard.evaluate import Grid, is_additive
from kpi.scorecard.origins import quarters_of
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Reason, Value, Window
from kpi.scorecard.rollup import QUARTERS
from kpi.scorecard.terms import Column
from kpi.scorecard.values import KpiView

Pair = tuple[Grid | None, Grid | None]


class Against(StrEnum):
    """What a value is held against."""

    LAST_QUARTER = "last_quarter"
    LAST_YEAR = "last_year"
    PLAN = "plan"


@dataclass(frozen=True)
class Change:
    """From ``before`` to ``now``, exactly, in base units.

    ``units`` are the org units below, and the org unit itself for what none of them has; ``components`` are terms of
    the formula by :func:`term_key`. Each adds up to the change; empty where there is nothing to tell apart.
    """

    now: Fraction
    before: Fraction
    ratio: bool
    units: tuple[Contribution, ...] = ()
    components: tuple[Contribution, ...] = ()

    @property
    def amount(self) -> Fraction:
        """The change."""
        return self.now - self.before


def term_key(term: Term, below: bool) -> str:
    """One term of a formula, above or below its line, whatever scenario it is read in."""
    return f"{'below' if below else 'above'}:{term.at}:{term.component}"


def explain_change(
    panel: Panel, kpi: str, org_unit: str, quarter: Period, window: Window, against: Against
) -> Change | Reason:
    """Why a KPI is another than before or than planned; or why that cannot be told.

    Against the last quarter the two quarters alone are compared, against the last year the same ``window``. Raises
    KeyError for an unknown KPI or org unit.
    """
    view = KpiView(panel, panel.catalogue.kpi[kpi])
    if against is Against.PLAN:
        return _against_plan(view, org_unit, quarter, window)
    back, window = (1, Window.QUARTER) if against is Against.LAST_QUARTER else (QUARTERS, window)
    return _against_earlier(view, org_unit, quarter, quarter.shift(-back), window)


def _against_earlier(view: KpiView, org_unit: str, quarter: Period, earlier: Period, window: Window) -> Change | Reason:
    if view.breaks_between(earlier, quarter):
        return Reason.BREAK
    if missing := _missing(view.value(org_unit, each, window) for each in (quarter, earlier)):
        return missing
    source = _Source(view)
    now, before = (_Side(source, org_unit, each, window) for each in (quarter, earlier))
    return _change(now, before)


def _against_plan(view: KpiView, org_unit: str, quarter: Period, window: Window) -> Change | Reason:
    same, goal = view.comparison(org_unit, quarter, window)
    if missing := _missing((same, goal)):
        return missing
    behind = view.plan_behind(view.version_at(quarter), org_unit, quarter, window)
    if behind is not None:
        source = _Source(view, behind)
        now, plan = (_Side(source, org_unit, quarter, window, side) for side in (0, 1))
        return _change(now, plan, by_component=behind[0] is None)
    now, target = _Side(_Source(view), org_unit, quarter, window), Fraction(goal.amount or 0)
    if now.whole is None:
        return Reason.NOT_ADDITIVE
    units = _of_several(distances(now.units, target), org_unit) if now.ratio and now.units else ()
    return Change(now.whole.value(now.ratio), target, now.ratio, units)


def _missing(values: Iterable[Value]) -> Reason | None:
    return next((value.reason or Reason.NO_DATA for value in values if value.amount is None), None)


@dataclass(frozen=True)
class _Source:
    """Grids by quarter: actual values alone, or with the plan over the same cells where one is ``behind``."""

    view: KpiView
    behind: tuple[Column | None] | None = None
    made: dict[KpiVersion, Pair] = field(default_factory=dict)

    def whole(self, version: KpiVersion) -> Pair:
        """Of a definition of the KPI, kept by the panel."""
        if self.behind is None:
            return self.view.actual(version, Window.QUARTER), None
        return self.view.compared(version, Window.QUARTER, self.behind[0]) or (None, None)

    def anew(self, version: KpiVersion) -> Pair:
        """Of any other definition, kept as long as this source."""
        if version not in self.made:
            evaluation = self.view.evaluated(version)
            if self.behind is None:
                self.made[version] = evaluation.actual(Window.QUARTER), None
            else:
                self.made[version] = evaluation.compared(Window.QUARTER, self.behind[0]) or (None, None)
        return self.made[version]


def _change(now: "_Side", before: "_Side", *, by_component: bool = True) -> Change | Reason:
    if now.whole is None or before.whole is None:
        return Reason.NOT_ADDITIVE  # only a finished ratio was reported
    if now.ratio != before.ratio:
        return Reason.BREAK
    units: tuple[Contribution, ...] = ()
    if now.units and before.units:
        units = _of_several(contributions(now.units, before.units, now.ratio), now.org_unit)
    components = contributions(now.terms, before.terms, now.ratio) if by_component else ()
    return Change(now.whole.value(now.ratio), before.whole.value(now.ratio), now.ratio, units, components)


def _of_several(parts: tuple[Contribution, ...], org_unit: str) -> tuple[Contribution, ...]:
    """``parts`` if any org unit below is among them."""
    return parts if any(each.part != org_unit for each in parts) else ()


@dataclass(frozen=True)
class _Side:
    """A KPI over one window, with the parts that make it; ``side`` 0 is what came, 1 its plan."""

    source: _Source
    org_unit: str
    quarter: Period
    window: Window
    side: int = 0

    @cached_property
    def version(self) -> KpiVersion:
        """The definition that counts."""
        return self.source.view.version_at(self.quarter)

    @property
    def ratio(self) -> bool:
        """Whether one sum is divided by another."""
        return bool(self.version.denominator)

    @property
    def panel(self) -> Panel:
        """Where all is read."""
        return self.source.view.panel

    @cached_property
    def grid(self) -> Grid | None:
        """All org units by quarter."""
        return self.source.whole(self.version)[self.side]

    @cached_property
    def whole(self) -> Sides | None:
        """The org unit's own; None without any."""
        return None if self.grid is None else self._read(self.grid, self.org_unit)

    @cached_property
    def units(self) -> dict[str, Sides]:
        """The org units below that have a value, and what the org unit has beside them; empty where org units may not
        be added."""
        if self.grid is None or self.whole is None or not is_additive(self.version, self.panel.catalogue):
            return {}
        below = (unit.code for unit in self.panel.organisation.children(self.org_unit))
        found = {code: sides for code in below if (sides := self._read(self.grid, code)) is not None}
        rest = self.whole - sum(found.values(), Sides())
        return found if rest == Sides() else found | {self.org_unit: rest}

    @cached_property
    def terms(self) -> dict[str, Sides]:
        """The terms of the formula."""
        found: dict[str, Sides] = {}
        for side, below in (("numerator", False), ("denominator", True)):
            terms: tuple[Term, ...] = getattr(self.version, side)
            for place, term in enumerate(terms):
                read = self.whole if len(terms) == 1 else self._alone(side, terms, place)
                if read is not None:
                    part = Sides(denominator=read.denominator) if below else Sides(numerator=read.numerator)
                    key = term_key(term, below)
                    found[key] = found.get(key, Sides()) + part
        return found

    def _alone(self, side: str, terms: Sequence[Term], place: int) -> Sides | None:
        """One of several terms: the others have a factor of nought, so that it is read over the same cells as all."""
        alone = tuple(each if at == place else _nought(each) for at, each in enumerate(terms))
        grid = self.source.anew(self.version.model_copy(update={side: alone}))[self.side]
        return None if grid is None else self._read(grid, self.org_unit)

    def _read(self, grid: Grid, org_unit: str) -> Sides | None:
        """Both sides over the window, in the way that the KPI joins quarters; None where no quarter has a value."""
        row, own = self.panel.position[org_unit], self.panel.position[self.org_unit]
        quarters = [at for at in self._columns if grid.defined[row, at]]
        if not quarters:
            return None
        top = sum((_exact(grid.numerator, row, at) for at in quarters), Fraction(0))
        bottom = sum((_exact(grid.denominator, row, at) for at in quarters), Fraction(0)) if self.ratio else Fraction(0)
        held = sum(1 for at in self._columns if grid.defined[own, at])
        how = self.version.over_time
        if how is OverTime.SUM_OVER_AVERAGE:
            top = top * held
        elif how is OverTime.AVERAGE and not self.ratio:
            top = top / held
        return Sides(top, bottom)

    @cached_property
    def _columns(self) -> tuple[int, ...]:
        """The places of the quarters that count."""
        covered = quarters_of(self.window, self.quarter, self.version.over_time)
        found = (self.panel.at(quarter) for quarter in covered)
        return tuple(at for at in found if at is not None)


def _nought(term: Term) -> Term:
    return term.model_copy(update={"factor": Decimal(0)})


def _exact(column: Column | None, row: int, at: int) -> Fraction:
    return Fraction(0) if column is None else Fraction(int(column.values[row, at]), 10**column.exponent)
