"""What the explanation of a score needs from the store."""

from collections.abc import Sequence

from kpi.facts import Fact, Scenario
from kpi.periods import Grain, Period
from kpi.scorecard.origins import effective_facts, subtree
from kpi.scorecard.trace import KpiTrace
from ui import data
from ui.kept import kept
from ui.view import DataView


@kept(max_entries=100)
def _facts(
    snapshot_id: int, measures: tuple[str, ...], org_units: tuple[str, ...], periods: tuple[Period, ...]
) -> tuple[Fact, ...]:
    return tuple(data.store().snapshot_facts(snapshot_id, measures, org_units, periods))


def facts_of(view: DataView, trace: KpiTrace) -> list[Fact]:
    """The facts behind a trace, each with its cell: those of the org unit and below that count, and the plan of one
    above where that is the target."""
    measures, periods = {cell[0] for cell in trace.cells}, {cell[2] for cell in trace.cells}
    giver = trace.made_of.target.org_unit
    units = (*subtree(view.organisation, view.org_unit), *([giver] if giver else []))
    found = _facts(view.snapshot.id, tuple(sorted(measures)), units, tuple(sorted(periods)))
    read = [fact for fact in found if (fact.key.measure, fact.key.scenario, fact.key.period) in trace.cells]
    below = set(units) - ({giver} if giver != view.org_unit else set())
    inside = effective_facts((fact for fact in read if fact.key.org_unit in below), view.organisation, view.org_unit)
    given = [fact for fact in read if fact.key.org_unit == giver and giver not in below and _own_plan(fact, trace)]
    return _without_phased(inside) + given


def _own_plan(fact: Fact, trace: KpiTrace) -> bool:
    return fact.key.measure == trace.result.kpi and fact.key.scenario is Scenario.PLAN


def _without_phased(facts: Sequence[Fact]) -> list[Fact]:
    """Without the plans of a year whose quarters have plans of their own."""
    planned = {
        (fact.key.measure, fact.key.org_unit, fact.key.period.year)
        for fact in facts
        if fact.key.scenario is Scenario.PLAN and fact.key.period.grain is Grain.QUARTER
    }
    return [
        fact
        for fact in facts
        if fact.key.period.grain is Grain.QUARTER
        or (fact.key.measure, fact.key.org_unit, fact.key.period.year) not in planned
    ]
