"""Which facts stand behind a KPI's value."""

from collections.abc import Iterable

from kpi.catalogue.models import Catalogue, Kpi, Term
from kpi.facts import Fact, FactKey
from kpi.organisation import Organisation
from kpi.periods import Period
from kpi.scorecard.results import Window


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


def subtree(organisation: Organisation, org_unit: str) -> tuple[str, ...]:
    """``org_unit`` and everything below it."""
    below = [code for child in organisation.children(org_unit) for code in subtree(organisation, child.code)]
    return (org_unit, *below)


def quarters_behind(quarter: Period, window: Window) -> frozenset[Period]:
    """The quarters that a value of ``window`` covers, the one before them (opening balances) and their year's plan."""
    first = Period.quarter(quarter.year, 1) if window is Window.YTD else quarter
    covered = {first.shift(step) for step in range(-1, quarter.ordinal - first.ordinal + 1)}
    return frozenset(covered | {Period(quarter.year)})


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
