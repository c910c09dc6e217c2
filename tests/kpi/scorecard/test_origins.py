import pytest

from kpi.catalogue.models import OverTime
from kpi.facts import Fact, Scenario
from kpi.periods import Period
from kpi.scorecard.origins import (
    cells_read,
    effective_facts,
    facts_read,
    measures_behind,
    quarters_behind,
    quarters_of,
    subtree,
)
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


@pytest.mark.parametrize(
    ("window", "over_time", "covered"),
    [
        (Window.QUARTER, OverTime.SUM, ("2026Q3",)),
        (Window.YTD, OverTime.SUM, ("2026Q1", "2026Q2", "2026Q3")),
        (Window.YTD, OverTime.LAST, ("2026Q3",)),
        (Window.YEAR, OverTime.AVERAGE, ("2026Q1", "2026Q2", "2026Q3", "2026Q4")),
        (Window.YEAR, OverTime.LAST, ("2026Q4",)),
        (Window.ROLLING4, OverTime.SUM, ("2025Q4", "2026Q1", "2026Q2", "2026Q3")),
    ],
)
def test_a_window_covers_its_quarters_and_a_level_the_last_of_them(
    window: Window, over_time: OverTime, covered: tuple[str, ...]
) -> None:
    assert list(map(str, quarters_of(window, Period.parse("2026Q3"), over_time))) == list(covered)


def test_each_component_is_read_at_its_own_moment_through_derivations_too() -> None:
    mean = component("mean_staff", "average", derived_from=[{"component": "staff", "at": "opening"}])
    rate = kpi("rate", version("leavers", "mean_staff + prior_year:leavers"))
    known = catalogue([rate], [mean, component("staff", "stock")])
    cells = cells_read(rate, rate.current, known, Period.parse("2026Q1"), Window.QUARTER)
    actual = {(measure, str(period)) for measure, scenario, period in cells if scenario is Scenario.ACTUAL}
    assert actual == {
        ("rate", "2026Q1"),
        ("leavers", "2026Q1"),
        ("leavers", "2025Q1"),
        ("mean_staff", "2026Q1"),
        ("staff", "2025Q4"),
    }
    assert ("leavers", Scenario.PLAN, Period.parse("2026")) in cells
    assert ("leavers", Scenario.RESTATED, Period.parse("2026Q1")) in cells


CLAIMS = kpi("claims_paid", version("claims"))
CELLS = cells_read(CLAIMS, CLAIMS.current, catalogue([CLAIMS]), Period.parse("2026Q3"), Window.QUARTER)


def test_only_cells_that_were_read_count_and_a_years_plan_only_without_the_quarters() -> None:
    facts = [
        at("n1"),
        at("n1", period="2026Q2"),
        at("n1", measure="premium"),
        at("n1", "plan"),
        at("n1", "plan", "2026"),
        at("n2", "plan", "2026"),
    ]
    assert facts_read(facts, CELLS, TREE, "north") == [facts[0], facts[3], facts[5]]


def test_a_finished_plan_from_above_is_shown_and_nothing_else_of_there() -> None:
    facts = [
        at("n1"),
        at("head"),
        at("head", "plan", measure="claims_paid"),
        at("south", "plan", measure="claims_paid"),
    ]
    assert facts_read(facts, CELLS, TREE, "n1", ("claims_paid", "head")) == [facts[0], facts[2]]
    assert facts_read(facts, CELLS, TREE, "n1") == [facts[0]]
