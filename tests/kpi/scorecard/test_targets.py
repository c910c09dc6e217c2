"""Plans, and the rule that actual and plan are added over the same cells."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.periods import Period
from kpi.scorecard.phasing import Row, phase
from kpi.scorecard.results import Reason, Value, Window
from kpi.scorecard.values import KpiView, kpi_series, kpi_target, kpi_value
from tests.kpi.scorecard.builders import catalogue, component, fact, kpi, panel, quarters, template, version

PREMIUM = kpi("premium_income", version("premium"))
ATTAINED = kpi("attained", version("premium", "plan:premium"))
LOSS_RATIO = kpi("loss_ratio", version("claims", "premium", direction="lower_better"))
LICENSED = kpi("licensed", version("holders", "agents", over_time="last"))
Q1, Q2, Q3, Q4 = (Period.quarter(2026, index) for index in (1, 2, 3, 4))


def both(unit: str, period: str, actual: int, plan: int) -> list[Row]:
    return [fact("premium", unit, period, actual), fact("premium", unit, period, plan, "plan")]


def compared(facts: list[Row], unit: str, quarter: Period, window: Window = Window.QUARTER) -> tuple[Value, Value]:
    found = panel(facts, [PREMIUM])
    return KpiView(found, PREMIUM).comparison(unit, quarter, window)


def test_plans_roll_up_like_actuals() -> None:
    found = panel(both("n1", "2026Q1", 90, 100) + both("south", "2026Q1", 120, 100), [PREMIUM])
    assert kpi_target(found, "premium_income", "head", Q1).amount == 200


def test_a_plan_of_the_head_office_covers_complete_branches() -> None:
    facts = [fact("premium", unit, "2026Q1", 90) for unit in ("n1", "south")]
    value, target = compared([*facts, fact("premium", "head", "2026Q1", 200, "plan")], "head", Q1)
    assert (value.amount, target.amount) == (Decimal(180), Decimal(200))


def test_a_plan_of_the_head_office_says_nothing_about_incomplete_branches() -> None:
    facts = [fact("premium", unit, period, 90) for unit in ("n1", "south") for period in ("2026Q1", "2026Q2")][:-1]
    facts += [fact("premium", "head", period, 200, "plan") for period in ("2026Q1", "2026Q2")]
    found = panel(facts, [PREMIUM])
    assert kpi_value(found, "premium_income", "head", Q2).amount == 90
    assert kpi_target(found, "premium_income", "head", Q2).reason is Reason.NO_PLAN


def test_the_plan_of_a_branch_without_an_actual_is_left_out() -> None:
    facts = both("n1", "2026Q1", 90, 100) + both("south", "2026Q1", 90, 100) + both("n1", "2026Q2", 80, 100)
    facts += [fact("premium", "south", "2026Q2", 100, "plan")]
    value, target = compared(facts, "head", Q2)
    assert (value.amount, target.amount) == (Decimal(80), Decimal(100))
    assert (target.present, target.expected) == (1, 2)
    value, target = compared(facts, "head", Q2, Window.YTD)
    assert (value.amount, target.amount) == (Decimal(260), Decimal(300))


def test_a_branch_that_never_reported_is_missed_because_it_has_a_plan() -> None:
    facts = [*both("n1", "2026Q1", 90, 100), fact("premium", "south", "2026Q1", 100, "plan")]
    value = kpi_value(panel(facts, [PREMIUM]), "premium_income", "head", Q1)
    assert (value.amount, value.present, value.expected) == (Decimal(90), 1, 2)
    assert compared(facts, "head", Q1)[1].amount == 100


def test_the_actual_of_a_branch_without_a_plan_is_not_held_against_the_others_plan() -> None:
    """Two branches over the plan of one used to look like 150 %."""
    facts = [*both("n1", "2026Q1", 100, 100), fact("premium", "south", "2026Q1", 50)]
    value, target = compared(facts, "head", Q1)
    assert (value.amount, target.amount) == (Decimal(100), Decimal(100))
    assert (value.present, value.expected) == (1, 2)
    assert kpi_value(panel(facts, [PREMIUM]), "premium_income", "head", Q1).amount == 150


def test_actual_over_plan_leaves_out_a_branch_without_a_plan_too() -> None:
    facts = [*both("n1", "2026Q1", 100, 100), fact("premium", "south", "2026Q1", 50)]
    value = kpi_value(panel(facts, [ATTAINED]), "attained", "head", Q1)
    assert (value.amount, value.present, value.expected) == (Decimal(1), 1, 2)


def test_actual_over_plan_has_target_one_and_says_what_is_missing() -> None:
    facts = [*both("n1", "2026Q1", 90, 100), *both("n2", "2026Q1", 5, 0), fact("premium", "south", "2026Q1", 1)]
    found = panel(facts, [ATTAINED])
    assert kpi_target(found, "attained", "n1", Q1).amount == 1
    assert kpi_value(found, "attained", "n1", Q1).amount == Decimal("0.9")
    assert kpi_value(found, "attained", "n2", Q1).reason is Reason.ZERO_PLAN
    assert kpi_value(found, "attained", "south", Q1).reason is Reason.NO_PLAN
    assert kpi_value(panel(facts[1:2], [ATTAINED]), "attained", "n1", Q1).reason is Reason.NO_DATA
    assert kpi_value(panel(facts[:1], [ATTAINED]), "attained", "n1", Q1).reason is Reason.NO_PLAN


def test_actual_over_plan_for_the_year_to_date_adds_quarters_that_have_both() -> None:
    facts = [*both("n1", "2026Q1", 90, 100), fact("premium", "n1", "2026Q2", 70), *both("n1", "2026Q3", 110, 100)]
    value = kpi_value(panel(facts, [ATTAINED]), "attained", "head", Q3, Window.YTD)
    assert (value.amount, value.present, value.expected) == (Decimal(1), 2, 3)


def test_the_plan_before_an_org_units_first_report_does_not_count_against_it() -> None:
    facts = [
        fact("premium", "n1", "2026Q1", 100, "plan"),
        *both("n1", "2026Q2", 90, 100),
        fact("premium", "south", "2026Q1", 1),
    ]
    value, target = compared(facts, "n1", Q2, Window.YTD)
    assert (value.amount, target.amount) == (Decimal(90), Decimal(100))


def test_beyond_the_actuals_and_for_the_year_the_whole_plan_counts() -> None:
    facts = quarters("premium", "n1", 2026, [90, 80]) + quarters("premium", "n1", 2026, [100] * 4, "plan")
    series = kpi_series(panel(facts, [PREMIUM]), "premium_income", "head", Window.YTD)
    assert [target.amount for _, _, target in series] == [100, 200, 300, 400]
    assert kpi_target(panel(facts, [PREMIUM]), "premium_income", "head", Q1, Window.YEAR).amount == 400


def test_a_ratios_plan_is_planned_sum_over_planned_sum() -> None:
    facts = [fact("claims", "n1", "2026Q1", 60, "plan"), fact("premium", "n1", "2026Q1", 100, "plan")]
    facts += [fact("claims", "south", "2026Q1", 10, "plan"), fact("premium", "south", "2026Q1", 100, "plan")]
    assert kpi_target(panel(facts, [LOSS_RATIO]), "loss_ratio", "head", Q1).amount == Decimal("0.35")


def test_a_target_given_for_a_ratio_holds_for_the_org_units_below_and_wins_over_its_formula() -> None:
    facts = [fact("loss_ratio", "head", "2026", "0.62", "plan"), fact("loss_ratio", "n1", "2026Q2", "0.5", "plan")]
    facts += [fact("claims", "n2", "2026Q1", 60, "plan"), fact("premium", "n2", "2026Q1", 100, "plan")]
    found = panel(facts, [LOSS_RATIO])
    assert kpi_target(found, "loss_ratio", "n2", Q1).amount == Decimal("0.62")
    assert kpi_target(found, "loss_ratio", "n1", Q2).amount == Decimal("0.5")
    assert kpi_target(found, "loss_ratio", "n1", Q3, Window.YTD).amount == Decimal("0.62")


def test_standing_targets_of_the_scorecard_win_over_those_of_the_catalogue() -> None:
    loss = kpi("loss_ratio", version("claims", "premium", direction="lower_better", target="0.7"))
    facts = [fact("claims", "n1", "2026Q1", 1)]
    card = template([{"kpi": "loss_ratio", "target": "0.6"}])
    assert kpi_target(panel(facts, [loss], card), "loss_ratio", "n1", Q1).amount == Decimal("0.6")
    assert kpi_target(panel(facts, [loss]), "loss_ratio", "n1", Q1).amount == Decimal("0.7")


def test_an_annual_plan_is_phased_by_the_scorecard_and_evenly_without_one() -> None:
    facts = [fact("premium", "n1", "2026", "1000", "plan"), fact("premium", "n1", "2025Q1", 1)]
    card = template([{"kpi": "premium_income", "phasing": ["0.4", "0.3", "0.2", "0.1"]}])
    for chosen, expected in ((card, [400, 700, 900, 1000]), (None, [250, 500, 750, 1000])):
        found = panel(facts, [PREMIUM], chosen)
        ytd = [kpi_target(found, "premium_income", "head", quarter, Window.YTD).amount for quarter in (Q1, Q2, Q3, Q4)]
        assert ytd == expected


def test_quarter_plans_win_over_the_annual_plan_of_their_year() -> None:
    facts = [fact("premium", "n1", "2026", 1000, "plan"), *quarters("premium", "n1", 2026, [1, 2, 3, 4], "plan")]
    assert kpi_target(panel(facts, [PREMIUM]), "premium_income", "n1", Q4, Window.YTD).amount == 10


def test_an_annual_plan_of_a_balance_is_for_the_years_end_and_of_an_average_for_every_quarter() -> None:
    staff = kpi("staff", version("headcount", measure="stock", over_time="last"))
    mean = kpi("mean", version("mean_staff", measure="average", over_time="average"))
    known = catalogue([staff, mean], [component("headcount", "stock"), component("mean_staff", "average")])
    found = panel([fact(code, "n1", "2026", 80, "plan") for code in ("headcount", "mean_staff")], known)
    assert [kpi_target(found, "staff", "n1", quarter).amount for quarter in (Q3, Q4)] == [None, 80]
    assert kpi_target(found, "mean", "n1", Q4, Window.YEAR).amount == 80


@pytest.mark.parametrize(
    ("over_time", "measure", "expected"), [("sum", "flow", 80), ("last", "stock", 80), ("average", "average", 80)]
)
def test_an_annual_target_given_for_the_kpi_itself_holds_for_the_year(
    over_time: str, measure: str, expected: int
) -> None:
    """Targets of balances used to be cut into quarters, and those of averages to be added up."""
    whole = kpi("whole", version("part", over_time=over_time, measure=measure))
    found = panel([fact("whole", "n1", "2026", 80, "plan")], [whole])
    assert kpi_target(found, "whole", "n1", Q4, Window.YEAR).amount == expected
    assert kpi_target(found, "whole", "n1", Q4, Window.YTD).amount == expected


def test_a_plan_for_the_kpi_itself_adds_up_over_org_units_against_the_same_cells() -> None:
    facts = [fact("premium_income", unit, "2026Q1", 100, "plan") for unit in ("n1", "south")]
    facts += [fact("premium", "n1", "2026Q1", 90)]
    assert compared(facts, "head", Q1)[1].amount == 100
    assert kpi_target(panel(facts, [PREMIUM]), "premium_income", "head", Q1, Window.YEAR).amount is None


def test_a_missing_plan_gives_a_reason() -> None:
    found = panel([fact("premium", "n1", "2026Q1", 1)], [PREMIUM])
    assert kpi_target(found, "premium_income", "n1", Q1).reason is Reason.NO_PLAN
    assert kpi_target(found, "premium_income", "n1", Q4).reason is Reason.NO_PLAN


@settings(max_examples=60)
@given(st.decimals(-(10**15), 10**15, places=2), st.lists(st.integers(0, 1000), min_size=3, max_size=3))
def test_the_phases_add_up_to_the_plan_to_the_cent(plan: Decimal, thousandths: list[int]) -> None:
    first, second, third = (Decimal(part) / 3000 for part in thousandths)
    parts = phase(plan, (first, second, third, 1 - first - second - third))
    assert sum(parts) == plan
    assert all(part == part.quantize(Decimal("0.01")) for part in parts)


triples = st.tuples(st.integers(0, 10**9), st.integers(1, 10**9), st.booleans(), st.booleans())


@settings(max_examples=40)
@given(st.lists(triples, min_size=3, max_size=3), st.integers(2, 10**6))
def test_scaling_actual_and_plan_alike_changes_no_attainment(
    branches: list[tuple[int, int, bool, bool]], scale: int
) -> None:
    def attained(times: int) -> list[Decimal | None]:
        facts: list[Row] = []
        for unit, (actual, plan, has_actual, has_plan) in zip(("n1", "n2", "south"), branches, strict=True):
            facts += [fact("premium", unit, "2026Q1", actual * times)] if has_actual else []
            facts += [fact("premium", unit, "2026Q1", plan * times, "plan")] if has_plan else []
        found = panel(facts, [ATTAINED])
        return [kpi_value(found, "attained", unit, Q1).amount for unit in ("head", "north", "n1")]

    assert attained(scale) == attained(1)
    both_sides = [(actual, plan) for actual, plan, *has in branches if all(has)]
    expected = [Decimal(sum(side)) for side in zip(*both_sides, strict=True)]
    head = attained(1)[0]
    assert (
        head is None if not expected else head is not None and abs(head * expected[1] - expected[0]) < Decimal("1e-12")
    )


@pytest.mark.parametrize(("window", "target"), [(Window.QUARTER, "0.02"), (Window.YTD, "0.06"), (Window.YEAR, "0.08")])
def test_a_standing_target_of_a_rate_that_grows_over_the_year_counts_pro_rata(window: Window, target: str) -> None:
    turnover = kpi("turnover", version("leavers", "staff", over_time="sum_over_average", direction="lower_better"))
    card = template([{"kpi": "turnover", "target": "0.08"}])
    found = panel([fact("leavers", "n1", "2026Q3", 1), fact("staff", "n1", "2026Q3", 50)], [turnover], card)
    assert kpi_target(found, "turnover", "n1", Q3, window).amount == Decimal(target)
