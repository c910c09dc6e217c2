from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.scenario.base import Base, build_base
from forecast.scenario.changes import By, Change
from forecast.scenario.effect import amount_of, contributions, steps, year_end_card
from forecast.scenario.resolve import resolve, spread
from kpi.errors import Refused
from kpi.facts import Scenario
from kpi.scorecard.compute import score
from kpi.scorecard.panel import Panel
from kpi.scorecard.results import Window
from kpi.scorecard.rollup import Tree
from kpi.scorecard.values import kpi_value
from tests.forecast.scenario.builders import (
    AHEAD,
    LEAVES,
    Q3,
    Q4,
    change,
    facts,
    medians,
    small_base,
    small_panel,
    small_template,
)
from tests.kpi.scorecard.builders import fact

UNITS = ("head", "north", *LEAVES)
DRIVERS = ("premium", "claims", "agents", "premium_kpi", "loss_ratio", "heads")
amounts = st.decimals("0", "5000", places=4)
changes = st.builds(
    change,
    driver=st.sampled_from(("premium", "claims", "agents", "open_claims")),
    org_unit=st.sampled_from(UNITS),
    amount=amounts.map(str),
    by=st.sampled_from(By),
)


def value(panel: Panel, kpi: str, unit: str = "head") -> Decimal:
    amount = kpi_value(panel, kpi, unit, Q4).amount
    assert amount is not None
    return amount


def counted(panel: Panel, component: str, unit: str) -> Decimal:
    amount = amount_of(panel, component, unit, Q4).amount
    assert amount is not None
    return amount


def test_the_base_is_what_a_panel_with_the_medians_as_facts_would_be() -> None:
    """One way of a number: the very panel that actuals would make, had they come out as forecast."""
    ahead = [fact(measure, unit, "2026Q4", text) for measure, units in AHEAD.items() for unit, text in units.items()]
    come_true = small_panel([*facts(), *ahead])

    for unit in UNITS:
        for window in (Window.QUARTER, Window.YTD, Window.YEAR):
            assert score(small_base().panel, small_template(), unit, Q4, window) == score(
                come_true, small_template(), unit, Q4, window
            )


def test_without_a_change_every_number_is_the_same_to_the_last_digit() -> None:
    base = small_base()

    for said in ((), (change("premium", "head", "0", By.PERCENT), change("loss_ratio", "south", "0", By.PERCENT))):
        for unit in UNITS:
            before = year_end_card(base.panel, small_template(), unit, 2026)
            assert year_end_card(resolve(base, said).panel, small_template(), unit, 2026) == before


@given(st.decimals("-1", "20", places=6))
def test_scaling_all_premium_scales_the_premium_kpi_by_just_as_much(share: Decimal) -> None:
    base = small_base()
    scenario = resolve(base, [change("premium", "head", str(share), By.PERCENT)]).panel

    for unit in UNITS:
        assert value(scenario, "premium_kpi", unit) == value(base.panel, "premium_kpi", unit) * (1 + share)
        assert kpi_value(scenario, "premium_kpi", unit, Q3) == kpi_value(base.panel, "premium_kpi", unit, Q3)


@given(amounts)
def test_a_value_put_above_is_spread_below_without_losing_anything(total: Decimal) -> None:
    base = small_base()
    scenario = resolve(base, [change("premium", "north", str(total))]).panel

    assert counted(scenario, "premium", "north") == total
    assert counted(scenario, "premium", "n1") + counted(scenario, "premium", "n2") == total
    assert counted(scenario, "premium", "south") == Decimal(330)
    assert counted(scenario, "premium", "head") == total + 330


@given(
    st.dictionaries(st.tuples(st.integers(0, 5), st.just(0)), st.decimals("0", "1e6", places=3), min_size=1),
    st.decimals("0", "1e7", places=2),
)
def test_spreading_adds_up_and_keeps_the_proportions_to_a_digit(
    before: dict[tuple[int, int], Decimal], total: Decimal
) -> None:
    after = spread(total, before)
    whole = sum(before.values())

    if after is None:
        assert not whole
        return
    assert sum(after.values()) == total
    if whole:
        for at, part in after.items():
            assert abs(part - total * before[at] / whole) <= Decimal("0.001") * len(before)


@given(st.decimals("0.01", "3", places=4), st.sampled_from(UNITS))
def test_a_kpi_comes_out_where_it_was_put_and_its_denominator_stays(goal: Decimal, unit: str) -> None:
    base = small_base()
    scenario = resolve(base, [change("loss_ratio", unit, str(goal))])

    assert set(scenario.carriers.values()) == {"claims"}
    assert abs(value(scenario.panel, "loss_ratio", unit) - goal) < Decimal("1e-8")
    assert counted(scenario.panel, "premium", unit) == counted(base.panel, "premium", unit)


def test_a_kpi_is_moved_upon_the_components_that_were_changed() -> None:
    said = [change("premium", "head", "0.5", By.PERCENT), change("loss_ratio", "head", "0.4")]

    scenario = resolve(small_base(), said).panel

    assert abs(value(scenario, "loss_ratio") - Decimal("0.4")) < Decimal("1e-8")
    assert value(scenario, "premium_kpi") == Decimal(990)
    assert abs(counted(scenario, "claims", "head") - Decimal(396)) < Decimal("1e-6")


def test_a_component_that_is_derived_is_moved_by_what_it_is_derived_from() -> None:
    scenario = resolve(small_base(), [change("incurred_ratio", "south", "0.5")])

    assert list(scenario.carriers.values()) == ["claims"]
    assert abs(value(scenario.panel, "incurred_ratio", "south") - Decimal("0.5")) < Decimal("1e-8")
    # 165 is half of 330; the reserve rises from 5 to 7.
    assert abs(counted(scenario.panel, "claims", "south") - Decimal(163)) < Decimal("1e-6")


def test_a_stock_at_year_end_is_the_value_it_was_set_to() -> None:
    scenario = resolve(small_base(), [change("agents", "head", "100")]).panel

    card = year_end_card(scenario, small_template(), "head", 2026)
    assert card.kpis[4].value.amount == Decimal(100)


def test_known_quarters_stay_as_they_were_reported() -> None:
    base = small_base()
    scenario = resolve(base, [change("premium", "n1", "1"), change("loss_ratio", "south", "0.9")]).panel

    last = base.panel.at(Q4)
    for key, column in base.panel.columns.items():
        now = scenario.columns[key]
        assert (now.scaled(now.exponent + 2)[:, :last] == column.scaled(now.exponent + 2)[:, :last]).all()
        if key[1] is Scenario.PLAN:
            assert now is column


@settings(max_examples=40)
@given(st.lists(changes, max_size=5, unique_by=lambda each: (each.driver, each.org_unit)), st.randoms())
def test_the_order_of_changes_never_matters(said: list[Change], shuffled: object) -> None:
    base, other = small_base(), list(said)
    shuffled.shuffle(other)  # type: ignore[attr-defined]

    def outcome(of: list[Change]) -> object:
        try:
            return resolve(base, of).cells
        except Refused as refusal:
            return str(refusal)

    assert outcome(said) == outcome(other)


@settings(max_examples=40)
@given(st.lists(changes, max_size=4, unique_by=lambda each: each.driver), st.sampled_from(UNITS))
def test_what_the_kpis_bring_adds_up_to_the_change_of_the_total(said: list[Change], unit: str) -> None:
    base = small_base()
    before = year_end_card(base.panel, small_template(), unit, 2026)
    after = year_end_card(resolve(base, said).panel, small_template(), unit, 2026)

    assert before.total.amount is not None
    if after.total.amount is None:  # premium of zero leaves the ratios without a denominator
        assert contributions(before, after) == {}
    else:
        moved = sum(contributions(before, after).values())
        assert abs(moved - (after.total.amount - before.total.amount)) < Decimal("1e-20")  # as tests subtract


def test_steps_lead_from_the_forecast_to_the_scenario_components_first() -> None:
    base = small_base()
    said = [change("loss_ratio", "south", "0.4"), change("premium", "head", "700"), change("claims", "n1", "10")]

    way = steps(base, said, small_template(), "head", 2026)

    assert [step.changes[0].driver for step in way] == ["claims", "premium", "loss_ratio"]
    assert way[-1].card == year_end_card(resolve(base, said).panel, small_template(), "head", 2026)


def test_kpis_that_a_change_leaves_alone_are_not_worked_out_again() -> None:
    base = small_base()
    year_end_card(base.panel, small_template(), "head", 2026)

    scenario = resolve(base, [change("agents", "n1", "50")]).panel

    taken = {key[0] for key in scenario.cache}
    assert taken == {"premium_kpi", "over_plan", "loss_ratio", "incurred_ratio"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([change("premium", "n1", "5", quarter=Q3)], "no forecast of premium / n1 / 2026Q3"),
        ([change("loss_ratio", "n1", "0.5", quarter=Q3)], "no forecast of loss_ratio / n1 / 2026Q3"),
        ([change("incurred", "n1", "5")], "no forecast of incurred"),
        ([change("premium", "atlantis", "5")], "no forecast of premium / atlantis"),
        ([change("loss_ratio", "atlantis", "5")], "no forecast of loss_ratio / atlantis"),
        ([change("luck", "n1", "5")], "neither a component nor a KPI 'luck'"),
        ([change("premium", "n1", "5"), change("premium", "n1", "6")], "says two things of premium, n1, 2026Q4"),
        ([change("premium", "n1", "5"), change("premium", "north", "6")], "the same number of premium"),
        ([change("claims", "n1", "5"), change("loss_ratio", "head", "0.4")], "the same number of claims"),
        ([change("premium", "n1", "-5")], "would make premium negative"),
        ([change("premium", "head", "-1.5", By.PERCENT)], "would make premium negative"),
        ([change("loss_ratio", "n1", "-0.1")], "would make claims negative"),
        ([change("loss_ratio", "head", "0.4"), change("premium_kpi", "n1", "900")], "move each other"),
    ],
)
def test_what_cannot_be_worked_out_is_refused_in_both_languages(said: list[Change], words: str) -> None:
    with pytest.raises(Refused) as refusal:
        resolve(small_base(), said)

    assert words in refusal.value.message.en
    assert refusal.value.message.zh


def test_nothing_can_be_spread_over_forecasts_of_zero_and_no_kpi_be_moved_by_them() -> None:
    none = {**AHEAD, "claims": dict.fromkeys(LEAVES, "0")}
    base = build_base(small_panel(), medians(none))

    for said in (change("claims", "head", "7"), change("loss_ratio", "head", "0.4")):
        with pytest.raises(Refused, match="its forecast is zero"):
            resolve(base, [said])
    assert counted(resolve(base, [change("claims", "n1", "7")]).panel, "claims", "head") == Decimal(7)


def test_where_an_org_unit_reports_for_itself_a_change_below_it_says_nothing_above() -> None:
    """As with actuals: a value of its own stands in place of those below it."""
    own = {"premium": {"north": "300", "n1": "110", "south": "330"}}
    base = build_base(small_panel(), medians(own))

    assert base.cells_of("premium", "head", Q4) == tuple(
        (base.panel.position[unit], base.panel.at(Q4)) for unit in ("north", "south")
    )
    scenario = resolve(base, [change("premium", "n1", "0")]).panel
    assert counted(scenario, "premium", "head") == Decimal(630)


def test_a_reported_value_stands_where_it_was_forecast_too() -> None:
    base = build_base(small_panel([*facts(), fact("premium", "n1", "2026Q4", 1)]), medians())

    assert counted(base.panel, "premium", "n1") == Decimal(1)
    with pytest.raises(Refused, match="no forecast of premium / n1"):
        resolve(base, [change("premium", "n1", "5")])


def test_what_the_definitions_do_not_have_any_more_is_refused() -> None:
    for ahead in ({"luck": {"n1": "1"}}, {"premium": {"atlantis": "1"}}):
        with pytest.raises(Refused, match="which were forecast"):
            build_base(small_panel(), medians(ahead))


def test_only_years_that_are_forecast_to_their_end_are_offered() -> None:
    assert small_base().years == (2026,)
    assert build_base(small_panel(), medians(quarter=Q4.shift(1))).years == ()


def test_a_base_without_a_forecast_has_no_quarter_to_change() -> None:
    base: Base = build_base(small_panel(), medians({}))
    assert (base.quarters, base.years) == ((), ())
    assert isinstance(base.panel.tree, Tree)
