from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.catalogue.models import Direction
from kpi.periods import Period
from kpi.scorecard.compute import score
from kpi.scorecard.moves import Move, moves, ranked, window_between
from kpi.scorecard.panel import Panel
from kpi.scorecard.phasing import Row
from kpi.scorecard.results import Reason, Value, Window
from tests.kpi.scorecard.builders import kpi, panel, quarters, template, version

Q1, Q2, Q3 = (Period.quarter(2026, index) for index in (1, 2, 3))
LAST_YEAR = Period.quarter(2025, 2)


def sales(actual: Sequence[str], plan: Sequence[str], unit: str = "south", year: int = 2026) -> list[Row]:
    return [*quarters("sales", unit, year, actual), *quarters("sales", unit, year, plan, "plan")]


def one(facts: Sequence[Row], before: Period = Q1, now: Period = Q2, window: Window = Window.YTD, **how: Any) -> Move:
    """The move of the one KPI in the south."""
    return next(moves(built(facts, **how), ["result"], ["south"], before, now, window))


def built(facts: Sequence[Row], **how: Any) -> Panel:
    return panel(facts, [kpi("result", version("sales", **how))], template([{"kpi": "result"}]))


@pytest.mark.parametrize(
    ("window", "before", "now", "taken"),
    [
        (Window.YTD, Q1, Q2, Window.QUARTER),
        (Window.YTD, LAST_YEAR, Q2, Window.YTD),
        (Window.QUARTER, Q1, Q2, Window.QUARTER),
        (Window.ROLLING4, Q1, Q2, Window.ROLLING4),
    ],
)
def test_only_years_to_date_of_one_length_are_held_beside_each_other(
    window: Window, before: Period, now: Period, taken: Window
) -> None:
    assert window_between(window, before, now) is taken


def test_a_move_says_what_the_scorecard_says_of_the_last_quarter_and_the_last_year() -> None:
    facts = [*sales(["70", "80", "95"], ["90", "90", "90"], year=2025), *sales(["80", "90"], ["100", "100"])]
    given, card = built(facts), template([{"kpi": "result"}])
    row = score(given, card, "south", Q2, Window.YTD).kpis[0]

    assert one(facts).change == row.on_last_quarter == Value(Decimal("0.125"))
    since_last_year = one(facts, LAST_YEAR)
    assert since_last_year.change == row.on_last_year
    assert since_last_year.now == row.value
    assert since_last_year.reached.amount == row.attainment.amount == Decimal("0.85")


@pytest.mark.parametrize(("direction", "better"), [("higher_better", 1), ("lower_better", -1)])
def test_a_rise_is_better_or_worse_by_the_direction(direction: str, better: int) -> None:
    move = one(sales(["80", "90"], ["100", "100"]), direction=direction)

    assert (move.better, move.size) == (better, Decimal("0.125"))
    assert move.improvement.amount == better * Decimal("0.1")


def test_where_best_is_on_target_a_change_inside_the_band_is_neither_better_nor_worse() -> None:
    how: dict[str, Any] = {"direction": "on_target", "bands": {"full": ["0.9", "1.1"], "warning": ["0.8", "1.2"]}}

    inside = one(sales(["95", "105"], ["100", "100"]), **how)
    assert (inside.change.amount is not None, inside.better) == (True, 0)
    out = one(sales(["105", "150"], ["100", "100"]), **how)
    assert out.better == -1


def test_without_a_plan_a_change_is_told_and_an_improvement_is_not() -> None:
    move = one(quarters("sales", "south", 2026, ["80", "90"]))

    assert move.better == 1
    assert move.improvement == Value(reason=Reason.NO_PLAN)


def test_from_zero_a_share_grows_without_a_size() -> None:
    rates = [kpi("result", version("sales", "base"))]
    facts = [*quarters("sales", "south", 2026, ["0", "5"]), *quarters("base", "south", 2026, ["10", "10"])]
    move = next(moves(panel(facts, rates), ["result"], ["south"], Q1, Q2, Window.QUARTER))

    assert (move.change.amount, move.better, move.size) == (Decimal("0.5"), 1, None)


def test_across_a_new_definition_neither_a_change_nor_an_improvement_is_told() -> None:
    redefined = kpi("result", version("sales"), version("sales", effective_from="2026-04-01", breaks_history=True))
    given = panel(sales(["80", "90"], ["100", "100"]), [redefined])

    for before, now in ((Q1, Q2), (Q2, Q1)):
        move = next(moves(given, ["result"], ["south"], before, now, Window.QUARTER))
        assert move.change.reason is move.improvement.reason is Reason.BREAK
        assert (move.better, move.size) == (None, None)
        assert ranked([move]).left_out == {Reason.BREAK: 1}


def move_of(then: Decimal | None, now: Decimal | None) -> Move:
    told = [Value(share) if share is not None else Value(reason=Reason.NO_PLAN) for share in (then, now)]
    nothing = Value(Decimal(1))
    return Move("result", "south", Direction.HIGHER_BETTER, nothing, nothing, Value(Decimal(0)), *told)


shares = st.none() | st.decimals(-3, 3, places=3)


@given(st.lists(st.builds(move_of, shares, shares)))
def test_every_move_is_ranked_once_or_counted_with_its_reason(given_moves: list[Move]) -> None:
    ranking = ranked(given_moves)

    def improved(move: Move) -> Decimal:
        assert move.improvement.amount is not None
        return move.improvement.amount

    assert ranking.total == len(given_moves)
    assert sum(ranking.left_out.values()) == sum(move.improvement.amount is None for move in given_moves)
    best, worst = [improved(move) for move in ranking.best], [improved(move) for move in ranking.worst]
    assert best == sorted(best, reverse=True)
    assert worst == sorted(worst)
    assert all(amount > 0 for amount in best)
    assert all(amount < 0 for amount in worst)


def test_an_unknown_org_unit_is_an_error() -> None:
    with pytest.raises(KeyError):
        next(moves(built(sales(["1"], ["1"])), ["result"], ["atlantis"], Q1, Q2, Window.QUARTER))
