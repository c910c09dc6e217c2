"""Annual plans spread over the quarters."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from kpi.catalogue.models import Catalogue, OverTime
from kpi.facts import Scenario
from kpi.periods import Grain, Period
from kpi.scorecard.exact import WIDE
from kpi.scorecard.template import ScorecardTemplate

Row = tuple[str, str, Period, Scenario, Decimal]
Phasing = tuple[Decimal, Decimal, Decimal, Decimal]

EVEN: Phasing = (Decimal("0.25"), Decimal("0.25"), Decimal("0.25"), Decimal("0.25"))


def phase(plan: Decimal, shares: Phasing) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """The parts of an annual amount by quarter, to the hundredth; the last quarter takes what rounding left,
    so that the parts always add up to the plan."""
    first, second, third = (WIDE.quantize(WIDE.multiply(plan, share), Decimal("0.01")) for share in shares[:3])
    rest = WIDE.subtract(plan, WIDE.add(WIDE.add(first, second), third))
    return first, second, third, rest


def phasing_by_component(template: ScorecardTemplate | None, catalogue: Catalogue) -> dict[str, Phasing]:
    """The shares that the scorecard sets for each component of its KPIs."""
    shares: dict[str, Phasing] = {}
    for entry in template.entries if template else ():
        if entry.phasing is not None:
            for term in (*catalogue.kpi[entry.kpi].current.numerator, *catalogue.kpi[entry.kpi].current.denominator):
                shares.setdefault(term.component, entry.phasing)
            shares.setdefault(entry.kpi, entry.phasing)
    return shares


def phased(rows: Iterable[Row], catalogue: Catalogue, shares: Mapping[str, Phasing]) -> Iterator[Row]:
    """``rows`` with each annual plan turned into quarter plans, where no quarter plan of that year stands.

    A flow is spread by its shares; a stock's annual plan is its plan for the year's last quarter; an average and a
    ratio hold in every quarter alike. Annual actuals are left out: they say nothing about a quarter.
    """
    annual: list[Row] = []
    planned: set[tuple[str, str, int]] = set()
    for row in rows:
        measure, unit, period, scenario, _ = row
        if period.grain is Grain.QUARTER:
            if scenario is Scenario.PLAN:
                planned.add((measure, unit, period.year))
            yield row
        elif period.grain is Grain.YEAR and scenario is Scenario.PLAN:
            annual.append(row)
    for measure, unit, period, scenario, amount in annual:
        if (measure, unit, period.year) in planned:
            continue
        kind = _kind(measure, catalogue)
        parts = phase(amount, shares.get(measure, EVEN)) if kind == "flow" else (amount,) * 4
        for quarter, part in zip(period.quarters(), parts, strict=True):
            if kind != "stock" or quarter.index == 4:
                yield measure, unit, quarter, scenario, part


def _kind(measure: str, catalogue: Catalogue) -> str:
    if measure in catalogue.component:
        return catalogue.component[measure].kind
    version = catalogue.kpi[measure].current
    if version.denominator or version.over_time is OverTime.AVERAGE:
        return "average"
    return "stock" if version.over_time is OverTime.LAST else "flow"
