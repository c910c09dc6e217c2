from decimal import Decimal

import pytest

from kpi.periods import FiscalCalendar, Period
from kpi.scorecard.results import Reason, Window
from kpi.scorecard.values import kpi_by_unit, kpi_series, kpi_value
from tests.kpi.scorecard.builders import catalogue, component, fact, kpi, panel, quarters, version

PREMIUM = kpi("premium_income", version("premium"))
LOSS_RATIO = kpi("loss_ratio", version("claims", "premium", direction="lower_better"))
Q1, Q2, Q3, Q4 = (Period.quarter(2026, index) for index in (1, 2, 3, 4))


def test_a_parent_without_a_fact_of_its_own_adds_up_its_children() -> None:
    facts = [fact("premium", unit, "2026Q1", value) for unit, value in (("n1", 1), ("n2", 2), ("south", 4))]
    found = panel(facts, [PREMIUM])
    assert [kpi_value(found, "premium_income", unit, Q1).amount for unit in ("head", "north", "n1")] == [7, 3, 1]


def test_a_parents_own_fact_wins_over_the_sum_of_its_children() -> None:
    facts = [fact("premium", unit, "2026Q1", 10) for unit in ("n1", "n2", "south")]
    found = panel([*facts, fact("premium", "north", "2026Q1", 21)], [PREMIUM])
    assert kpi_value(found, "premium_income", "north", Q1).amount == 21
    assert kpi_value(found, "premium_income", "head", Q1).amount == 31


def test_a_value_says_how_many_of_the_expected_cells_it_rests_on() -> None:
    facts = [fact("premium", unit, "2026Q1", 10) for unit in ("n1", "n2", "south")]
    facts += [fact("premium", "n1", "2026Q2", 5)]
    found = kpi_value(panel(facts, [PREMIUM]), "premium_income", "head", Q2)
    assert (found.amount, found.present, found.expected, found.complete) == (Decimal(5), 1, 3, False)


def test_an_org_unit_is_not_expected_before_its_first_report() -> None:
    facts = [
        fact("premium", "n1", "2026Q1", 10),
        fact("premium", "n1", "2026Q2", 10),
        fact("premium", "n2", "2026Q2", 1),
    ]
    found = panel(facts, [PREMIUM])
    assert kpi_value(found, "premium_income", "head", Q1).complete
    assert kpi_value(found, "premium_income", "head", Q2).expected == 2


def test_ratios_roll_up_as_sum_over_sum() -> None:
    facts = [fact("claims", "n1", "2026Q1", 50), fact("premium", "n1", "2026Q1", 100)]
    facts += [fact("claims", "n2", "2026Q1", 90), fact("premium", "n2", "2026Q1", 100)]
    facts += [fact("claims", "south", "2026Q1", 10), fact("premium", "south", "2026Q1", 50)]
    found = panel(facts, [LOSS_RATIO])
    assert kpi_value(found, "loss_ratio", "north", Q1).amount == Decimal("0.7")
    assert kpi_value(found, "loss_ratio", "head", Q1).amount == Decimal("0.6")


def test_both_sides_of_a_ratio_are_added_over_the_same_cells() -> None:
    facts = [
        fact("claims", "n1", "2026Q1", 50),
        fact("premium", "n1", "2026Q1", 100),
        fact("premium", "n2", "2026Q1", 900),
    ]
    found = kpi_value(panel(facts, [LOSS_RATIO]), "loss_ratio", "head", Q1)
    assert (found.amount, found.present) == (Decimal("0.5"), 1)


def test_a_zero_denominator_and_missing_data_give_reasons() -> None:
    facts = [fact("claims", "n1", "2026Q1", 5), fact("premium", "n1", "2026Q1", 0)]
    found = panel(facts, [LOSS_RATIO])
    assert kpi_value(found, "loss_ratio", "n1", Q1).reason is Reason.ZERO_DENOMINATOR
    assert kpi_value(found, "loss_ratio", "south", Q1).reason is Reason.NO_DATA
    assert kpi_value(found, "loss_ratio", "n1", Q4).reason is Reason.NO_DATA


def test_an_empty_panel_has_no_data_and_knows_its_org_units() -> None:
    empty = panel([], [LOSS_RATIO])
    assert kpi_value(empty, "loss_ratio", "head", Q1).reason is Reason.NO_DATA
    with pytest.raises(KeyError):
        kpi_value(empty, "loss_ratio", "nowhere", Q1)


def test_year_to_date_full_year_and_four_rolling_quarters() -> None:
    facts = quarters("premium", "n1", 2025, ["1", "2", "3", "4"]) + quarters("premium", "n1", 2026, ["10", "20", "30"])
    found = panel(facts, [PREMIUM])

    def at(quarter: Period, window: Window) -> Decimal | None:
        return kpi_value(found, "premium_income", "head", quarter, window).amount

    assert [at(quarter, Window.YTD) for quarter in (Q1, Q2, Q3)] == [10, 30, 60]
    assert [at(quarter, Window.ROLLING4) for quarter in (Q1, Q2, Q3)] == [19, 37, 64]
    assert at(Period.quarter(2025, 2), Window.YEAR) == 10
    assert at(Q3, Window.YEAR) is None
    assert at(Period.quarter(2025, 3), Window.ROLLING4) is None


def test_a_window_whose_last_quarter_is_missing_has_no_value() -> None:
    facts = [*quarters("premium", "n1", 2026, ["10", "20"]), fact("premium", "n1", "2026Q4", 40)]
    found = panel(facts, [PREMIUM])
    assert kpi_value(found, "premium_income", "head", Q3, Window.YTD).reason is Reason.NO_DATA
    partial = kpi_value(found, "premium_income", "head", Q4, Window.YTD)
    assert (partial.amount, partial.present, partial.expected) == (Decimal(70), 3, 4)


def test_a_ratio_over_the_year_is_sum_over_sum_of_its_quarters() -> None:
    facts = quarters("claims", "n1", 2026, ["10", "90"]) + quarters("premium", "n1", 2026, ["100", "100"])
    assert kpi_value(panel(facts, [LOSS_RATIO]), "loss_ratio", "n1", Q2, Window.YTD).amount == Decimal("0.5")


@pytest.mark.parametrize(
    ("over_time", "ytd", "rolling"), [("sum", "10", "100"), ("last", "3", "2"), ("average", "2.5", "25")]
)
def test_quarters_join_as_the_kpi_says(over_time: str, ytd: str, rolling: str) -> None:
    staff = kpi("staff", version("headcount", over_time=over_time, measure="stock"))
    facts = quarters("headcount", "n1", 2025, [1, 2, 3, 94]) + quarters("headcount", "n1", 2026, [1, 2, 4, 3])
    found = panel(facts, [staff])
    assert kpi_value(found, "staff", "head", Q4, Window.YTD).amount == Decimal(ytd)
    assert kpi_value(found, "staff", "head", Q2, Window.ROLLING4).amount == Decimal(rolling)


def test_leavers_of_the_year_stand_over_the_average_headcount() -> None:
    turnover = kpi("turnover", version("leavers", "headcount", over_time="sum_over_average", direction="lower_better"))
    facts = quarters("leavers", "n1", 2026, [9, 2, 4, 1]) + quarters("headcount", "n1", 2026, [90, 95, 105, 110])
    found = panel(facts, [turnover])
    assert kpi_value(found, "turnover", "head", Q1).amount == Decimal("0.1")
    assert kpi_value(found, "turnover", "head", Q4, Window.YEAR).amount == Decimal("0.16")


def test_opening_and_prior_year_terms_read_the_quarter_before_and_the_year_before() -> None:
    rise = kpi("rise", version("value + -opening:value"))
    grown = kpi("grown", version("premium + -prior_year:premium", "prior_year:premium"))
    facts = quarters("value", "n1", 2025, ["7", "8", "9", "10"]) + quarters("value", "n1", 2026, ["13", "11"])
    facts += quarters("premium", "n1", 2025, ["100", "200"]) + quarters("premium", "n1", 2026, ["110", "250"])
    found = panel(facts, catalogue([rise, grown], [component("value", "stock")]))
    assert [kpi_value(found, "rise", "head", quarter).amount for quarter in (Q1, Q2)] == [3, -2]
    assert kpi_value(found, "rise", "head", Q2, Window.YTD).amount == 1
    assert kpi_value(found, "rise", "head", Period.quarter(2025, 1)).reason is Reason.NO_DATA
    assert kpi_value(found, "grown", "head", Q1).amount == Decimal("0.1")
    assert kpi_value(found, "grown", "head", Q2, Window.YTD).amount == Decimal("0.2")


def test_a_component_is_derived_where_no_fact_stands_and_a_fact_wins() -> None:
    average = component(
        "average_staff",
        "average",
        derived_from=[
            {"component": "staff", "factor": "0.5"},
            {"component": "staff", "factor": "0.5", "at": "opening"},
        ],
    )
    known = catalogue([kpi("mean_staff", version("average_staff"))], [average, component("staff", "stock")])
    facts = [*quarters("staff", "n1", 2026, ["10", "13", "15"]), fact("average_staff", "n1", "2026Q3", "14.2")]
    found = panel(facts, known)
    assert kpi_value(found, "mean_staff", "n1", Q1).reason is Reason.NO_DATA
    assert kpi_value(found, "mean_staff", "n1", Q2).amount == Decimal("11.5")
    assert kpi_value(found, "mean_staff", "n1", Q3).amount == Decimal("14.2")


def test_restated_replaces_actual_wherever_both_stand() -> None:
    facts = [*quarters("premium", "n1", 2026, ["10", "20"]), fact("premium", "n1", "2026Q1", "10.005", "restated")]
    found = panel(facts, [PREMIUM])
    assert kpi_value(found, "premium_income", "n1", Q1).amount == Decimal("10.005")
    assert kpi_value(found, "premium_income", "n1", Q2, Window.YTD).amount == Decimal("30.005")


def test_a_kpi_named_as_its_component_is_no_finished_ratio_where_an_org_unit_reports_nothing() -> None:
    found = panel(quarters("errors", "n1", 2026, ["3"]), [kpi("errors", version("errors"))])
    assert kpi_value(found, "errors", "south", Q1).reason is Reason.NO_DATA
    assert kpi_value(found, "errors", "head", Q1).amount == 3


def test_a_legal_entity_measure_does_not_roll_up() -> None:
    solvency = kpi("solvency", version("capital", "minimum", over_units="none", over_time="last"))
    own = [fact("capital", "head", "2026Q1", 3), fact("minimum", "head", "2026Q1", 2)]
    below = [fact("capital", "north", "2026Q1", 3), fact("minimum", "north", "2026Q1", 2)]
    assert kpi_value(panel(own, [solvency]), "solvency", "head", Q1).amount == Decimal("1.5")
    assert kpi_value(panel(below, [solvency]), "solvency", "head", Q1).reason is Reason.NOT_ADDITIVE


def test_a_reported_ratio_is_shown_but_never_rolled_up() -> None:
    facts = [fact("loss_ratio", "n1", f"2026Q{index}", "0.6") for index in (1, 2)]
    found = panel(facts, [LOSS_RATIO])
    assert kpi_value(found, "loss_ratio", "n1", Q1).amount == Decimal("0.6")
    assert kpi_value(found, "loss_ratio", "n1", Q1, Window.YTD).amount == Decimal("0.6")
    assert kpi_value(found, "loss_ratio", "n1", Q2, Window.YTD).reason is Reason.NOT_ADDITIVE
    assert kpi_value(found, "loss_ratio", "north", Q1).reason is Reason.NOT_ADDITIVE
    assert kpi_value(found, "loss_ratio", "head", Q2).reason is Reason.NOT_ADDITIVE


def test_components_win_over_a_reported_ratio() -> None:
    facts = [
        fact("loss_ratio", "n1", "2026Q1", "0.6"),
        fact("claims", "n1", "2026Q1", 1),
        fact("premium", "n1", "2026Q1", 2),
    ]
    assert kpi_value(panel(facts, [LOSS_RATIO]), "loss_ratio", "n1", Q1).amount == Decimal("0.5")


def test_a_reported_balance_stands_for_the_year_only_in_its_last_quarter() -> None:
    """The year asked for in its second quarter used to show the second quarter's balance."""
    licensed = kpi("licensed", version("holders", "agents", over_time="last"))
    facts = quarters("licensed", "n1", 2026, ["0.1", "0.2", "0.3", "0.4"])
    assert kpi_value(panel(facts, [licensed]), "licensed", "n1", Q2, Window.YEAR).amount == Decimal("0.4")
    assert kpi_value(panel(facts[:3], [licensed]), "licensed", "n1", Q2, Window.YEAR).amount is None


@pytest.mark.parametrize("first_month", range(1, 13))
def test_a_definition_counts_from_its_date_in_fiscal_years_that_start_in_any_month(first_month: int) -> None:
    old, new = version("premium"), version("premium + claims", effective_from="2026-07-01")
    calendar = FiscalCalendar(first_month=first_month)
    facts = [row for year in (2025, 2026) for row in quarters("premium", "n1", year, [1] * 4)]
    facts += [row for year in (2025, 2026) for row in quarters("claims", "n1", year, [1] * 4)]
    found = panel(facts, [kpi("changing", old, new)], calendar=calendar)
    for quarter, value, _ in kpi_series(found, "changing", "n1", Window.QUARTER):
        assert value.amount == (2 if calendar.end(quarter).isoformat() >= "2026-07-01" else 1)


def test_every_org_unit_comes_in_the_order_of_the_organisation() -> None:
    found = kpi_by_unit(panel([fact("premium", "n2", "2026Q1", 3)], [PREMIUM]), "premium_income", Q1, Window.QUARTER)
    assert {unit: value.amount for unit, (value, _) in found.items()} == {
        "head": 3,
        "north": 3,
        "south": None,
        "n1": None,
        "n2": 3,
    }
    assert list(found) == ["head", "north", "south", "n1", "n2"]
