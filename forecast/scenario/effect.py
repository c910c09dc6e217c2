"""What a scenario does to a scorecard."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, groupby
from typing import Final

import numpy as np

from forecast.scenario.base import Base
from forecast.scenario.changes import Change, Changes, ordered
from forecast.scenario.resolve import resolve
from kpi.facts import Scenario
from kpi.periods import Period
from kpi.scorecard.compute import score
from kpi.scorecard.exact import WIDE
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Reason, Scorecard, Value, Window
from kpi.scorecard.rollup import QUARTERS, roll_up
from kpi.scorecard.template import ScorecardTemplate
from kpi.scorecard.values import kpi_value

_ZERO: Final = Decimal(0)


def year_end_card(panel: Panel, template: ScorecardTemplate, org_unit: str, year: int) -> Scorecard:
    """The scorecard of the whole fiscal year."""
    return score(panel, template, org_unit, Period.quarter(year, QUARTERS), Window.YEAR)


def amount_of(panel: Panel, driver: str, org_unit: str, quarter: Period) -> Value:
    """A component or, failing that, a KPI of an org unit in a quarter alone, rolled up as every value is."""
    if driver not in panel.catalogue.component:
        return kpi_value(panel, driver, org_unit, quarter)
    column, at = panel.read(driver, Scenario.ACTUAL), panel.at(quarter)
    if column is None or at is None:
        return Value(reason=Reason.NO_DATA)
    row, values, own = panel.position[org_unit], column.values[:, [at]], column.present[:, [at]]
    if panel.catalogue.component[driver].over_units == "sum":
        values, own = roll_up(values, own, panel.tree), roll_up(own.astype(np.int64), own, panel.tree) > 0
    if not own[row, 0]:
        return Value(reason=Reason.NO_DATA)
    return Value(Decimal(int(values[row, 0])).scaleb(-column.exponent, WIDE), None, 1, 1)


def contributions(before: Scorecard, after: Scorecard) -> dict[str, Decimal]:
    """By KPI, how many points of the total it brings more than before; they add up to the change of the total, but for
    the 40th digit of a division. Empty where one of the two has no total."""
    if before.total.amount is None or after.total.amount is None:
        return {}
    points = [
        {row.kpi: WIDE.multiply(row.effective_weight, row.score.amount or _ZERO) for row in card.kpis}
        for card in (before, after)
    ]
    return {kpi: WIDE.subtract(now, points[0][kpi]) for kpi, now in points[1].items()}


@dataclass(frozen=True)
class Step:
    """The changes of one driver in one org unit, and the scorecard once they are made upon all those before them."""

    changes: Changes
    card: Scorecard


def steps(base: Base, changes: Iterable[Change], template: ScorecardTemplate, org_unit: str, year: int) -> list[Step]:
    """The way from the base to the scenario, driver by driver in the order in which they are worked out: components,
    then KPIs. The last one's card is that of the whole scenario. Raises Refused as :func:`resolve`."""
    catalogue = base.panel.catalogue

    def late(change: Change) -> tuple[bool, str, str]:
        return change.driver not in catalogue.component, change.driver, change.org_unit

    groups = [tuple(group) for _, group in groupby(sorted(ordered(changes), key=late), key=late)]
    made = accumulate(groups)
    return [
        Step(group, year_end_card(resolve(base, upto).panel, template, org_unit, year))
        for group, upto in zip(groups, made, strict=True)
    ]
