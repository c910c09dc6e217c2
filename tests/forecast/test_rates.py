from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from forecast.rates import Rates, Summand, rates_of
from forecast.series import SeriesPanel
from forecast.windows import Floats
from kpi.catalogue.models import Catalogue, Direction, Kpi, Term
from kpi.periods import FiscalCalendar
from tests.forecast.branches import panel
from tests.forecast.builders import catalogue, component, kpi
from tests.forecast.rates import scorecard

HIGHER = Direction.HIGHER_BETTER
ONES = np.ones(12)


def rates(given: SeriesPanel, *kpis: str, known: Catalogue | None = None) -> Rates:
    return rates_of(given, known or catalogue(), scorecard(*kpis), FiscalCalendar())


def with_kpis(*further: Kpi, **changed: object) -> Catalogue:
    base = catalogue()
    components = tuple(each for each in base.components if each.code not in changed)
    return base.model_copy(update={"kpis": (*base.kpis, *further), "components": (*components, *changed.values())})


def test_a_rate_is_numerator_over_denominator_where_both_are_known_and_there_is_something_to_divide_by() -> None:
    claims = {("claims", "a"): 3.0 * ONES, ("standard_premium", "a"): np.where(np.arange(12) == 5, 0.0, 4.0)}
    missing = {("claims", "a"): np.arange(12) >= 3}

    found = rates(panel(claims, missing), "loss_ratio")

    assert found.ids == (("claims", "a"),)
    assert found.kpis == ("loss_ratio",)
    assert found.present[0].tolist() == [False] * 3 + [True, True, False] + [True] * 6
    assert set(found.values[0][found.present[0]]) == {0.75}
    assert set(found.values[0][~found.present[0]]) == {0.0}
    assert not found.bounded[0]


def test_only_kpis_that_divide_one_actual_quantity_have_a_rate_and_only_where_both_sides_are() -> None:
    growth = kpi("growth", "claims", "claims", HIGHER).model_copy(deep=True)
    (version,) = growth.versions
    two = (Term(component="claims"), Term(component="claims", factor=Decimal(-1), at="prior_year"))
    growth = growth.model_copy(update={"versions": (version.model_copy(update={"numerator": two}),)})
    given = panel({("standard_premium", "a"): ONES, ("claims", "a"): ONES, ("claims", "b"): ONES})

    found = rates(given, "premium_attainment", "growth", "loss_ratio", known=with_kpis(growth))

    assert found.ids == (("claims", "a"),)


def test_a_share_of_a_whole_is_bounded_unless_some_org_unit_ever_had_more() -> None:
    sides = {("cases", unit): 10.0 * ONES for unit in "ab"} | {("cases_in_time", unit): 9.0 * ONES for unit in "ab"}

    assert rates(panel(sides), "in_time_rate").bounded.tolist() == [True, True]
    sides["cases_in_time", "b"] = np.where(np.arange(12) == 2, 11.0, 9.0)
    assert rates(panel(sides), "in_time_rate").bounded.tolist() == [False, False]


@pytest.mark.parametrize("order", [("loss_ratio", "claims_a_case"), ("claims_a_case", "loss_ratio")])
def test_of_two_kpis_with_one_numerator_the_first_in_the_scorecard_has_the_rate(order: tuple[str, str]) -> None:
    known = with_kpis(kpi("claims_a_case", "claims", "cases", HIGHER))
    given = panel({(code, "a"): ONES for code in ("claims", "cases", "standard_premium")})

    assert rates(given, *order, known=known).kpis == order[:1]


def test_of_two_quantities_that_are_each_others_denominator_the_first_kpis_numerator_follows() -> None:
    known = with_kpis(kpi("cover", "standard_premium", "claims", HIGHER))
    given = panel({(code, "a"): ONES for code in ("claims", "standard_premium")})

    assert rates(given, "loss_ratio", "cover", known=known).ids == (("claims", "a"),)
    assert rates(given, "cover", "loss_ratio", known=known).ids == (("standard_premium", "a"),)


def test_a_denominator_that_is_a_numerator_elsewhere_stands_before() -> None:
    """Agents licensed of agents, agents a case: whatever their codes and places in the scorecard."""
    known = with_kpis(kpi("agents_a_case", "agents", "cases", HIGHER))
    given = panel({(code, "a"): ONES for code in ("agents", "agents_licensed", "cases")})

    found = rates(given, "licence_rate", "agents_a_case", known=known)

    assert [code for code, _ in found.ids] == ["agents", "agents_licensed"]


def average(cut: bool = False) -> Catalogue:
    """Licensed agents of the average of agents over a quarter."""
    half = Decimal("0.5")
    terms = (Term(component="agents", factor=half), Term(component="agents", factor=half, at="opening"))
    derived = component("average_agents", kind="average", unit="piece", derived_from=terms, may_be_negative=cut)
    return with_kpis(kpi("licensed", "agents_licensed", "average_agents", HIGHER), average_agents=derived)


def test_a_derived_denominator_is_made_of_its_parts_with_the_quarter_before() -> None:
    agents: Floats = np.arange(10.0, 22.0)
    given = panel({("agents", "a"): agents, ("agents_licensed", "a"): ONES})

    found = rates(given, "licensed", known=average())

    assert found.below == ((Summand(0, 0.5, 0), Summand(0, 0.5, 1)),)
    assert found.present[0].tolist() == [False] + [True] * 11
    assert found.values[0, 1:].tolist() == (1.0 / (agents[1:] - 0.5)).tolist()


def test_what_could_fall_below_zero_divides_nothing_here() -> None:
    given = panel({("agents", "a"): ONES, ("agents_licensed", "a"): ONES})

    assert rates(given, "licensed", known=average(cut=True)).ids == ()


def test_the_definition_in_force_in_the_first_quarter_ahead_counts() -> None:
    """Twelve quarters from 2015 on: the next one is the first of 2018."""
    (old,) = kpi("changing", "claims", "standard_premium", HIGHER).versions
    new = old.model_copy(update={"effective_from": date(2018, 1, 1), "denominator": (Term(component="cases"),)})
    changing = kpi("changing", "claims", "cases", HIGHER).model_copy(update={"versions": (old, new)})
    given = panel({(code, "a"): ONES for code in ("claims", "cases", "standard_premium")})

    found = rates(given, "changing", known=with_kpis(changing))

    assert given.ids[found.below[0][0].row] == ("cases", "a")
