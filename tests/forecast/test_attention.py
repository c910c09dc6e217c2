"""What needs somebody, and what comes first."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.attention import UNLIKELY, Concern, Lack, Need, attention
from forecast.records import KpiForecast
from kpi.scorecard.results import KpiResult, Reason, Scorecard, Status, Value
from tests.forecast.standing import NOW, absent, card, cards, gate, landing, number, row, small_template


def found(past: list[Scorecard], *landings: KpiForecast, company: bool = True) -> tuple[Concern, ...]:
    return attention(past, small_template(), {each.kpi: each for each in landings}, company)


def kinds(past: list[Scorecard], *landings: KpiForecast, company: bool = True) -> list[tuple[str, Need]]:
    return [(concern.kpi, concern.need) for concern in found(past, *landings, company=company)]


def lack(past: list[Scorecard], company: bool = True) -> Lack | None:
    return next((concern.lack for concern in found(past, company=company)), None)


def test_what_is_red_needs_somebody_whatever_its_chance() -> None:
    assert kinds([card(row(status=Status.RED))], landing(chance=0.9)) == [("premium", Need.RED)]


def test_what_is_green_needs_somebody_when_a_miss_is_likelier_than_a_hit() -> None:
    assert kinds([card(row())], landing(chance=UNLIKELY - 0.001)) == [("premium", Need.UNLIKELY)]
    assert kinds([card(row())], landing(chance=UNLIKELY)) == []


@pytest.mark.parametrize("status", [Status.AMBER, Status.NONE])
def test_what_is_neither_red_nor_green_is_seen_on_the_scorecard(status: Status) -> None:
    assert kinds([card(row(status=status))], landing(chance=0.0)) == []


def test_without_a_forecast_nothing_is_unlikely() -> None:
    assert kinds([card(row())]) == []
    assert kinds([card(row())], landing(chance=None)) == []


def test_a_gate_that_fails_comes_before_everything_and_is_not_named_again() -> None:
    """No score makes up for it, so that it stands before what costs most."""
    rows = (row("claims", Status.RED, score=number(0)), row("solvency", Status.RED))
    assert kinds([card(*rows, gates=(gate(holds=False),))]) == [("solvency", Need.RED), ("claims", Need.RED)]


@pytest.mark.parametrize("holds", [True, None])
def test_a_gate_that_holds_or_cannot_be_judged_needs_nobody(holds: bool | None) -> None:
    assert kinds([card(gates=(gate(holds),))]) == []


def test_red_kpis_are_ordered_by_the_points_they_cost_the_total() -> None:
    """Weight times how far the score is below that of a KPI on target: 0.1 x 60, 0.5 x 10, 0.2 x 20."""
    rows = [
        row("far", Status.RED, effective_weight=Decimal("0.1"), score=number(40)),
        row("heavy", Status.RED, effective_weight=Decimal("0.5"), score=number(90)),
        row("middling", Status.RED, effective_weight=Decimal("0.2"), score=number(80)),
    ]
    ordered = [(each.kpi, float(each.loss)) for each in found([card(*rows)])]
    assert ordered == [("far", 6), ("heavy", 5), ("middling", 4)]


def test_a_red_kpi_that_scores_more_than_on_target_costs_nothing() -> None:
    assert found([card(row(status=Status.RED, score=number(110)))])[0].loss == 0


def test_unlikely_kpis_are_ordered_by_weight_times_the_chance_of_missing() -> None:
    rows = [row("light", weight=Decimal("0.1")), row("heavy", weight=Decimal("0.4"))]
    said = landing("light", chance=0.0), landing("heavy", chance=0.4)
    assert [(each.kpi, float(each.loss)) for each in found([card(*rows)], *said)] == [("heavy", 0.24), ("light", 0.1)]


def test_kinds_follow_each_other_by_how_pressing_they_are() -> None:
    rows = [absent("silent", weight=Decimal("0.9")), row("slipping"), row("late", Status.RED, score=number(99))]
    named = kinds([card(*rows)], landing("slipping", chance=0.0))
    assert named == [("late", Need.RED), ("slipping", Need.UNLIKELY), ("silent", Need.DATA)]


def test_equals_keep_the_order_of_the_scorecard() -> None:
    assert [kpi for kpi, _ in kinds([card(row("b", Status.RED), row("a", Status.RED))])] == ["b", "a"]


def test_a_value_that_was_there_a_year_ago_is_late() -> None:
    concern = found(cards(absent(), before={4: row(), 1: row()}))[0]
    assert (concern.lack, concern.newest) == (Lack.LATE, NOW.shift(-1))


def test_a_value_that_came_up_only_since_is_late_too() -> None:
    assert lack(cards(absent(), before={2: row()})) is Lack.LATE


def test_a_survey_of_another_quarter_is_not_missed_in_between() -> None:
    """Once a year, last in the quarter before: the same quarter last year had none, and a value older than that."""
    assert found(cards(absent(), before={1: row(), 5: row()})) == ()


def test_what_the_company_never_reported_is_named_and_of_a_branch_it_is_not() -> None:
    assert lack(cards(absent())) is Lack.NEVER
    assert lack(cards(absent()), company=False) is None


@pytest.mark.parametrize("reason", [Reason.NOT_ADDITIVE, Reason.ZERO_DENOMINATOR, Reason.BREAK])
def test_what_has_no_number_for_another_reason_is_not_missing(reason: Reason) -> None:
    assert found(cards(absent(reason=reason), before={4: row()})) == ()


def test_missing_plans_and_partial_data_are_named() -> None:
    without = Value(reason=Reason.NO_PLAN)
    planless = row(status=Status.NONE, target=without, attainment=without, score=without)
    assert lack([card(planless)]) is Lack.NO_PLAN
    assert lack([card(row(value=number(90, 6, 8)))]) is Lack.PARTIAL


def test_data_is_ordered_by_weight_times_the_part_that_is_missing() -> None:
    rows = [row("nearly", value=number(1, 9, 10), weight=Decimal("0.5")), absent("silent", weight=Decimal("0.1"))]
    assert [kpi for kpi, _ in kinds([card(*rows)])] == ["silent", "nearly"]


statuses = st.sampled_from(list(Status))
chances = st.none() | st.floats(0, 1)
standing = st.builds(
    lambda status, present, score, weight, known: (
        row(status=status, value=number(1, present, 4), score=number(score), weight=weight)
        if known
        else absent(weight=weight)
    ),
    statuses,
    st.integers(1, 4),
    st.integers(0, 150),
    st.decimals("0.01", "1", places=2),
    st.booleans(),
)


@given(st.lists(st.tuples(standing, chances, st.booleans()), max_size=8), st.booleans())
def test_no_kpi_is_named_twice_and_the_order_is_by_kind_and_loss(
    drawn: list[tuple[KpiResult, float | None, bool]], company: bool
) -> None:
    named = [(f"kpi{at}", *each) for at, each in enumerate(drawn)]
    rows = [replace(result, kpi=kpi) for kpi, result, *_ in named]
    gates = tuple(gate(holds=False, kpi=kpi) for kpi, _, _, fails in named if fails)
    landings = [landing(kpi, chance=chance) for kpi, _, chance, _ in named]

    concerns = found([card(*rows, gates=gates)], *landings, company=company)

    assert max(Counter(concern.kpi for concern in concerns).values(), default=1) == 1
    assert [concern.kpi for concern in concerns[: len(gates)]] == [gate.kpi for gate in gates]
    rest = [(list(Need).index(concern.need), -concern.loss) for concern in concerns[len(gates) :]]
    assert rest == sorted(rest)
