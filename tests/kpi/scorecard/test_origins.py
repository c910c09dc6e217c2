import pytest

from kpi.facts import Fact
from kpi.periods import Period
from kpi.scorecard.origins import effective_facts, measures_behind, quarters_behind, subtree
from kpi.scorecard.results import Window
from tests.kpi.scorecard.builders import catalogue, component, kpi, organisation, version
from tests.kpi.store.builders import fact, key

TREE = organisation()


def at(unit: str, scenario: str = "actual", period: str = "2026Q3", measure: str = "claims") -> Fact:
    return fact(key(measure, unit, period, scenario), 1)


def quarters(*texts: str) -> frozenset[Period]:
    return frozenset(map(Period.parse, texts))


def test_an_org_unit_stands_before_everything_below_it() -> None:
    assert subtree(TREE, "head") == ("head", "north", "n1", "n2", "south")
    assert subtree(TREE, "n1") == ("n1",)


@pytest.mark.parametrize(
    ("quarter", "window", "behind"),
    [
        ("2026Q3", Window.YTD, ("2025Q4", "2026Q1", "2026Q2", "2026Q3", "2026")),
        ("2026Q1", Window.YTD, ("2025Q4", "2026Q1", "2026")),
        ("2026Q2", Window.ROLLING4, ("2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2", "2025", "2026")),
        ("2026Q3", Window.QUARTER, ("2026Q2", "2026Q3", "2026")),
    ],
)
def test_a_value_rests_on_its_quarters_the_opening_and_the_plan_of_the_year(
    quarter: str, window: Window, behind: tuple[str, ...]
) -> None:
    assert quarters_behind(Period.parse(quarter), window) == quarters(*behind)


def test_a_fact_of_the_org_unit_itself_overrules_those_below() -> None:
    kept = effective_facts([at("n1"), at("north"), at("n2")], TREE, "north")
    assert [fact.key.org_unit for fact in kept] == ["north"]


def test_a_fact_above_the_org_unit_that_is_shown_overrules_nothing() -> None:
    kept = effective_facts([at("head"), at("n1")], TREE, "n1")
    assert "n1" in {fact.key.org_unit for fact in kept}


def test_only_the_same_measure_period_and_scenario_is_overruled() -> None:
    facts = [
        at("north"),
        at("n1", scenario="plan"),
        at("n1", period="2026Q2"),
        at("n1", measure="premium"),
        at("n1"),
    ]
    kept = effective_facts(facts, TREE, "north")
    assert len(kept) == 4
    assert facts[4] not in kept


def test_facts_are_listed_by_period_then_measure_then_the_order_of_the_organisation() -> None:
    facts = [at("south"), at("n2"), at("n1", period="2026Q2"), at("n1", measure="agents")]
    kept = effective_facts(facts, TREE, "head")
    assert [(str(fact.key.period), fact.key.measure, fact.key.org_unit) for fact in kept] == [
        ("2026Q2", "claims", "n1"),
        ("2026Q3", "agents", "n1"),
        ("2026Q3", "claims", "south"),
        ("2026Q3", "claims", "n2"),
    ]


def test_a_kpi_reads_its_own_code_its_components_and_what_they_are_derived_from() -> None:
    derived = component("net", derived_from=[{"component": "gross"}, {"component": "ceded", "factor": "-1"}])
    known = catalogue(
        [kpi("ratio", version("paid", "gross"), version("paid", "net", effective_from="2020-01-01"))],
        [derived, component("gross"), component("ceded")],
    )
    assert measures_behind(known.kpi["ratio"], known) == ("ratio", "paid", "gross", "net", "ceded")
