"""Which facts stand behind a KPI's value."""

from collections.abc import Iterable

from kpi.catalogue.models import Catalogue, Kpi, KpiVersion, OverTime, Term
from kpi.facts import Fact, FactKey, Scenario
from kpi.organisation import Organisation
from kpi.periods import Grain, Period
from kpi.scorecard.results import Window
from kpi.scorecard.rollup import QUARTERS
from kpi.scorecard.terms import STEPS

Cell = tuple[str, Scenario, Period]  # a measure in a scenario and a period, in any org unit


def measures_behind(kpi: Kpi, catalogue: Catalogue) -> tuple[str, ...]:
    """The KPI's own code and every component that any of its versions reads, directly or by derivation."""
    found: dict[str, None] = {kpi.code: None}

    def visit(terms: Iterable[Term]) -> None:
        for term in terms:
            if term.component not in found:
                found[term.component] = None
                visit(catalogue.component[term.component].derived_from)

    for version in kpi.versions:
        visit((*version.numerator, *version.denominator))
    return tuple(found)


def quarters_of(window: Window, quarter: Period, over_time: OverTime = OverTime.SUM) -> tuple[Period, ...]:
    """The quarters that a value of ``window`` at ``quarter`` is read from, the earliest first."""
    year = Period.quarter(quarter.year, 1)
    first, last = {
        Window.QUARTER: (quarter, quarter),
        Window.YTD: (year, quarter),
        Window.YEAR: (year, year.shift(QUARTERS - 1)),
        Window.ROLLING4: (quarter.shift(1 - QUARTERS), quarter),
    }[window]
    if over_time is OverTime.LAST:
        return (last,)
    return tuple(first.shift(step) for step in range(last.ordinal - first.ordinal + 1))


def cells_read(kpi: Kpi, version: KpiVersion, catalogue: Catalogue, quarter: Period, window: Window) -> frozenset[Cell]:
    """What a definition of ``kpi`` may read for its value and target: components at their moments, through derivations
    too, and plans and finished values of the KPI itself. Restated values count as actual ones, annual plans as plans.
    """
    found: set[Cell] = set()

    def read(measure: str, scenario: Scenario, at: Period) -> None:
        scenarios = (Scenario.ACTUAL, Scenario.RESTATED) if scenario is Scenario.ACTUAL else (scenario,)
        found.update((measure, each, at) for each in scenarios)
        if scenario is Scenario.PLAN:
            found.add((measure, scenario, Period(at.year)))

    def visit(terms: Iterable[Term], scenario: Scenario, at: Period) -> None:
        for term in terms:
            moment, given = at.shift(-STEPS[term.at]), term.scenario or scenario
            read(term.component, given, moment)
            visit(catalogue.component[term.component].derived_from, given, moment)

    for covered in quarters_of(window, quarter, version.over_time):
        for scenario in (Scenario.ACTUAL, Scenario.PLAN):
            read(kpi.code, scenario, covered)
            visit((*version.numerator, *version.denominator), scenario, covered)
    return frozenset(found)


def subtree(organisation: Organisation, org_unit: str) -> tuple[str, ...]:
    """``org_unit`` and everything below it."""
    below = [code for child in organisation.children(org_unit) for code in subtree(organisation, child.code)]
    return (org_unit, *below)


def quarters_behind(quarter: Period, window: Window) -> frozenset[Period]:
    """The quarters that a value of ``window`` covers, the one before them (opening balances) and their years' plans."""
    covered = quarters_of(window, quarter)
    return frozenset({covered[0].shift(-1), *covered, *(Period(each.year) for each in covered)})


def effective_facts(facts: Iterable[Fact], organisation: Organisation, org_unit: str) -> list[Fact]:
    """Of ``facts`` those that count for ``org_unit``: where a unit has its own fact, those below it say nothing."""
    by_key = {fact.key: fact for fact in facts}

    def overruled(key: FactKey) -> bool:
        above = [unit.code for unit in organisation.ancestors(key.org_unit)]
        inside = above[: above.index(org_unit) + 1] if org_unit in above else []
        return any(key.model_copy(update={"org_unit": unit}) in by_key for unit in inside)

    order = {unit.code: place for place, unit in enumerate(organisation.units)}
    kept = [fact for key, fact in by_key.items() if not overruled(key)]
    return sorted(
        kept, key=lambda fact: (fact.key.period, fact.key.measure, order[fact.key.org_unit], fact.key.scenario)
    )


def facts_read(
    facts: Iterable[Fact],
    cells: frozenset[Cell],
    organisation: Organisation,
    org_unit: str,
    finished: tuple[str, str] = ("", ""),
) -> list[Fact]:
    """Of ``facts`` those in ``cells`` that count for ``org_unit``, and behind them the plan that stands at an org unit
    above for the KPI itself (``finished``: KPI and org unit). The plan of a year counts where no quarter's plan does.
    """
    read = [fact for fact in facts if (fact.key.measure, fact.key.scenario, fact.key.period) in cells]
    below = set(subtree(organisation, org_unit))
    quarterly = {_of_year(fact.key) for fact in read if fact.key.period.grain is Grain.QUARTER}
    inside = [
        fact
        for fact in read
        if fact.key.org_unit in below
        and (fact.key.period.grain is Grain.QUARTER or _of_year(fact.key) not in quarterly)
    ]
    given = [
        fact
        for fact in read
        if fact.key.org_unit not in below
        and (fact.key.measure, fact.key.org_unit) == finished
        and fact.key.scenario is Scenario.PLAN
    ]
    return [*effective_facts(inside, organisation, org_unit), *given]


def _of_year(key: FactKey) -> tuple[str, str, Scenario, int]:
    return key.measure, key.org_unit, key.scenario, key.period.year
