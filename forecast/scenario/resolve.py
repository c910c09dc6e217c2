"""From what a scenario says to the cells it means, and the panel that comes of it.

A change in an org unit that adds up others is spread over them as the forecast has them. A change of a KPI is carried
by the first component of its numerator that was forecast: that one moves until the KPI stands where it was put.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final, cast

from forecast.scenario.base import At, Base, amount_at
from forecast.scenario.changes import By, Change, Changes, ordered
from forecast.scenario.refusals import (
    below_zero,
    contradictory,
    no_lever,
    nothing_to_change,
    overlapping,
    unknown_driver,
)
from kpi.catalogue.models import Term
from kpi.periods import Period
from kpi.scorecard.exact import WIDE
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Value, Window
from kpi.scorecard.values import KpiView

_NEAR: Final = Decimal("1e-6")  # of a KPI's value: far more than rounding the carrying cells moves it

Cells = dict[str, dict[At, Decimal]]


@dataclass(frozen=True)
class Resolved:
    """A scenario worked out: ``panel`` with its values in place of the medians, ``cells`` what was changed, by
    component, and ``carriers`` the component that carries each change of a KPI."""

    panel: Panel
    cells: Cells
    carriers: Mapping[Change, str]


@dataclass
class _Work:
    base: Base
    cells: Cells = field(default_factory=dict)
    owner: dict[tuple[str, At], Change] = field(default_factory=dict)
    carriers: dict[Change, str] = field(default_factory=dict)

    def put(self, change: Change, component: str, cells: Mapping[At, Decimal]) -> None:
        """Note new values. Raises Refused when another change has said something of one of them, or it is negative and
        may not be."""
        for at, value in cells.items():
            if (component, at) in self.owner:
                raise overlapping(self.owner[component, at], change, component)
            if value < 0 and not self.base.panel.catalogue.component[component].may_be_negative:
                raise below_zero(change, component)
            self.owner[component, at] = change
        self.cells.setdefault(component, {}).update(cells)


def resolve(base: Base, changes: Iterable[Change]) -> Resolved:
    """The scenario of ``changes`` on ``base``; their order on the way in never matters.

    Components are changed first, KPIs upon them. Raises Refused when a change is of nothing that was forecast, two
    changes are about the same cells, a KPI cannot be moved, or two changes of KPIs deny each other.
    """
    every, catalogue = ordered(changes), base.panel.catalogue
    work = _Work(base)
    for change in every:
        if change.driver in catalogue.component:
            _change_component(work, change)
        elif change.driver not in catalogue.kpi:
            raise unknown_driver(change)
    panel = base.panel.with_actuals(work.cells) if work.cells else base.panel
    of_kpis = [change for change in every if change.driver not in catalogue.component]
    for change in of_kpis:
        panel = _change_kpi(work, panel, change)
    for change in of_kpis:
        _check_stands(base, panel, change, of_kpis)
    return Resolved(panel, work.cells, work.carriers)


def _change_component(work: _Work, change: Change) -> None:
    at = work.base.cells_of(*change.place)
    if not at:
        raise nothing_to_change(change)
    before = {each: amount_at(work.base.panel, change.driver, each) for each in at}
    if change.by is By.PERCENT:
        factor = WIDE.add(Decimal(1), change.amount)
        work.put(change, change.driver, {each: WIDE.multiply(value, factor) for each, value in before.items()})
        return
    after = spread(change.amount, before)
    if after is None:
        raise no_lever(change, change.driver)
    work.put(change, change.driver, after)


def spread(total: Decimal, before: Mapping[At, Decimal]) -> dict[At, Decimal] | None:
    """``total`` over cells in the proportions they had, to the last digit of the finest of them; what rounding leaves
    goes to the largest. None where the cells add up to zero, which is no proportion, unless there is just one."""
    if len(before) == 1:
        return dict.fromkeys(before, total)
    places = max(-int(each.as_tuple().exponent) for each in (total, *before.values()))
    goal, parts = _whole(total, places), {at: _whole(value, places) for at, value in before.items()}
    whole = sum(parts.values())
    if not whole:
        return None
    after = {at: goal * part // whole for at, part in parts.items()}
    after[max(parts, key=lambda at: (abs(parts[at]), at))] += goal - sum(after.values())
    return {at: Decimal(value).scaleb(-places, WIDE) for at, value in after.items()}


def _whole(value: Decimal, places: int) -> int:
    return int(value.scaleb(places, WIDE))


def kpi_at(panel: Panel, change: Change) -> Value:
    """The KPI of a change in its org unit and quarter."""
    return KpiView(panel, panel.catalogue.kpi[change.driver]).value(change.org_unit, change.quarter)


def aim(base: Base, change: Change) -> Decimal:
    """Where a change puts its KPI. Raises Refused where a percentage has nothing to be of."""
    if change.by is By.VALUE:
        return change.amount
    value = kpi_at(base.panel, change).amount if base.panel.at(change.quarter) is not None else None
    if value is None:
        raise nothing_to_change(change)
    return WIDE.multiply(value, WIDE.add(Decimal(1), change.amount))


def carriers(base: Base, kpi: str, org_unit: str, quarter: Period) -> Iterator[str]:
    """The components that may carry a change of a KPI, the first one first."""

    def forecast(terms: Iterable[Term]) -> Iterator[str]:
        for term in terms:
            if term.at == "closing" and term.scenario is None:
                if base.cells_of(term.component, org_unit, quarter):
                    yield term.component
                else:
                    yield from forecast(base.panel.catalogue.component[term.component].derived_from)

    return forecast(KpiView(base.panel, base.panel.catalogue.kpi[kpi]).version_at(quarter).numerator)


def _change_kpi(work: _Work, panel: Panel, change: Change) -> Panel:
    if change.org_unit not in panel.position or change.quarter not in work.base.quarters:
        raise nothing_to_change(change)
    carrier = next(carriers(work.base, *change.place), None)
    if carrier is None:
        raise nothing_to_change(change)
    at = work.base.cells_of(carrier, change.org_unit, change.quarter)
    before = {each: amount_at(panel, carrier, each) for each in at}
    doubled = panel.with_actuals({carrier: {each: 2 * value for each, value in before.items()}})
    factor = _factor(_sides(panel, change), _sides(doubled, change), aim(work.base, change))
    if factor is None:
        raise no_lever(change, carrier)
    places = max(-int(value.as_tuple().exponent) for value in before.values())
    after = {each: _scaled(value, factor, places) for each, value in before.items()}
    work.put(change, carrier, after)
    work.carriers[change] = carrier
    return panel.with_actuals({carrier: after})


def _scaled(value: Decimal, factor: Fraction, places: int) -> Decimal:
    return Decimal(round(_whole(value, places) * factor)).scaleb(-places, WIDE)


def _sides(panel: Panel, change: Change) -> tuple[Fraction, Fraction] | None:
    """Numerator and denominator of the KPI, exact; None where it has no value."""
    view = KpiView(panel, panel.catalogue.kpi[change.driver])
    grid = view.actual(view.version_at(change.quarter), Window.QUARTER)
    at = panel.position[change.org_unit], cast(int, panel.at(change.quarter))
    if grid is None or not grid.defined[at]:
        return None
    top, below = (
        Fraction(int(side.values[at]), 10**side.exponent) if side is not None else Fraction(1)
        for side in (grid.numerator, grid.denominator)
    )
    return top, below


def _factor(
    now: tuple[Fraction, Fraction] | None, doubled: tuple[Fraction, Fraction] | None, goal: Decimal
) -> Fraction | None:
    """By what the carrier has to be multiplied for the KPI to reach ``goal``: both sides are straight lines in it."""
    if now is None or doubled is None:
        return None
    aimed = Fraction(goal)
    moved = (doubled[0] - now[0]) - aimed * (doubled[1] - now[1])
    return 1 + (aimed * now[1] - now[0]) / moved if moved else None


def _check_stands(base: Base, panel: Panel, change: Change, others: Changes | list[Change]) -> None:
    aimed, value = aim(base, change), kpi_at(panel, change).amount
    if value is None or abs(value - aimed) > _NEAR * max(abs(aimed), abs(value)):
        raise contradictory(change, [other for other in others if other.quarter == change.quarter])
